import Testing

@testable import Harness

/// What repetitions add to `summary.csv`, `comparisons.csv` and `tables.md`.
struct ResultsRepetitionTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    /// Every repetition has its own pace, which slows both mechanisms; replication's updates take
    /// `ratio` of fusion's or, where `disagrees`, sometimes more and sometimes less.
    private func results(
        repetitions: Int, ratio: Double = 2, disagrees: Bool = false
    ) -> SyntheticResults {
        var results = SyntheticResults()
        results.groups = [2]
        results.operations = 1000
        results.repetitions = repetitions
        results.update = { _, _, operation in 100_000 + operation }
        results.pace = { mechanism, repetition in
            if disagrees {
                return (mechanism == "fusion") == repetition.isMultiple(of: 2) ? 1 : ratio
            }
            return Double(repetition) * (mechanism == "fusion" ? 1 : ratio)
        }
        return results
    }

    private func written(_ results: SyntheticResults) throws -> [ComparisonRow] {
        try results.write(to: directory.path)
        #expect(try Tables.write(directory: directory.path) == [])
        return try CSVReader.rows(ComparisonRow.self, in: directory.path).rows
    }

    @Test func `the median has an interval over repetitions`() throws {
        _ = try written(results(repetitions: 7))
        let rows = try CSVReader.rows(SummaryRow.self, in: directory.path).rows
        let row = try #require(rows.first { $0.metric == "backup_ns" })
        #expect(row.repetitions == 7)
        #expect(row.median == 400_042)
        // Of seven the second and the sixth, as the exact bootstrap has it.
        let (low, high) = (try #require(row.medianLow), try #require(row.medianHigh))
        #expect((200_000...200_040).contains(low), "\(low)")
        #expect((600_000...600_120).contains(high), "\(high)")
        #expect(try #require(row.p99Low) < Double(row.p99))
        let text = try directory.text("tables.md")
        #expect(text.contains("over 7 repetitions. Of fewer than 10 repetitions they are narrower"))
        #expect(text.contains("| 400 µs [200 µs, 600 µs] |"))
    }

    @Test func `mechanisms are compared pair by pair`() throws {
        let rows = try written(results(repetitions: 7))
        let row = try #require(rows.first { $0.metric == "backup_ns" })
        #expect(rows.count { $0.metric == "backup_ns" } == 1)
        #expect([row.mechanism, row.baseline] == ["fusion", "replication"])
        #expect([row.run, row.baselineRun, row.repetitions] == [1, 2, 7])
        #expect(row.ratio == 0.5)
        #expect(try #require(row.ratioLow) > 0.499 && #require(row.ratioHigh) < 0.501)
        #expect(row.difference == -400_042)
        let roles = rows.filter { $0.metric == "recovery_ns" }.map { [$0.role, $0.baselineRole] }
        #expect(roles == [["backup", "replica"], ["primary", "replica"]])
        let text = try directory.text("tables.md")
        #expect(
            text.contains(
                "| 2 | fusion / replication | backup_ns | 7 | 0.500 [0.500, 0.500] | -400 µs "))
        #expect(text.contains(" | less |\n"))
    }

    @Test func `no difference is shown where the interval covers 1`() throws {
        let rows = try written(results(repetitions: 8, disagrees: true))
        let row = try #require(rows.first { $0.metric == "backup_ns" })
        #expect(try #require(row.ratioLow) < 1 && #require(row.ratioHigh) > 1)
        let text = try directory.text("tables.md")
        let line = text.split(separator: "\n").first { $0.contains("replication | backup_ns") }
        #expect(line?.hasSuffix("| no difference shown |") == true, "\(line ?? "")")
    }

    @Test func `one repetition has no interval, and the tables say so`() throws {
        let rows = try written(results(repetitions: 1))
        #expect(rows.allSatisfy { $0.ratio != nil && $0.ratioLow == nil && $0.repetitions == 1 })
        let summary = try CSVReader.rows(SummaryRow.self, in: directory.path).rows
        #expect(summary.allSatisfy { $0.medianLow == nil && $0.p999High == nil })
        let text = try directory.text("tables.md")
        #expect(text.contains("There is one repetition, from which no confidence intervals"))
        #expect(
            text.contains("One repetition has no intervals, so that no difference can be shown."))
    }

    @Test func `only repetitions that both have are compared`() throws {
        try results(repetitions: 3).write(to: directory.path)
        var runs = try CSVReader.rows(RunRow.self, in: directory.path).rows
        // Fusion's second run is invalid, and replication's third has another seed.
        runs[2].valid = false
        runs[5].seed += 1
        try ResultsDirectory(path: directory.path).write(runs)
        try Tables.write(directory: directory.path)
        let rows = try CSVReader.rows(ComparisonRow.self, in: directory.path).rows
        #expect(rows.allSatisfy { $0.repetitions == 1 })
        #expect(rows.first?.median == 100_010.5)
        #expect(rows.first?.baselineMedian == 200_021)
    }

    @Test func `a sweep has the intervals of its ratios`() throws {
        var swept = results(repetitions: 8, disagrees: true)
        swept.groups = [2, 4]
        _ = try written(swept)
        let text = try directory.text("tables.md")
        let line = text.split(separator: "\n").first { $0.hasPrefix("| 2 | ") }
        #expect(
            line?.firstMatch(
                of: /\| 2 \| [0-9.]+ \[[0-9.]+, [0-9.]+\] \(.*?\), no difference shown \|/) != nil,
            "\(line ?? "")")
    }

    @Test func `what is not shown is not said of a sweep`() throws {
        var swept = results(repetitions: 8, ratio: 0.9, disagrees: true)
        swept.groups = [2, 4]
        // With two lists it is noise, with four fusion takes half.
        swept.update = { mechanism, groups, _ in
            mechanism == "fusion" && groups == 4 ? 50_000 : 100_000
        }
        _ = try written(swept)
        #expect(
            try directory.text("tables.md").contains(
                "- An update of fusion's takes less time from n = 4 on: "))
    }

    /// The order of the mechanisms alternates, so that none is always the first on a warm machine.
    @Test func `mechanisms take turns at being first`() throws {
        let experiment = try ExperimentTests.load(
            ExperimentTests.smallest,
            ["mechanisms=[\"fusion\",\"replication\"]", "repetitions=4"])
        #expect(
            experiment.plans.map { "\($0.repetition)\($0.mechanism.first ?? "-")" } == [
                "1f", "1r", "2r", "2f", "3f", "3r", "4r", "4f",
            ])
    }
}
