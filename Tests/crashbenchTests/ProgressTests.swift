import Foundation
import ProgramTesting
import Testing

/// What somebody sees who waits at a terminal. Elsewhere nothing is said on success, which
/// `ShippedExperimentRunTests` shows.
struct ProgressTests {
    @Test func showsHowFarItIs() throws {
        let scratch = try Scratch()
        let experiment = try scratch.file(
            "a.json5",
            """
            {name: "a", mechanisms: ["fusion", "none"], groups: 2, faults: 1,
             workload: {operations: 100}, crash: {every: 10, nodes: ["backup-1"]}}
            """)
        // script(1) gives the program a terminal and copies what appears there to its output.
        let call =
            "'\(try crashbenchExecutable().path)' run \(experiment) --output "
            + "\(scratch.path("r")) > \(scratch.path("output"))"
        let outcome = try Program(
            ["-qec", call, "/dev/null"], executable: URL(fileURLWithPath: "/usr/bin/script")
        ).wait()
        #expect(outcome.status == 0)
        let shown = outcome.output
        let clear = "\r\u{1b}[K"
        let lines = shown.components(separatedBy: clear)
        #expect(lines.contains("floor over tcp, round 1 of 3: round_trip"))
        #expect(lines.contains("run 1 of 2: fusion, 2 groups, f = 1, repetition 1, 0 %"))
        let halfway = /run 1 of 2: fusion, 2 groups, f = 1, repetition 1, 50 %, about \d+ s left/
        #expect(lines.contains { $0.wholeMatch(of: halfway) != nil }, "\(lines)")
        #expect(lines.contains { $0.hasPrefix("run 2 of 2: none, ") })
        // One line that is replaced and taken away in the end.
        #expect(!shown.contains("\n"))
        #expect(shown.hasSuffix(clear))
    }
}
