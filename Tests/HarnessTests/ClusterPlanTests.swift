import Structures
import Testing

@testable import Harness

/// Clusters in an experiment file.
struct ClusterPlanTests {
    @Test func clustersHaveOneSenderForEachGroup() throws {
        func load(_ senders: Int) throws -> Int {
            try ExperimentTests.load(
                ExperimentTests.smallest,
                [
                    "mechanisms=['fusion','replication']", "clusters=[{groups:1},{groups:2}]",
                    "replication.senders=\(senders)",
                ]
            ).plans.count
        }
        #expect(try load(1) == 2)
        let error = #expect(throws: ExperimentError.self) { try load(2) }
        #expect(
            "\(try #require(error))".contains("replication.senders is 2, and servers of several"))
    }

    private static let file = """
        {
          name: "clusters", mechanisms: "fusion", groups: 3, faults: 1,
          workload: { operations: 10, mix: { list: { append: 1, remove: 1 } } },
          clusters: [
            {},
            { structure: "map", groups: 2, faults: 2, valueBytes: 64 },
            { structure: "queue", valueBytes: { min: 1, max: 9 }, mix: { enqueue: 1 } },
          ],
        }
        """

    private static func refusal(_ setting: String) -> String {
        do {
            _ = try ExperimentTests.load(file, [setting])
            return "accepted"
        } catch {
            return "\(error)"
        }
    }

    @Test func takeFromTheFileWhatTheyLeaveOut() throws {
        let run = try #require(try ExperimentTests.load(Self.file).plans.first)
        #expect(run.groups == 8 && run.faults == 1)
        let parts = run.parts
        #expect(parts.map(\.groups) == [3, 2, 3])
        #expect(parts.map(\.faults) == [1, 2, 1])
        #expect(parts.map(\.structure) == [.list, .map, .queue])
        #expect(parts.map(\.valueBytes) == [8, 64, .spread(1...9, .uniform)])
        #expect(parts[0].workload.mix.map(\.kind) == [.append, .remove])
        #expect(parts[1].workload.mix == StructureKind.map.defaultMix)
        #expect(parts[2].workload.mix.map(\.kind) == [.enqueue])
        #expect(
            (0..<8).map { run.part(of: $0).structure } == [
                .list, .list, .list, .map, .map, .queue, .queue, .queue,
            ])
    }

    @Test func shareTheFewestServers() throws {
        let run = try #require(try ExperimentTests.load(Self.file).plans.first)
        let entry = try #require(Registry.entry(named: "fusion"))
        #expect(try entry.mechanism(of: run).nodes.map(\.name) == (1...4).map { "server-\($0)" })
    }

    @Test func groupsOfAllClustersHaveTracesOfTheirOwn() throws {
        let run = try #require(try ExperimentTests.load(Self.file).plans.first)
        let first = (0..<8).map { group in
            var trace = Trace(plan: run, group: group)
            return trace.next()
        }
        #expect(
            first.map(\.kind) == [
                .append, .append, .append, .put, .put, .enqueue, .enqueue, .enqueue,
            ])
        #expect(Set(first.map(\.value)).count == 8)
    }

    @Test func sweepWithTheFile() throws {
        let plans = try ExperimentTests.load(Self.file, ["groups=[1,2]"]).plans
        #expect(plans.map(\.groups) == [4, 6])
        let again = try ExperimentTests.load(try ExperimentTests.load(Self.file).text)
        #expect(again.plans == (try ExperimentTests.load(Self.file).plans))
    }

    @Test(arguments: [
        ("clusters=3", "clusters is 3; it must be a list of at most 64 objects"),
        ("clusters=[1]", "clusters[0] is 1; it must be an object with keys among groups"),
        ("clusters=[{grups:1}]", "clusters[0].grups is not known (did you mean \"groups\"?)"),
        ("clusters=[{groups:0}]", "clusters[0].groups is 0; it must be a whole number"),
        (
            "clusters=[{structure:'lst'}]",
            "clusters[0].structure is \"lst\" (did you mean \"list\"?)"
        ),
        ("clusters=[{mix:{append:1}}]", "clusters[0].mix says nothing of its structure"),
        (
            "clusters=[{structure:'map',mix:{append:1}}]",
            "clusters[0].mix.append is no operation of a map"
        ),
        ("clusters=[{faults:300}]", "clusters[0].faults is 300; it must be"),
        ("clusters=[{groups:1024},{}]", "clusters has 1027 groups in all; it must have at most"),
        (
            "crash={every:5,moment:'update'}",
            "crash.moment is \"update\", and servers start updates of several clusters; with"
        ),
        (
            "crash={every:5,nodes:['primary-1']}",
            "crash.nodes names \"primary-1\", which is a node of no run; allowed here: server-1"
        ),
    ])
    func areRefusedWithTheirPath(_ setting: String, sentence: String) {
        let refusal = Self.refusal(setting)
        #expect(refusal.contains(sentence))
    }
}
