import Foundation
import ProgramTesting
import Testing

/// `crashbench simulate --schedules`: the short search that every change must pass, by the real
/// program.
struct SearchTests {
    private static func path(_ mechanism: String) -> String {
        projectRoot.appendingPathComponent("Experiments/search-\(mechanism).json5").path
    }

    /// The counts that a search prints, by their names.
    private static func counts(_ output: String) -> [String: Int] {
        Dictionary(
            uniqueKeysWithValues: output.matches(of: /\n? *([0-9]+) ([a-z][a-z ]+)\n/).compactMap {
                match in
                Int(match.output.1).map { (String(match.output.2), $0) }
            })
    }

    @Test("Some hundred schedules of each mechanism are green, and every kind of fault is in them")
    func shortSearch() throws {
        var sums: [String: Int] = [:]
        for mechanism in ["fusion", "replication", "sequencer"] {
            let outcome = try Program.call(
                ["simulate", Self.path(mechanism), "--schedules", "400"])
            #expect(outcome.status == 0, "\(outcome.output)")
            #expect(outcome.errors == "")
            let counts = Self.counts(outcome.output)
            #expect(counts["schedules"] == 400)
            sums.merge(counts, uniquingKeysWith: +)
        }
        #expect(sums.count == 27)
        for (name, count) in sums { #expect(count > 0, "\(name)") }
    }

    @Test("The same seed is the same search in another process, and another seed another one")
    func everythingFollowsFromTheSeed() throws {
        func output(_ mechanism: String, seed: String) throws -> String {
            try Program.call(
                ["simulate", Self.path(mechanism), "--schedules", "40", "--seed", seed]
            ).output
        }
        for mechanism in ["fusion", "replication"] {
            let first = try output(mechanism, seed: "7")
            #expect(first.contains(/\ntrace [0-9a-f]+\n/))
            #expect(try output(mechanism, seed: "7") == first)
            #expect(try output(mechanism, seed: "47") != first)
        }
    }

    @Test("A schedule tells all that happens, and plays only the actions that are kept")
    func verboseReplay() throws {
        func lines(_ options: String...) throws -> [Substring] {
            let outcome = try Program.call(
                ["simulate", Self.path("fusion"), "--seed", "5", "--verbose"] + options)
            #expect(outcome.status == 0)
            return outcome.output.split(separator: "\n").filter { $0.contains(" µs  ") }
        }
        func actions(_ lines: [Substring]) -> [Substring] {
            lines.compactMap { $0.firstMatch(of: /\ µs  #([0-9]+)\ /)?.output.1 }
        }
        let all = try lines("--schedules", "1")
        #expect(actions(all).count >= 8)
        #expect(all.contains { $0.contains(" -> ") })
        #expect(actions(try lines("--keep", "1,3")) == ["1", "3"])
        #expect(actions(try lines("--keep", "none")) == [])
    }

    @Test(arguments: [
        (["--schedules", "0"], "--schedules 0: it must be a whole number from 1 to"),
        (["--minutes", "x"], "--minutes x: it must be a whole number from 1 to"),
        (
            ["--keep", "1,,2"],
            "--keep 1,,2: it must be numbers of actions with commas between them"
        ),
        (["--schedules", "1", "--output", "r"], "--output: a search has no results; leave it out"),
        (["--keep", "0", "--resume", "r"], "--resume: a search has no results; leave it out"),
        (
            ["--schedules", "1", "--set", "mechanisms=[\"none\"]"],
            "no run has a mechanism whose nodes recover; allowed are fusion, replication, sequencer"
        ),
    ])
    func refuses(_ options: [String], _ sentence: String) throws {
        let outcome = try Program.call(["simulate", Self.path("fusion")] + options)
        #expect(outcome.status == 64)
        #expect(outcome.output == "")
        #expect(outcome.errors.hasPrefix("crashbench: "))
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func interruptionJudgesNothing(signal: Int32) throws {
        let program = try Program(
            ["simulate", Self.path("sequencer"), "--minutes", "10", "--verbose"])
        try eventually("the first events", within: 60) { program.hasPrinted }
        program.send(signal)
        let outcome = try program.wait()
        #expect(outcome.status == 2)
        #expect(outcome.errors == "Interrupted: no schedule failed until then.\n")
    }
}
