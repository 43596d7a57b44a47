import Foundation
import Testing

@testable import Harness

/// The experiment files that come with the project.
struct ShippedExperimentTests {
    static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Experiments")

    static let files = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
        .filter { $0.hasSuffix(".json5") }.sorted()

    private static func load(_ file: String) throws -> Experiment {
        try Experiment.load(path: folder.appendingPathComponent(file).path)
    }

    @Test func areThere() {
        #expect(
            Self.files == [
                "boyd.json5", "churn.json5", "clusters.json5", "codes-two-faults.json5",
                "codes.json5", "fast-paths.json5", "faults.json5", "groups.json5",
                "placement.json5",
                "quick.json5",
                "reads.json5", "recovery-million.json5",
                "recovery-under-load.json5", "saturation.json5", "scale.json5",
                "search-fusion.json5", "search-replication.json5", "search-sequencer.json5",
                "senders.json5",
                "simulated-rate.json5", "soak-replication.json5", "soak.json5",
                "structures.json5", "update.json5", "value-sizes.json5", "variability.json5",
            ])
    }

    @Test(arguments: files)
    func resolve(_ file: String) throws {
        let experiment = try Self.load(file)
        #expect(!experiment.plans.isEmpty)
        #expect(try experiment.listing().contains(experiment.name))
    }

    /// 1 to 5 groups, f = 1, 10,000 inserts, every node after every 1,000 (Boyd 2016, pp. 14-15).
    @Test func boydIsTheReportsExperiment() throws {
        let experiment = try Self.load("boyd.json5")
        #expect(experiment.name == "boyd-2016")
        #expect(
            experiment.plans
                == (1...5).flatMap { groups in
                    ["fusion", "replication"].map { mechanism in
                        RunPlan(
                            experiment: "boyd-2016", mechanism: mechanism, groups: groups,
                            faults: 1,
                            workload: Workload(operations: 10_000, warmup: 100),
                            crash: CrashPlan(every: 1000, nodes: .each), seed: 2016)
                    }
                })
    }
}
