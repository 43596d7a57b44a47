import Replication
import Roles
import Structures
import Testing

@testable import Harness

/// Runs of replication in which managers and senders crash, at every moment.
struct SenderCrashTests {
    /// What differs from the defaults.
    struct Case: CustomStringConvertible, Sendable {
        var mechanism = "replication"
        var senders = 1
        var managers = ReplicationOptions.Managers.one
        var acknowledgement = ReplicationOptions.Acknowledgement.delivery
        var piggybacks = false
        var batch = 1
        var reads = ReadOrder.relaxed

        var description: String {
            "\(mechanism), senders \(senders), managers \(managers), on \(acknowledgement), "
                + "piggyback \(piggybacks), batch \(batch), \(reads) reads"
        }
    }

    static let cases = [
        Case(), Case(senders: 3), Case(senders: 2, managers: .perGroup),
        Case(senders: 3, acknowledgement: .final), Case(senders: 2, piggybacks: true, batch: 4),
        Case(senders: 2, reads: .ordered), Case(mechanism: "sequencer"),
        Case(mechanism: "sequencer", managers: .perGroup, batch: 4, reads: .ordered),
    ]

    @Test(arguments: cases, [CrashMoment.between, .update, .recovery])
    func runs(_ shape: Case, moment: CrashMoment) throws {
        let manager = shape.managers == .one ? "manager" : "manager-1"
        var sets = [[manager], ["replica-1-2"], [manager, "replica-2-1"]]
        if shape.senders > 1 { sets += [["sender-2"], [manager, "sender-\(shape.senders)"]] }
        for window in [1, 8] {
            for order in GroupOrder.allCases {
                var plan = RunDriverTests.plan(
                    shape.mechanism, faults: 2, order: order, window: window,
                    crash: CrashPlan(every: 40, nodes: .named(sets), moment: moment))
                plan.replication.senders = shape.senders
                plan.replication.managers = shape.managers
                plan.replication.acknowledgement = shape.acknowledgement
                plan.replication.piggybacksFinals = shape.piggybacks
                plan.replication.batch = shape.batch
                plan.workload.reads = shape.reads
                plan.workload.mix += [
                    OperationWeight(kind: .read, weight: 1),
                    OperationWeight(kind: .readAll, weight: 1),
                ]
                let rows = try RunDriverTests.run(plan)
                #expect(rows.recoveries.allSatisfy { $0.verified == true })
                #expect(
                    rows.recoveries.count
                        == plan.workload.operations / 40 * sets.reduce(0) { $0 + $1.count })
            }
        }
    }
}
