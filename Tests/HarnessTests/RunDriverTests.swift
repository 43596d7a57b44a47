import Foundation
import Roles
import Simulation
import Structures
import Testing

@testable import Harness

/// Whole runs with nodes on threads of this process, and with bugs planted in their roles.
struct RunDriverTests {
    /// Keeps a run's rows.
    final class Rows: RunRecorder {
        var updates: [UpdateRow] = []
        var space: [SpaceRow] = []
        var recoveries: [RecoveryRow] = []
        var resources: [ResourceRow] = []

        func record(_ rows: [UpdateRow]) { updates += rows }
        func record(_ rows: [SpaceRow]) { space += rows }
        func record(_ row: RecoveryRow) { recoveries.append(row) }
        func record(_ rows: [ResourceRow]) { resources += rows }
    }

    static func plan(
        _ mechanism: String, groups: Int = 2, faults: Int = 1, transport: TransportKind = .inproc,
        order: GroupOrder = .sequential, window: Int = 4, crash: CrashPlan? = CrashPlan(every: 40)
    ) -> RunPlan {
        RunPlan(
            experiment: "test", mechanism: mechanism, groups: groups, faults: faults,
            workload: Workload(
                operations: 120, warmup: 6,
                mix: [
                    OperationWeight(kind: .append, weight: 4),
                    OperationWeight(kind: .insert, weight: 2),
                    OperationWeight(kind: .set, weight: 1),
                    OperationWeight(kind: .remove, weight: 2),
                ], window: window, order: order),
            crash: crash, transport: transport, launch: .threads, seed: 11)
    }

    /// A plan in which every update leaves its mark: nothing is removed or replaced.
    static func appendingPlan(_ mechanism: String) -> RunPlan {
        var plan = plan(mechanism, crash: nil)
        plan.workload.mix = [OperationWeight(kind: .append, weight: 1)]
        return plan
    }

    static func mechanism(of plan: RunPlan) throws -> any Mechanism {
        try #require(Registry.entry(named: plan.mechanism)).make(plan)
    }

    /// Runs a plan in virtual time.
    static func simulate(
        _ plan: RunPlan, network model: NetworkModel = .rack, _ mechanism: (any Mechanism)? = nil
    ) throws -> (rows: Rows, driver: RunDriver) {
        var plan = plan
        plan.launch = .simulated
        plan.network = model
        let rows = Rows()
        let mechanism = try mechanism ?? Self.mechanism(of: plan)
        let driver = RunDriver(
            plan: plan, number: 3, mechanism: mechanism,
            session: Session(
                mechanism: mechanism,
                at: SimulatedSite(
                    plan: plan, mechanism: mechanism, model: model,
                    interrupt: Interrupt(signals: []))),
            recorder: rows)
        try driver.run()
        rows.record(driver.resources)
        return (rows, driver)
    }

    /// Runs a plan, with its own mechanism or another one in its place.
    static func run(
        _ plan: RunPlan, _ mechanism: (any Mechanism)? = nil,
        interrupt: Interrupt = Interrupt(signals: []), patience: Double = 30,
        progress: @escaping (Double) -> Void = { _ in }
    ) throws -> Rows {
        let rows = Rows()
        let mechanism = try mechanism ?? Self.mechanism(of: plan)
        let driver = RunDriver(
            plan: plan, number: 3, mechanism: mechanism,
            session: Session(
                mechanism: mechanism,
                at: try MachineSite(
                    plan: plan, mechanism: mechanism,
                    executable: URL(fileURLWithPath: "/proc/self/exe"), interrupt: interrupt),
                patience: patience),
            recorder: rows, progress: progress)
        try driver.run()
        rows.record(driver.resources)
        return rows
    }

    /// Runs plans of twenty seeds, in which every node of two primaries and two backups crashes.
    static func surviveCrashes(
        at moment: CrashMoment, window: Int, _ plan: (_ seed: UInt64) -> RunPlan
    ) throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            var plan = plan(seed)
            plan.seed = seed
            plan.faults = 2
            plan.workload.window = window
            plan.crash = CrashPlan(every: 40, nodes: .each, moment: moment)
            let rows = try run(plan)
            #expect(rows.recoveries.count >= 12)
            #expect(rows.recoveries.allSatisfy { $0.verified })
        }
    }

    @Test(
        "Every node crashes and is proved back, on every transport",
        arguments: ["fusion", "replication"], TransportKind.allCases)
    func crashes(mechanism: String, transport: TransportKind) throws {
        let plan = Self.plan(mechanism, faults: 2, transport: transport)
        let rows = try Self.run(plan)
        // 2 primaries and 2 backups, or 2 groups of 3 replicas, in each of 3 rounds.
        #expect(rows.recoveries.count == (mechanism == "fusion" ? 12 : 18))
        for row in rows.recoveries {
            #expect(row.verified)
            #expect(row.run == 3)
            #expect(
                row.recoveryNs
                    == row.quiesceNs + row.collectNs + row.decodeNs + row.installNs + row.resumeNs)
            #expect(row.restartNs > row.recoveryNs)
            #expect(row.incarnation == 1 + row.operations / 40)
            #expect(row.messages > 0 && row.bytes > 0)
        }
        #expect(rows.updates.count == 240)
        for group in 1...2 {
            #expect(rows.updates.filter { $0.group == group }.map(\.operation) == Array(1...120))
        }
        #expect(rows.updates.allSatisfy { $0.backupNs > 0 })
        if mechanism == "fusion" {
            // Two backups and their answers, or nothing where an earlier update has it all.
            #expect(rows.updates.allSatisfy { $0.messages == 4 || $0.messages == 0 })
            #expect(rows.updates.first?.messages == 4)
        } else {
            #expect(rows.updates.allSatisfy { $0.messages == 12 })
        }
        #expect(Set(rows.space.map(\.operations)) == [0, 40, 80, 120])
        for row in rows.space {
            #expect(
                row.totalBytes
                    == row.payloadBytes + row.auxiliaryBytes + row.slackBytes + row.protocolBytes)
        }
    }

    @Test("All mechanisms perform the same operations, the control without a message")
    func sameTrace() throws {
        let kinds = try ["fusion", "replication", "none"].map { mechanism in
            try Self.run(
                Self.plan(mechanism, order: .concurrent, crash: nil)
            ).updates.filter { $0.group == 2 }.map(\.kind)
        }
        #expect(kinds[0].count == 120)
        #expect(kinds[0] == kinds[1] && kinds[1] == kinds[2])
        let control = try Self.run(Self.plan("none", crash: nil))
        #expect(control.updates.allSatisfy { $0.messages == 0 && $0.bytes == 0 })
    }

    @Test("Only the named nodes crash")
    func namedNodes() throws {
        let plan = Self.plan(
            "fusion", crash: CrashPlan(every: 60, nodes: .named([["backup-1"], ["primary-2"]])))
        #expect(
            try Self.run(plan).recoveries.map(\.node) == [
                "backup-1", "primary-2", "backup-1", "primary-2",
            ])
    }

    @Test("A wrong bit in a delta is found in the codes")
    func wrongDelta() throws {
        let plan = Self.appendingPlan("fusion")
        let error = #expect(throws: RunError.self) {
            try Self.run(plan, try Sabotage.wrongDelta(plan))
        }
        guard case .invalid(let text) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(text.contains("backup-1: code"))
        #expect(text.contains("a fresh encoding has"))
    }

    @Test("A wrong coefficient in the decoder is found in the recovered primary")
    func wrongDecoder() throws {
        let plan = Self.plan("fusion")
        let error = #expect(throws: RunError.self) {
            try Self.run(plan, try Sabotage.wrongDecoder(plan))
        }
        guard case .invalid(let text) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(text.contains("after 40 updates of each group and the recovery of primary-1"))
        #expect(text.contains("primary-1: element"))
    }

    @Test("Two updates that change places at one replica are found")
    func wrongOrder() throws {
        let plan = Self.appendingPlan("replication")
        let error = #expect(throws: RunError.self) {
            try Self.run(plan, Sabotage.wrongOrder(plan))
        }
        guard case .invalid(let text) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(text.contains("replica-1-2"))
    }

    @Test("An interruption ends the run, whatever it waits for")
    func interruption() throws {
        let interrupt = Interrupt(signals: [])
        let plan = Self.plan("fusion")
        #expect(throws: RunError.interrupted) {
            try Self.run(plan, interrupt: interrupt, progress: { _ in interrupt.raise() })
        }
    }

    @Test("A node that cannot start ends the run with the node's own words")
    func refusedStart() throws {
        var plan = Self.plan("fusion", transport: .tcp)
        plan.launch = .processes
        let mechanism = try Self.mechanism(of: plan)
        // /bin/false stands for a program whose library is missing.
        func session(_ program: String) throws -> Session {
            Session(
                mechanism: mechanism,
                at: try MachineSite(
                    plan: plan, mechanism: mechanism, executable: URL(fileURLWithPath: program),
                    interrupt: Interrupt(signals: [])))
        }
        let error = #expect(throws: RunError.self) { try session("/bin/false").start() }
        #expect(error?.description.contains("ended by itself") == true)
        let second = #expect(throws: RunError.self) { try session("/no/program").start() }
        #expect(second?.description.contains("cannot be started") == true)
    }
}
