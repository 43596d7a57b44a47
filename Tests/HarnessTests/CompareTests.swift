import ProgramTesting
import Testing

@testable import Harness

/// `crashbench compare` and `crashbench summary`, on directories made by hand.
struct CompareTests {
    private let first: TemporaryDirectory
    private let second: TemporaryDirectory

    init() throws {
        first = try TemporaryDirectory()
        second = try TemporaryDirectory()
    }

    /// Results whose updates take so many microseconds, a little more in every repetition.
    private static func results(
        _ microseconds: Double, repetitions: Int = 6, groups: [Int] = [2]
    ) -> SyntheticResults {
        var results = SyntheticResults()
        results.groups = groups
        results.operations = 1000
        results.repetitions = repetitions
        results.update = { _, _, _ in Int(microseconds * 1000) }
        results.pace = { _, repetition in 1 + Double(repetition) / 100 }
        return results
    }

    private func compare(
        _ before: SyntheticResults, _ after: SyntheticResults, _ options: String...
    ) throws -> Program.Outcome {
        try before.write(to: first.path)
        try after.write(to: second.path)
        return try Program.call(["compare", first.path, second.path] + options)
    }

    @Test func `what has grown over the threshold is named and the exit status 1`() throws {
        let outcome = try compare(Self.results(100), Self.results(120), "--threshold", "10")
        #expect(outcome.status == 1 && outcome.errors == "")
        #expect(
            outcome.output.contains(
                "Worse by more than 10.0 %:\n  fusion: backup_ns, 1.20 [1.17, 1.23]\n"
                    + "  replication: backup_ns, 1.20 [1.17, 1.23]\n"), "\(outcome.output)")
        let line = outcome.output.split(separator: "\n").first { $0.contains("backup_ns") }
        #expect(
            line?.firstMatch(
                of: /fusion +backup_ns +- +6, 6 +104 µs +124 µs +1\.20 +\[1\.17, 1\.23\]  more/)
                != nil, "\(line ?? "")")
    }

    @Test(arguments: [
        // the later time, the threshold, the exit status
        (120.0, ["--threshold", "25"], 0), (80, ["--threshold", "0"], 0), (120, [], 0),
        (101, ["--threshold", "0"], 0), (120, ["--threshold", "10", "--metric", "recovery_ns"], 0),
        (120, ["--threshold", "10", "--metric", "recovery_ns", "--metric", "backup_ns"], 1),
    ])
    func `only what is shown to be worse fails`(
        microseconds: Double, options: [String], status: Int32
    ) throws {
        try Self.results(100).write(to: first.path)
        try Self.results(microseconds).write(to: second.path)
        let outcome = try Program.call(["compare", first.path, second.path] + options)
        #expect(outcome.status == status, "\(outcome)")
        #expect(outcome.errors == "")
    }

    @Test func `one repetition over the threshold is no proof and no pass`() throws {
        let outcome = try compare(
            Self.results(100), Self.results(120, repetitions: 1), "--threshold", "10")
        #expect(outcome.status == 2)
        #expect(outcome.output.contains("Over 10.0 %, but one repetition shows nothing"))
        #expect(outcome.output.contains("fusion: backup_ns, 1.17\n"), "\(outcome.output)")
    }

    @Test func `what only one of them has is named`() throws {
        let outcome = try compare(
            Self.results(100, groups: [2, 4]), Self.results(100, groups: [2, 8]))
        #expect(outcome.status == 0)
        #expect(
            outcome.output.contains(
                "Only in \(first.path):\n  fusion, groups 4: backup_ns, recovery_ns (backup), "))
        #expect(outcome.output.contains("Only in \(second.path):\n  fusion, groups 8: backup_ns"))
    }

    @Test func `results with nothing in common say why`() throws {
        let outcome = try compare(
            Self.results(100, groups: [2]), Self.results(100, groups: [4, 8]))
        #expect(outcome.status == 2)
        #expect(
            outcome.output
                == "There is nothing to compare: \(first.path) and \(second.path) have no settings "
                + "in common; groups is 2 in the first and 4, 8 in the second.\n")
        let other = try Program.call(
            ["compare", first.path, second.path, "--metric", "read_ns"])
        #expect(other.status == 2)
        #expect(other.output.contains("\(first.path) has none of these metrics, only backup_ns, "))
    }

    @Test(arguments: [
        (["compare", "a"], "DIR is missing; see crashbench compare --help"),
        (["compare", "a", "b", "--threshold", "5%"], "--threshold 5%: it must be a number of"),
        (["compare", "a", "b", "--threshold=-1"], "--threshold -1: it must be a number of"),
        (
            ["compare", "a", "b", "--metric", "backup_n"],
            "--metric backup_n: there is no such metric (did you mean \"backup_ns\"?); it must be one of "
        ),
        (["columns", "update"], "\"update\" is no table (did you mean \"updates\"?); allowed "),
        (["columns", "runs", "updates"], "\"updates\" is one argument too many"),
    ])
    func `wrong calls are refused`(arguments: [String], sentence: String) throws {
        let outcome = try Program.call(arguments)
        #expect(outcome.status == 64 && outcome.output == "")
        #expect(outcome.errors.hasPrefix("crashbench: \(sentence)"), "\(outcome.errors)")
    }

    @Test func `columns are those of the data dictionary`() throws {
        #expect(try Program.call(["columns"]).output == DataDictionary.markdown)
        for name in ["space", "space.csv"] {
            let outcome = try Program.call(["columns", name])
            #expect(outcome.status == 0 && outcome.output.hasPrefix("### space.csv\n"))
            #expect(!outcome.output.contains("recovery.csv\n\n"))
        }
    }

    @Test func `the summary is aligned and has the intervals`() throws {
        try Self.results(100, groups: [2, 16]).write(to: first.path)
        let measured = try Program.call(["summary", first.path])
        #expect(measured.status == 0 && measured.errors == "")
        let lines = measured.output.split(separator: "\n")
        #expect(lines.first == "boyd-2016")
        #expect(lines.contains("  structure     list"))
        let table = lines.drop { !$0.hasPrefix("mechanism") }
        #expect(
            table.first?.wholeMatch(
                of:
                    /mechanism +groups +metric +role +count +repetitions +median +95 % interval.*/)
                != nil)
        let row = try #require(table.first { $0.contains("backup_ns") })
        #expect(
            row.wholeMatch(
                of: /fusion +2 +backup_ns +- +120 +6 +104 µs +\[102 µs, 106 µs\] .*/) != nil,
            "\(row)")
        // Every interval ends where the head of its column does.
        let end = try #require(table.first?.range(of: "interval")?.upperBound)
        let column = table.first?.distance(from: table.first?.startIndex ?? end, to: end)
        for row in table.dropFirst() {
            let index = try #require(row.firstIndex(of: "]"))
            #expect(row.distance(from: row.startIndex, to: index) + 1 == column, "\(row)")
        }
        // With the file it says the same.
        _ = try Program.call(["tables", first.path])
        let read = try Program.call(["summary", first.path])
        #expect(read.status == 0)
        #expect(
            read.output.split(separator: "\n").filter { $0.contains("backup_ns") }
                .map { $0.prefix(60) }
                == lines.filter { $0.contains("backup_ns") }.map { $0.prefix(60) })
    }

    @Test func `a summary of one repetition says that there are no intervals`() throws {
        try Self.results(100, repetitions: 1).write(to: first.path)
        let outcome = try Program.call(["summary", first.path])
        #expect(outcome.output.contains("\nNo intervals: they need repetitions"))
    }
}
