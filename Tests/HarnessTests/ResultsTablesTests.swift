import Testing

@testable import Harness

struct ResultsTablesTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// The last cell of each claim's row in `tables.md`, by the claim's id.
    private func verdicts(_ results: SyntheticResults) throws -> [String: String] {
        let directory = try TemporaryDirectory()
        try results.write(to: directory.path)
        try Tables.write(directory: directory.path)
        let text = try directory.text("tables.md")
        let lines = text.split(separator: "\n")
        return try Published.claims().reduce(into: [:]) { verdicts, claim in
            let row = lines.first { $0.contains("(`\(claim.id)`)") }
            verdicts[claim.id] = row?.split(separator: "|").dropLast(0).last.map {
                $0.trimmingCharacters(in: .whitespaces)
            }
        }
    }

    /// A system in which every claim of the report holds.
    private var likeTheReport: SyntheticResults {
        var results = SyntheticResults()
        results.primaryRecovery = { groups, elements in elements * groups * 68_000 }
        return results
    }

    @Test func `every claim is reproduced by results like the report's`() throws {
        let verdicts = try verdicts(likeTheReport)
        #expect(verdicts.count == 12)
        for (id, verdict) in verdicts {
            #expect(verdict.hasPrefix("reproduced"), "\(id)")
            let isDirection = [
                "recovery-fusion-g2", "recovery-fusion-worst", "recovery-replication-worst",
            ].contains(id)
            #expect(verdict.hasSuffix("(direction only)") == isDirection, "\(id)")
        }
    }

    @Test func `no claim is reproduced by results of the contrary`() throws {
        var results = SyntheticResults()
        results.every = 500
        results.operations = 20_000
        results.primaryRecovery = { _, elements in elements * 5 }
        results.replicaRecovery = { groups, elements in elements * groups * 100 }
        results.fusedBytes = { groups, elements in elements * elements * groups }
        results.update = { mechanism, groups, operation in
            mechanism == "fusion" ? groups * 1000 + operation * 100 : 1000
        }
        for (id, verdict) in try verdicts(results) {
            #expect(verdict.hasPrefix("not reproduced"), "\(id)")
        }
    }

    @Test func `what was not measured is called so`() throws {
        var results = likeTheReport
        results.mechanisms = ["replication"]
        results.groups = [1, 2]
        let verdicts = try verdicts(results)
        let settings = ["operations", "crash-interval"]
        for (id, verdict) in verdicts {
            #expect(
                verdict == (settings.contains(id) ? "reproduced" : "not measured here"), "\(id)")
        }
    }

    @Test(arguments: [
        // slope and noise of fusion's recovery over groups, and whether that is linear growth
        ([100, 200, 300, 400, 500], true), ([100, 200, 290, 420, 480], true),
        ([500, 400, 300, 200, 100], false), ([100, 100, 100, 100, 100], false),
        ([100, 102, 104, 106, 108], false), ([100, 400, 50, 300, 200], false),
    ])
    func `growth over nodes needs a line that rises`(times: [Int], isLinear: Bool) throws {
        var results = likeTheReport
        results.primaryRecovery = { groups, elements in elements * times[groups - 1] }
        #expect(
            try verdicts(results)["recovery-shape-nodes"]
                == (isLinear ? "reproduced" : "not reproduced"))
    }

    @Test func `a constant may vary within its bound only`() throws {
        for (factor, verdict) in [(149, "reproduced"), (151, "not reproduced")] {
            var results = likeTheReport
            results.replicaRecovery = { groups, elements in
                elements * (groups == 3 ? factor : 100)
            }
            #expect(try verdicts(results)["recovery-shape-replication"] == verdict)
        }
    }

    @Test func `the crossover is found by the report's accounting`() throws {
        // Fused backups take as much as so many replicas.
        for (replicas, verdict) in [
            (9, "reproduced"), (7, "not reproduced"), (1, "not reproduced"),
            (11, "not reproduced"),
        ] {
            var results = likeTheReport
            results.replicaBytes = { _, elements in elements * 8 }
            results.fusedBytes = { _, elements in elements * 8 * replicas }
            #expect(try verdicts(results)["space-crossover"] == verdict, "\(replicas)")
        }
        var few = likeTheReport
        few.groups = [1, 2, 3]
        #expect(try verdicts(few)["space-crossover"] == "not measured here")
    }

    @Test func `published values stand beside ours`() throws {
        try likeTheReport.write(to: directory.path)
        let text = try Tables.text(directory: directory.path, floors: [:])
        #expect(text.hasPrefix("# boyd-2016\n"))
        #expect(text.contains("10 of 10 runs valid; 500 of 500 recoveries verified."))
        #expect(text.contains("| 5 | fusion | 5 | 5 | 6 |\n"))
        #expect(text.contains("| 5 | replication | 10 | 10 | 15 |\n"))
        // Published 954.92 µs on average, ours 1000.0045 µs.
        #expect(text.contains("| 1 | fusion | 954.92 | 1000 | 1.05 | 940.0 | 1000 | 1.06 |"))
        #expect(text.contains("0.833: 730 KB over 876 KB of all 10 replicas; beyond one copy"))
        #expect(text.contains("| 2 | fusion | primary | 10000 | 2 | 1.36 s | 1.36 s |"))
    }

    @Test func `other experiments get no published columns and no claims`() throws {
        var results = SyntheticResults()
        results.groups = [2]
        try results.write(to: directory.path)
        var runs = try CSVReader.rows(RunRow.self, in: directory.path).rows
        for index in runs.indices { runs[index].faults = 2 }
        let other = try TemporaryDirectory()
        try CSVWriter.write(runs, in: other.path)
        let text = try Tables.text(directory: other.path, floors: [:])
        #expect(text.contains("### Nodes\n"))
        for absent in [
            "Table 2", "Published claims", "Update time", "Recovery time", "Backup space",
        ] {
            #expect(!text.contains(absent), "\(absent)")
        }
    }

    @Test func `settings that differ get tables of their own`() throws {
        var results = SyntheticResults()
        results.groups = [1]
        try results.write(to: directory.path)
        var runs = try CSVReader.rows(RunRow.self, in: directory.path).rows
        var again = runs
        for index in again.indices {
            again[index].run += 10
            again[index].transport = "ipc"
        }
        // The same once more with another code; replication has none and stands beside both.
        var wide = runs.filter { $0.mechanism == "fusion" }
        wide[0].run += 20
        wide[0].wordBits = 16
        runs += again + wide
        let other = try TemporaryDirectory()
        try CSVWriter.write(runs, in: other.path)
        let text = try Tables.text(directory: other.path, floors: [:])
        let titles = text.split(separator: "\n").filter { $0.hasPrefix("## ") }
        #expect(titles.count == 3)
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("| 1 | fusion |") }.count == 3)
        #expect(
            text.split(separator: "\n").filter { $0.hasPrefix("| 1 | replication |") }.count == 3)
    }

    @Test func `a cut file and runs that are not valid are named`() throws {
        try likeTheReport.write(to: directory.path)
        let whole = try directory.text("updates.csv")
        try directory.write(String(whole.dropLast(1)), to: "updates.csv")
        var runs = try CSVReader.rows(RunRow.self, in: directory.path).rows
        for index in runs.indices { runs[index].valid = false }
        let other = try TemporaryDirectory()
        try CSVWriter.write(runs, in: other.path)
        #expect(
            try Tables.text(directory: directory.path, floors: [:])
                .contains("updates.csv ends in the middle of a row, which was left out."))
        let text = try Tables.text(directory: other.path, floors: [:])
        #expect(text.contains("0 of 10 runs valid"))
        #expect(!text.contains("###"))
    }
}
