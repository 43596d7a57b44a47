import Foundation
import ProgramTesting
import Testing

/// Every shipped experiment file, run small by the real program.
struct ShippedExperimentRunTests {
    private static let sizes: [String: [String]] = [
        "boyd.json5": ["workload.operations=20", "crash.every=10"],
        "codes.json5": ["workload.operations=20", "crash.every=20", "valueBytes=8"],
        "codes-two-faults.json5": ["workload.operations=20", "crash.every=20", "valueBytes=8"],
        "churn.json5": [
            "workload.operations=40", "workload.targetSize=20", "crash.every=20",
        ],
        "clusters.json5": ["workload.operations=40", "crash.every=20"],
        "faults.json5": ["workload.operations=20", "crash.every=10"],
        "groups.json5": ["groups=[2,4]", "workload.operations=20", "crash.every=10"],
        "quick.json5": ["workload.operations=20", "crash.every=10"],
        "reads.json5": ["workload.operations=40", "workload.targetSize=20"],
        "recovery-million.json5": [
            "workload.preload=1000", "workload.targetSize=1000", "workload.operations=6",
            "groups=3",
        ],
        "recovery-under-load.json5": [
            "workload.preload=50", "workload.operations=120", "workload.warmup=10",
            "crash.every=60",
        ],
        "fast-paths.json5": ["workload.operations=60", "workload.window=[1,8]"],
        "placement.json5": ["faults=1", "workload.operations=40", "workload.warmup=10"],
        "saturation.json5": [
            "workload.operations=100", "workload.warmup=10", "workload.rate=[1000,20000]",
        ],
        "search-fusion.json5": [
            "groups=2", "faults=[1,2]", "structure=['list','priorityQueue']",
            "workload.operations=20", "workload.window=4", "code.kind=cauchy",
        ],
        "search-replication.json5": [
            "groups=2", "faults=1", "structure=map", "workload.operations=20",
            "workload.reads=ordered", "workload.window=4", "replication.managers=perGroup",
            "replication.acknowledge=delivery",
        ],
        "search-sequencer.json5": [
            "groups=2", "faults=[1,2]", "structure=['list','queue']", "workload.operations=20",
            "workload.window=4",
        ],
        "senders.json5": [
            "faults=1", "workload.operations=20", "replication.senders=[1,3]", "crash.every=10",
        ],
        "soak-replication.json5": [
            "structure=list", "workload.operations=48", "workload.targetSize=20",
            "crash.every=24", "replication.batch=2",
        ],
        "soak.json5": [
            "structure=['list','map']", "workload.operations=40", "workload.targetSize=20",
            "crash.every=20",
        ],
        "structures.json5": [
            "workload.operations=40", "workload.targetSize=20", "crash.every=40",
        ],
        "update.json5": ["workload.operations=50", "workload.warmup=10"],
        "value-sizes.json5": [
            "workload.operations=40", "workload.targetSize=20", "crash.every=40",
        ],
        "variability.json5": ["workload.operations=50", "workload.warmup=10"],
    ]

    /// Those that are for the simulator.
    private static let simulatedSizes: [String: [String]] = [
        "scale.json5": [
            "groups=[2,30]", "faults=[1,8]", "workload.preload=50", "workload.operations=5",
            "crash.every=5",
        ],
        "simulated-rate.json5": ["workload.operations=100"],
    ]

    @Test func everyFileHasASize() throws {
        let folder = projectRoot.appendingPathComponent("Experiments").path
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                == (Array(Self.sizes.keys) + Array(Self.simulatedSizes.keys)).sorted())
    }

    @Test(arguments: simulatedSizes.keys.sorted())
    func simulates(_ file: String) throws {
        let path = projectRoot.appendingPathComponent("Experiments/\(file)").path
        let settings = try #require(Self.simulatedSizes[file]).flatMap { ["--set", $0] }
        let scratch = try Scratch()
        let outcome = try Program.call(
            ["simulate", path, "--output", scratch.path("r")] + settings)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(
            outcome.output.contains(
                /^Simulated: [0-9]+ messages in [0-9.]+ s, [0-9]+ a second; trace [0-9a-f]{16}\n/))
        let files = ResultsFiles(directory: scratch.path("r"))
        try files.checkFiles()
        try files.checkRuns()
        #expect(try files.rows("runs.csv").allSatisfy { $0["launch"] == "simulated" })
    }

    @Test(arguments: sizes.keys.sorted())
    func runs(_ file: String) throws {
        let path = projectRoot.appendingPathComponent("Experiments/\(file)").path
        let settings = try #require(Self.sizes[file]).flatMap { ["--set", $0] }
        let scratch = try Scratch()
        let program = try Program(["run", path, "--output", scratch.path("r")] + settings)
        let outcome = try program.wait()
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        // Before it there may be warnings: tests make a machine busy.
        #expect(
            outcome.output.hasSuffix(
                "Results: \(scratch.path("r")) (report.html, tables.md, summary.csv)\n"))
        try program.waitForFamilysEnd()
        #expect(program.temporaryFiles.isEmpty)

        let files = ResultsFiles(directory: scratch.path("r"))
        try files.checkFiles()
        try files.checkRuns()
        #expect(!(try files.rows("summary.csv").isEmpty))
        // The file of the results holds all settings: it gives the same runs again.
        let again = try Program.call(["check", scratch.path("r/experiment.json5")])
        let first = try Program.call(["check", path] + settings)
        #expect(again.status == 0)
        #expect(again == first)
        #expect(
            again.output.contains(": \(try files.rows("runs.csv").count) run"), "\(again.output)")
    }
}
