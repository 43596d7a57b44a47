import Foundation
import ProgramTesting
import Testing

/// Where results go, and what happens where they cannot.
struct OutputTests {
    private static func experiment(_ scratch: Scratch, operations: Int = 10) throws -> String {
        try scratch.file(
            "small.json5",
            """
            {name: "small", mechanisms: "none", groups: 1, faults: 1,
             workload: {operations: \(operations)}}
            """)
    }

    @Test func defaultsToAFolderOfTheTime() throws {
        let scratch = try Scratch()
        let outcome = try Program.call(["run", try Self.experiment(scratch)], in: scratch.url)
        #expect(outcome.status == 0)
        #expect(scratch.contents == ["Results", "small.json5"])
        let names = try FileManager.default.contentsOfDirectory(
            atPath: scratch.path("Results/small"))
        let name = try #require(names.first)
        #expect(names.count == 1)
        #expect(name.wholeMatch(of: /20\d\d-\d\d-\d\dT\d{6}Z/) != nil, "\(name)")
        // Notes on the machine and on the measurements may stand before it.
        #expect(
            outcome.output.hasSuffix("Results: Results/small/\(name) (tables.md, summary.csv)\n"))
        let files = ResultsFiles(directory: scratch.path("Results/small/\(name)"))
        #expect(try files.rows("runs.csv").map { $0["valid"] } == ["true"])
    }

    @Test func neverOverwrites() throws {
        let scratch = try Scratch()
        let experiment = try Self.experiment(scratch)
        let path = scratch.path("old")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        _ = try scratch.file("old/runs.csv", "precious")
        let outcome = try Program.call(["run", experiment, "--output", path])
        #expect(
            outcome
                == Program.Outcome(
                    status: 2, output: "",
                    errors: "crashbench: The output directory \(path) exists already and results "
                        + "are never overwritten: name another one with --output, or remove it.\n"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["runs.csv"])
        #expect(try String(contentsOfFile: path + "/runs.csv", encoding: .utf8) == "precious")
    }

    @Test func refusesWhatCannotBeWritten() throws {
        let scratch = try Scratch()
        let experiment = try Self.experiment(scratch)
        let path = experiment + "/below-a-file"
        let outcome = try Program.call(["run", experiment, "--output", path])
        #expect(outcome.status == 2)
        #expect(outcome.output == "")
        #expect(
            outcome.errors
                == "crashbench: The output directory \(path) cannot be written to (Not a "
                + "directory): name one with --output where you may create files.\n")
        #expect(scratch.contents == ["small.json5"])
    }

    /// A file that may not grow beyond 32 KiB stands for a full disk.
    @Test func keepsWholeRowsOfAFullDisk() throws {
        let scratch = try Scratch()
        let experiment = try Self.experiment(scratch, operations: 20_000)
        let files = ResultsFiles(directory: scratch.path("r"))
        let program = try Program(
            ["run", experiment, "--output", files.directory], after: "ulimit -f 32")
        let outcome = try program.wait()
        #expect(outcome.status == 2)
        #expect(
            outcome.errors
                == "crashbench: Writing \(files.directory)/updates.csv stopped (File too "
                + "large) and left no half row behind: free space, or name another directory with "
                + "--output.\n")
        try program.waitForFamilysEnd()
        let updates = try files.rows("updates.csv")
        #expect(updates.count > 500)
        #expect(updates.map { number($0["operation"]) } == Array(1...updates.count))
        #expect(try files.rows("runs.csv").map { $0["valid"] } == ["false"])
    }
}
