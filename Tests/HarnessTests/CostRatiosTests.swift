import Testing

@testable import Harness

/// What `tables.md` says of fusion against replication, from small directories made by hand.
struct CostRatiosTests {
    /// Results of so many groups, of which an update takes so many times replication's.
    private static func results(_ ratios: [(groups: Int, ratio: Double)]) -> SyntheticResults {
        var results = SyntheticResults()
        results.groups = ratios.map(\.groups)
        results.operations = 1000
        results.update = { mechanism, groups, _ in
            let ratio = ratios.first { $0.groups == groups }?.ratio ?? 1
            return mechanism == "fusion" ? Int(ratio * 1000) : 1000
        }
        return results
    }

    /// The section of a directory whose runs are changed before.
    private func section(
        _ results: SyntheticResults, _ change: (inout RunRow) -> Void = { _ in }
    ) throws -> String {
        let directory = try TemporaryDirectory()
        try results.write(to: directory.path)
        var runs = try CSVReader.rows(RunRow.self, in: directory.path).rows
        for index in runs.indices { change(&runs[index]) }
        try directory.write("", to: "runs.csv")
        try directory.write(
            String(
                decoding: runs.reduce(into: RunRow.header) { $1.append(to: &$0) }, as: UTF8.self),
            to: "runs.csv")
        let text = try Tables.text(directory: directory.path, floors: [:])
        guard let start = text.range(of: "## What fusion costs") else { return "" }
        let rest = text[start.upperBound...]
        return String(rest[..<(rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)])
    }

    private func update(_ text: String) -> [String] {
        text.split(separator: "\n").filter { $0.contains("An update of fusion's") }.map {
            String($0)
        }
    }

    private static let claim = "- An update of fusion's takes less time"

    /// Ratios of updates by groups, and what is said of them.
    struct Case: Sendable {
        var ratios: [(groups: Int, ratio: Double)]
        var words: String
    }

    private static let cases: [Case] = [
        Case(
            ratios: [(2, 0.5), (4, 0.6), (8, 0.75)],
            words: "at every n measured, from 2 to 8: 0.500 (n = 2) to 0.750 (n = 8)"),
        Case(
            ratios: [(2, 1.5), (4, 1), (8, 2)],
            words: "at no n measured, from 2 to 8: 1.00 (n = 4) to 2.00 (n = 8)"),
        Case(
            ratios: [(2, 1.5), (4, 0.9), (8, 0.5)],
            words: "from n = 4 on: 0.500 (n = 8) to 1.50 (n = 2)"),
        Case(
            ratios: [(2, 0.5), (4, 0.9), (8, 1.25)],
            words: "up to n = 4: 0.500 (n = 2) to 1.25 (n = 8)"),
        Case(
            ratios: [(2, 0.5), (4, 2), (8, 0.75), (16, 3)],
            words: "only at n = 2 and 8 of 2, 4, 8 and 16: 0.500 (n = 2) to 3.00 (n = 16)"),
        Case(ratios: [(2, 0.5), (4, 0.5)], words: "at every n measured, from 2 to 4: 0.500"),
        // Runs in another order say the same.
        Case(
            ratios: [(8, 0.5), (2, 1.5), (4, 0.9)],
            words: "from n = 4 on: 0.500 (n = 8) to 1.50 (n = 2)"),
    ]

    @Test(arguments: cases)
    func `where fusion pays is said`(_ example: Case) throws {
        let text = try section(Self.results(example.ratios))
        #expect(update(text) == ["\(Self.claim) \(example.words) of replication's."])
    }

    @Test func `memory and recoveries are compared at the end and by role`() throws {
        var results = Self.results([(1, 1), (4, 1)])
        results.operations = 2000
        results.replicaBytes = { _, elements in elements }
        results.fusedBytes = { _, elements in 2 * elements }
        results.primaryRecovery = { groups, elements in groups * elements }
        results.replicaRecovery = { _, elements in 2 * elements }
        let text = try section(results)
        // One primary and a backup of twice its size; two replicas.
        #expect(
            text.contains(
                "| 1 | 1.00 (1.00 µs / 1.00 µs) | 1.50 (6.00 KB / 4.00 KB) | 2.00 (4.00 KB / "
                    + "2.00 KB) | 0.500 (1.50 µs / 3.00 µs) | 0.500 (1.50 µs / 3.00 µs) |\n"))
        #expect(text.contains("| 4 | 1.00 (1.00 µs / 1.00 µs) | 0.750 (12.0 KB / 16.0 KB) |"))
        for line in [
            "- Fusion needs less memory in all from n = 4 on: 0.750 (n = 4) to 1.50 (n = 1) of",
            "- Fusion's backups need less memory from n = 4 on: 0.500 (n = 4) to 2.00 (n = 1) of",
            "- A primary of fusion's recovers faster than a replica up to n = 1: 0.500 (n = 1) to ",
        ] {
            #expect(text.contains(line), "\(line)")
        }
    }

    @Test func `runs that are not valid are left out, and points without both`() throws {
        let results = Self.results([(2, 0.5), (4, 2), (8, 0.25)])
        let text = try section(results) { if $0.groups == 4 { $0.valid = false } }
        #expect(!text.contains("| 4 |"))
        #expect(
            update(text) == [
                "\(Self.claim) at every n measured, from 2 to 8: 0.250 (n = 8) to 0.500 (n = 2) "
                    + "of replication's."
            ])
        let half = try section(results) {
            if $0.groups == 4, $0.mechanism == "fusion" { $0.valid = false }
        }
        #expect(half.contains("| 4 | - | - | - | - | - |\n"))
        #expect(update(half) == update(text))
        let one = try section(results) {
            if $0.groups != 4, $0.mechanism == "fusion" { $0.valid = false }
        }
        #expect(update(one) == ["\(Self.claim) not at n = 4: 2.00 of replication's."])
    }

    @Test func `a mechanism that is missing is named`() throws {
        let results = Self.results([(2, 0.5), (4, 2)])
        for name in ["fusion", "replication"] {
            let text = try section(results) { if $0.mechanism == name { $0.valid = false } }
            #expect(
                text.hasSuffix("There is nothing to compare: no valid run of \(name) is here.\n"))
        }
        let apart = try section(Self.results([(2, 1), (4, 1), (8, 1)])) {
            $0.valid = ($0.mechanism == "fusion") == ($0.groups < 8)
        }
        #expect(
            apart.hasSuffix("There is nothing to compare: no point has valid runs of both.\n"))
    }

    @Test func `without a sweep there is no section`() throws {
        #expect(try section(Self.results([(2, 0.5)])) == "")
        #expect(try section(Self.results([(2, 0.5), (4, 2)])) { $0.valid = false } == "")
    }

    @Test func `words are listed, and a second setting has sentences of its own`() throws {
        // Groups become structures and windows.
        let results = Self.results([(1, 0.5), (2, 2), (3, 0.75), (4, 0.5), (5, 0.5), (6, 4)])
        let text = try section(results) { run in
            run.structure = ["list", "map", "set"][(run.groups - 1) % 3]
            run.window = run.groups <= 3 ? 1 : 16
            run.groups = 2
        }
        #expect(text.contains("\nwindow = 1:\n\n- An update"))
        #expect(text.contains("| window | structure | update | memory in all |"))
        #expect(
            update(text) == [
                "\(Self.claim) for list and set, but not for map: 0.500 (list) to 2.00 (map) of "
                    + "replication's.",
                "\(Self.claim) for list and map, but not for set: 0.500 (list) to 4.00 (set) of "
                    + "replication's.",
            ])
        let none = try section(Self.results([(1, 2), (2, 3)])) { run in
            run.structure = run.groups == 1 ? "list" : "map"
            run.groups = 2
        }
        #expect(
            update(none) == [
                "\(Self.claim) for none of list and map: 2.00 (list) to 3.00 (map) of "
                    + "replication's."
            ])
    }

    @Test func `replication stands beside every code`() throws {
        let text = try section(Self.results([(1, 0.5), (2, 2)])) { run in
            if run.mechanism == "fusion" { run.code = run.groups == 1 ? "cauchy" : "xor" }
            run.valid = run.mechanism == "fusion" || run.groups == 1
            run.groups = 2
        }
        #expect(text.contains("| cauchy | 0.500 (500 ns / 1.00 µs) |"))
        #expect(text.contains("| xor | 2.00 (2.00 µs / 1.00 µs) |"))
        #expect(!text.contains("|  |"))
    }
}
