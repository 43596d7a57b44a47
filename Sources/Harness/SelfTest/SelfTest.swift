import Foundation
import Roles

/// Whether the harness measures what it says, on this machine and now: what it adds to an update, a
/// delay that is known, a stall that must not be lost, and updates that the stall makes late. The
/// runs go through the same driver, host, client and records as any other.
struct SelfTest {
    /// What an update of the known delay takes, in nanoseconds, and the stalled one.
    static let delay: UInt64 = 500_000
    static let stall: UInt64 = 20_000_000
    /// By how much a measurement may be wrong.
    static let tolerance = 0.02
    /// Updates a second in the open loop.
    private static let rate = 1000
    /// The ticket of the stalled update.
    static let stalled: UInt64 = 20

    /// The mechanism with the known delay, which a test replaces.
    var mechanism: (_ bare: UnprotectedMechanism) -> any Mechanism = {
        KnownDelayMechanism(bare: $0, delay: delay, stalled: stalled, stall: stall)
    }
    /// What the stalled update is said to take.
    var expectedStall = stall
    let interrupt: Interrupt

    /// - Parameter exchange: the median of the quickest raw exchange that stands beside the updates of
    ///   the experiment, in nanoseconds; nil where there is none.
    /// - Throws: `RunError.interrupted`, or whatever keeps a run from being made.
    func rows(exchange: Int?) throws -> [SelfTestRow] {
        let bare = try run(operations: 2000, mechanism: { $0 })
        let closed = try run(operations: 100, mechanism: mechanism)
        let open = try run(
            operations: 60, OpenLoop(rate: Self.rate), mechanism: mechanism)
        let waits = open.compactMap(\.waitNs)
        let stalled = Int(Self.stalled)
        return [
            SelfTestRow(
                SelfTestRow.overhead, expected: exchange, measured: median(bare.map(\.backupNs)),
                verdict: Self.judgesOverhead ? .part : nil),
            SelfTestRow(
                "delay", expected: Int(Self.delay), measured: median(closed.map(\.backupNs)),
                verdict: .within),
            SelfTestRow(
                "stall", expected: Int(expectedStall), measured: closed.map(\.backupNs).max() ?? 0,
                verdict: .atLeast),
            SelfTestRow(
                "late", expected: Int(expectedStall) - 1_000_000_000 / Self.rate,
                measured: waits.dropFirst(stalled + 1).first ?? 0, verdict: .atLeast),
            SelfTestRow(
                "wake", expected: nil, measured: median(Array(waits.prefix(stalled))),
                verdict: nil),
        ]
    }

    /// In a debug build the harness is slow, and nobody should measure with it anyway.
    private static var judgesOverhead: Bool {
        #if DEBUG
            false
        #else
            true
        #endif
    }

    private func median(_ values: [Int]) -> Int {
        Statistics.median(of: values).map { Int($0.rounded()) } ?? 0
    }

    /// Runs updates of one list on a thread of this process, all in one batch, so that the stall lies
    /// within a schedule.
    private func run(
        operations: Int, _ loop: OpenLoop? = nil,
        mechanism: (UnprotectedMechanism) -> any Mechanism
    ) throws -> [UpdateRow] {
        var workload = Workload(operations: operations)
        workload.openLoop = loop
        let plan = RunPlan(
            experiment: "self-test", mechanism: "none", groups: 1, faults: 1, workload: workload,
            crash: CrashPlan(every: operations, nodes: .named([])), transport: .inproc,
            launch: .threads)
        let mechanism = mechanism(UnprotectedMechanism(groups: 1, shape: plan.shape))
        let site = try MachineSite(
            plan: plan, mechanism: mechanism, executable: URL(fileURLWithPath: "/proc/self/exe"),
            interrupt: interrupt)
        let recorder = UpdatesInMemory()
        try RunDriver(
            plan: plan, number: 0, mechanism: mechanism,
            session: Session(mechanism: mechanism, at: site), recorder: recorder
        ).run()
        return recorder.updates
    }
}

/// Keeps the updates of a run that is nobody's result.
private final class UpdatesInMemory: RunRecorder {
    private(set) var updates: [UpdateRow] = []

    func record(_ rows: [UpdateRow]) { updates += rows }
    func record(_ rows: [SpaceRow]) {}
    func record(_ row: RecoveryRow) {}
    func record(_ rows: [ResourceRow]) {}
}
