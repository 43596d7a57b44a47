import Foundation
import ProgramTesting
import Testing

/// `crashbench simulate`: the same experiment on virtual nodes.
struct SimulateTests {
    private static let experiment = """
        {name: "counts", mechanisms: ["fusion", "replication", "sequencer"],
         groups: [1, 3], faults: [1, 2], structure: ["list", "map"],
         workload: {operations: 40, warmup: 6, mix: {
           list: {append: 3, insert: 1, set: 1, remove: 1, read: 1},
           map: {put: 3, remove: 1, readAll: 1}}},
         crash: {every: 20, nodes: "each"}}
        """

    private static func results(
        _ command: String, _ experiment: String, in scratch: Scratch, _ folder: String,
        _ options: [String] = []
    ) throws -> (files: ResultsFiles, output: String) {
        let files = ResultsFiles(directory: scratch.path(folder))
        let outcome = try Program.call(
            [command, experiment, "--output", files.directory] + options)
        #expect(outcome.status == 0, "\(outcome.errors)")
        return (files, outcome.output)
    }

    /// What updates and recoveries took, without their times.
    private static func counts(_ files: ResultsFiles) throws -> [String] {
        let updates = try files.rows("updates.csv").map { row in
            ["run", "group", "operation", "kind", "messages", "bytes"].map { row[$0] ?? "?" }
        }
        let recoveries = try files.rows("recovery.csv").map { row in
            ["run", "operations", "node", "incarnation", "elements", "messages", "bytes"]
                .map { row[$0] ?? "?" }
        }
        #expect(!updates.isEmpty && !recoveries.isEmpty)
        return (updates + recoveries).map { $0.joined(separator: " ") }.sorted()
    }

    @Test("Messages and bytes of each update and recovery are those of real processes")
    func countsAreTheSame() throws {
        let scratch = try Scratch()
        let experiment = try scratch.file("counts.json5", Self.experiment)
        let simulated = try Self.results("simulate", experiment, in: scratch, "simulated").files
        try simulated.checkRuns()
        let expected = try Self.counts(simulated)
        var differing: Set<String> = []
        // On a busy machine a crashed replica may be back before its removal from the view is
        // complete, so that one change of the view does for both.
        for attempt in 1...5 {
            let real = try Self.results("run", experiment, in: scratch, "real-\(attempt)").files
            differing = Set(try Self.counts(real)).symmetricDifference(expected)
            if differing.isEmpty { return }
        }
        Issue.record("\(differing.sorted())")
    }

    @Test("The same seed gives the same files in another process, and another seed others")
    func everythingFollowsFromTheSeed() throws {
        let scratch = try Scratch()
        let experiment = try scratch.file(
            "seeds.json5",
            """
            {name: "seeds", mechanisms: ["fusion", "replication"], groups: 3, faults: 2,
             structure: "map", workload: {operations: 200, window: 4, order: "concurrent"},
             crash: {every: 50, nodes: "random", moment: "update"},
             replication: {senders: 2},
             simulation: {network: ["rack", "wan"]}}
            """)
        let first = try Self.results("simulate", experiment, in: scratch, "a")
        let second = try Self.results("simulate", experiment, in: scratch, "b")
        let third = try Self.results(
            "simulate", experiment, in: scratch, "c", ["--seed", "7"])
        func trace(_ output: String) throws -> String {
            String(try #require(output.firstMatch(of: /trace ([0-9a-f]{16})\n/)).output.1)
        }
        let traces = try [first, second, third].map { try trace($0.output) }
        #expect(traces[0] == traces[1])
        #expect(traces[0] != traces[2])
        for name in ["runs.csv", "updates.csv", "space.csv", "recovery.csv", "summary.csv"] {
            let texts = try [first, second].map { try $0.files.text(name) }
            #expect(texts[0] == texts[1], "\(name)")
        }
        try first.files.checkFiles()
        try first.files.checkRuns()
        let networks = try first.files.rows("runs.csv").map { [$0["launch"], $0["transport"]] }
        #expect(
            networks == [
                ["simulated", "rack"], ["simulated", "rack"], ["simulated", "wan"],
                ["simulated", "wan"],
            ])
    }

    @Test("Times are those of the network's model")
    func timesFollowTheModel() throws {
        let scratch = try Scratch()
        let experiment = try scratch.file(
            "times.json5",
            """
            {name: "times", mechanisms: ["fusion", "replication", "sequencer"], groups: 2,
             faults: 1, workload: {operations: 50}, crash: {every: 50},
             simulation: {network: "wan"}}
            """)
        let files = try Self.results("simulate", experiment, in: scratch, "r").files
        let medians = try files.rows("summary.csv").filter { $0["metric"] == "backup_ns" }
            .map { ($0["median"].flatMap(Double.init) ?? 0) / 40e6 }
        // Two trips of 40 ms in fusion and of the sequencer, four in Skeen's order, and some jitter.
        #expect(medians.map { $0.rounded() } == [2, 4, 2])
        for row in try files.rows("recovery.csv") {
            #expect(number(row["detect_ns"]) >= 1_040_000_000, "\(row)")
        }
        #expect(try files.rows("space.csv").allSatisfy { $0["resident_bytes"] == "0" })
    }
}
