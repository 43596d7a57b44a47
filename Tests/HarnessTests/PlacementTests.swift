import Testing

@testable import Fusion
@testable import Harness
@testable import Replication

struct PlacementTests {
    private func processors(
        _ placement: Placement, _ mechanism: String, groups: Int, of allowed: [Int]
    ) throws -> [String: Int] {
        let plan = RunPlan(
            experiment: "placement", mechanism: mechanism, groups: groups, faults: 2,
            workload: Workload(operations: 1, mix: [OperationWeight(kind: .append, weight: 1)]))
        let entry = try #require(Registry.entry(named: mechanism))
        let nodes = try entry.mechanism(of: plan)
        let placed = placement.processors(of: nodes, groups: groups, among: allowed)
        return Dictionary(
            uniqueKeysWithValues: placed.map { (nodes.description(of: $0.key).name, $0.value) })
    }

    @Test func `the kernel chooses, or all are on one CPU`() throws {
        #expect(try processors(.none, "fusion", groups: 2, of: [0, 1]).isEmpty)
        #expect(try processors(.same, "fusion", groups: 2, of: []).isEmpty)
        #expect(
            try processors(.same, "fusion", groups: 1, of: [3, 5])
                == ["primary-1": 3, "backup-1": 3, "backup-2": 3])
    }

    @Test func `whoever starts updates is on other CPUs than those who answer`() throws {
        #expect(
            try processors(.spread, "fusion", groups: 2, of: [3, 5])
                == ["primary-1": 3, "primary-2": 3, "backup-1": 5, "backup-2": 5])
        #expect(
            try processors(.spread, "fusion", groups: 3, of: [0, 1, 2, 3])
                == [
                    "primary-1": 0, "primary-2": 1, "primary-3": 0, "backup-1": 2, "backup-2": 3,
                ])
        #expect(
            try processors(.spread, "replication", groups: 1, of: [0, 1, 2])
                == ["manager": 0, "replica-1-1": 2, "replica-1-2": 2, "replica-1-3": 2])
        #expect(
            try processors(.spread, "fusion", groups: 1, of: [7])
                == ["primary-1": 7, "backup-1": 7, "backup-2": 7])
    }

    @Test func `where all start updates they take turns on all CPUs`() throws {
        #expect(
            try processors(.spread, "none", groups: 3, of: [0, 1])
                == ["primary-1": 0, "primary-2": 1, "primary-3": 0])
    }

    @Test func `a floor is that of the same placement`() {
        var row = FloorRow(
            transport: "tcp", measure: "one_round", peers: 1, messageBytes: 64, count: 1,
            median: 10, p99: 10, unit: "ns")
        var spread = row
        (spread.median, spread.placement) = (20, "spread")
        let floors = Floors(rows: [row, spread], mechanisms: Registry.floors)
        var configuration = RunRow()
        (configuration.mechanism, configuration.transport) = ("fusion", "tcp")
        configuration.faults = 1
        #expect(floors.update(configuration)?.median == 10)
        configuration.placement = "spread"
        #expect(floors.update(configuration)?.median == 20)
        configuration.placement = "same"
        #expect(floors.update(configuration) == nil)
        row.placement = "same"
        #expect(Floors(rows: [row], mechanisms: Registry.floors).update(configuration) == row)
    }
}
