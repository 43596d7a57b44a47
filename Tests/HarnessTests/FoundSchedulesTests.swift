import Replication
import Structures
import Testing

@testable import Harness

/// Schedules in which the search once found a bug of the roles, made minimal. They are drawn from
/// their seeds: should the drawing change, they become others, and the search has to find new ones for
/// these bugs.
struct FoundSchedulesTests {
    /// One schedule.
    struct Found: Sendable, CustomTestStringConvertible {
        /// What went wrong.
        var bug: String
        var plan: RunPlan
        var kept: Set<Int>

        var testDescription: String { bug }
    }

    static let schedules = [
        Found(
            bug: "codes of a backup were used that one primary had gone on without",
            plan: SearchPlans.fusion(groups: 4, faults: 3, window: 1, structure: .map, seed: 3252),
            kept: [7, 9, 14, 15, 17]),
        Found(
            bug: "a sender's messages went to the life before of a replica that had entered",
            plan: SearchPlans.replication(seed: 2876) {
                $0.replication.managers = .perGroup
                $0.replication.acknowledgement = .final
            },
            kept: [28, 32, 34, 35]),
        Found(
            bug: "a refusal was reported that one replica had made in an order of its own",
            plan: SearchPlans.replication(senders: 2, window: 1, structure: .map, seed: 2917) {
                $0.workload.reads = .relaxed
                $0.replication.managers = .perGroup
                $0.replication.acknowledgement = .final
                $0.replication.batch = 3
            },
            kept: [0, 2, 7, 12]),
        Found(
            bug: "the next manager counted on a replica that had been left out",
            plan: SearchPlans.replication(structure: .map, seed: 3047) {
                $0.replication.acknowledgement = .final
                $0.replication.piggybacksFinals = true
                $0.replication.batch = 3
            },
            kept: [13, 14, 19]),
        Found(
            bug: "a refusal was reported that a replica had made which then crashed",
            plan: SearchPlans.replication(faults: 1, structure: .map, seed: 28000),
            kept: [2, 6, 18]),
        Found(
            bug: "a read was reported that a replica had answered which then crashed",
            plan: SearchPlans.replication(groups: 2, faults: 1, window: 1, seed: 17461) {
                let weights: [OperationKind: Int] = [.append: 2, .set: 2, .remove: 2, .read: 6]
                for index in $0.workload.mix.indices {
                    $0.workload.mix[index].weight = weights[$0.workload.mix[index].kind] ?? 0
                }
            },
            kept: [6, 18, 19, 29]),
        Found(
            bug: "a replica did not wait for a sender that had come back while it entered",
            plan: SearchPlans.replication(structure: .map, seed: 1_072_096),
            kept: [0, 1, 2, 4, 13, 15, 32]),
        Found(
            bug: "a read was not repeated that a replica without data had been asked for",
            plan: SearchPlans.replication(
                faults: 3, window: 1, structure: .map, seed: 6_007_509
            ) {
                $0.workload.reads = .relaxed
                $0.replication.acknowledgement = .final
                $0.replication.batch = 3
            },
            kept: [9, 16, 22, 23]),
    ]

    @Test(arguments: schedules)
    func isGreen(_ found: Found) throws {
        let outcome = try ScheduleSearch(plans: [found.plan]).run(
            schedules: 1, keeping: found.kept)
        #expect(outcome.failure?.violation == nil)
        #expect(outcome.counts.skippedActions == 0)
    }
}
