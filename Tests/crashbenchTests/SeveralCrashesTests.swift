import Foundation
import ProgramTesting
import Testing

/// Several nodes that crash at once, in updates and in recoveries, through the real program.
struct SeveralCrashesTests {
    private static func run(
        _ experiment: String, _ options: [String] = [], in scratch: Scratch
    ) throws -> (outcome: Program.Outcome, files: ResultsFiles) {
        let files = ResultsFiles(directory: scratch.path("r"))
        let program = try Program(
            ["run", try scratch.file("several.json5", experiment), "--output", files.directory]
                + options)
        let outcome = try program.wait()
        try program.waitForFamilysEnd()
        #expect(program.temporaryFiles.isEmpty)
        return (outcome, files)
    }

    @Test func everythingRecovers() throws {
        let scratch = try Scratch()
        let (outcome, files) = try Self.run(
            """
            {name: "several", mechanisms: ["fusion", "replication"], groups: 3, faults: 2,
             workload: {operations: 120, warmup: 4, window: 4, order: "concurrent",
                        mix: {append: 3, set: 1, remove: 1}},
             transport: ["tcp", "ipc"],
             crash: {every: 60, nodes: "together", moment: ["between", "update", "recovery"]}}
            """, in: scratch)
        #expect(outcome.errors == "")
        #expect(outcome.status == 0)
        let runs = try files.rows("runs.csv")
        #expect(runs.count == 12)
        #expect(runs.allSatisfy { $0["valid"] == "true" })
        let recoveries = try files.rows("recovery.csv")
        // 5 nodes of fusion or 9 replicas, in each of 2 rounds.
        #expect(recoveries.count == 6 * 2 * (5 + 9))
        #expect(recoveries.allSatisfy { $0["verified"] == "true" })
        #expect(Set(recoveries.map { $0["failed_at_once"] }) == ["1", "2"])
        let updates = try files.rows("updates.csv").count
        let survived = recoveries.map { max(0, number($0["survived"])) }.reduce(0, +)
        #expect(updates + survived == 12 * 3 * 120)
        let interrupted = recoveries.filter { $0["reached"]?.isEmpty == false }
        #expect(interrupted.count == 2 * 2 * 3)
        for row in interrupted {
            #expect(row["moment"] == "update" && row["role"] == "primary")
            #expect((1...4).contains(number(row["unacknowledged"])))
            #expect((0...2).contains(number(row["reached"])))
        }
    }

    @Test func namesWhatIsLostAndGoesOn() throws {
        let scratch = try Scratch()
        let (outcome, files) = try Self.run(
            """
            {name: "lost", mechanisms: ["fusion", "replication"], groups: [3, 1], faults: 1,
             workload: {operations: 40, warmup: 4, window: 4},
             crash: {every: 40, nodes: [["primary-1", "primary-3"], ["replica-2-1", "replica-2-2"],
                                        "backup-1"], moment: "update"}}
            """, in: scratch)
        #expect(outcome.status == 1)
        let lines = outcome.errors.split(separator: "\n")
        try #require(lines.count == 2, "\(outcome.errors)")
        #expect(lines[0].hasPrefix("Run 1 (fusion, 3 groups, f = 1, repetition 1): "))
        #expect(lines[0].contains("primary-1 and primary-3 are lost"))
        #expect(lines[1].hasPrefix("Run 2 (replication, 3 groups, f = 1, repetition 1): "))
        #expect(lines[1].hasSuffix("group 2 is lost: none of its replicas is left."))
        #expect(
            try files.rows("runs.csv").map { $0["valid"] } == ["false", "false", "true", "true"])
    }

    @Test func tellsEveryRecovery() throws {
        let scratch = try Scratch()
        let (outcome, files) = try Self.run(
            """
            {name: "told", mechanisms: "fusion", groups: 2, faults: 2,
             workload: {operations: 20, warmup: 0, mix: {append: 1}},
             crash: {every: 20, nodes: [["primary-2", "backup-1"], "primary-1"]}}
            """, ["--verbose"], in: scratch)
        #expect(outcome.status == 0)
        for sentence in [
            "Run 1, round 1, after 20 updates of each group: {primary-2, backup-1} failed at once\n",
            "recreates the data of {primary-2, backup-1}\n    Available primary data:\n",
            "      primary-1: 20 cells [0x", "    Available codes:\n      backup-2: 20 cells [0x",
            "      primary-2: slots [0, 1, 2", "    Restored:\n", "{primary-1} failed\n",
            "  primary-1, incarnation 2: back with 20 elements after ", "\n  Verified\n",
        ] {
            #expect(outcome.errors.contains(sentence), "\(sentence) is not in\n\(outcome.errors)")
        }
        let lines = try files.text("recoveries.jsonl").split(separator: "\n")
        try #require(lines.count == 2)
        let first = try #require(
            try JSONSerialization.jsonObject(with: Data(lines[0].utf8)) as? [String: Any])
        let nodes = try #require(first["nodes"] as? [[String: Any]])
        #expect(nodes.map { $0["node"] as? String } == ["primary-2", "backup-1"])
        #expect(nodes.allSatisfy { ($0["recovery_ns"] as? Int ?? 0) > 0 })
        #expect(first["verified"] as? Bool == true)
        let attempts = try #require(first["attempts"] as? [[String: Any]])
        let last = try #require(attempts.last)
        #expect(
            (last["restored"] as? [[String: Any]])?.compactMap { $0["node"] as? String }.sorted()
                == ["backup-1", "primary-2"])
    }

    @Test func tellsNothingUnasked() throws {
        let scratch = try Scratch()
        let (outcome, files) = try Self.run(
            """
            {name: "untold", mechanisms: "fusion", groups: 1, faults: 1,
             workload: {operations: 4}, crash: {every: 4}, launch: "threads"}
            """, in: scratch)
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(!files.exists("recoveries.jsonl"))
    }
}
