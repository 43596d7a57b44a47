import Structures

@testable import Harness

/// Runs for searches in tests.
enum SearchPlans {
    static func fusion(
        groups: Int = 2, faults: Int = 2, window: Int = 4, structure: StructureKind = .list,
        seed: UInt64 = 1
    ) -> RunPlan {
        plan("fusion", groups, faults, window, structure, seed)
    }

    static func replication(
        groups: Int = 1, faults: Int = 2, senders: Int = 3, window: Int = 4,
        structure: StructureKind = .list, seed: UInt64 = 1,
        _ change: (inout RunPlan) -> Void = { _ in }
    ) -> RunPlan {
        var plan = plan("replication", groups, faults, window, structure, seed)
        plan.replication.senders = senders
        change(&plan)
        return plan
    }

    private static func plan(
        _ mechanism: String, _ groups: Int, _ faults: Int, _ window: Int,
        _ structure: StructureKind, _ seed: UInt64
    ) -> RunPlan {
        var workload = Workload(
            operations: 40, mix: mix(of: structure), invalid: 1, keys: KeyPlan(space: 12),
            window: window, order: .concurrent)
        workload.reads = .ordered
        return RunPlan(
            experiment: "search", mechanism: mechanism, groups: groups, faults: faults,
            structure: structure, workload: workload, seed: seed)
    }

    /// The weights of the shipped experiments for searches.
    static func mix(of structure: StructureKind) -> [OperationWeight] {
        let weights: [OperationKind: Int] =
            switch structure {
            case .list: [.append: 6, .insert: 3, .set: 2, .remove: 4, .read: 1]
            case .map: [.put: 6, .remove: 3, .read: 1]
            case .queue: [.enqueue: 4, .dequeue: 3, .read: 1]
            case .priorityQueue: [.push: 4, .pop: 3, .read: 1]
            default: [:]
            }
        return structure.mixable.map { OperationWeight(kind: $0, weight: weights[$0] ?? 0) }
    }
}
