import Foundation
import ProgramTesting
import Testing

/// `--resume`: what was interrupted goes on, and only that.
struct ResumeTests {
    private static let experiment = """
        {name: "resumed", mechanisms: ["fusion", "replication"], groups: 2, faults: [1, 2],
         workload: {operations: 4000, warmup: 10}, crash: {every: 2000},
         simulation: {network: "rack"}}
        """

    private static func call(_ arguments: [String]) throws -> Program.Outcome {
        try Program.call(arguments)
    }

    /// Rows of a file without their order.
    private static func rows(_ files: ResultsFiles, _ name: String) throws -> [String] {
        try files.text(name).components(separatedBy: "\r\n").sorted()
    }

    @Test(
        "A simulation that is interrupted or killed anywhere goes on to the same results",
        arguments: [SIGINT, SIGKILL], [0, 1, 2, 3])
    func sameResults(signal: Int32, after finished: Int) throws {
        let scratch = try Scratch()
        let experiment = try scratch.file("resumed.json5", Self.experiment)
        let whole = ResultsFiles(directory: scratch.path("whole"))
        #expect(
            try Self.call(["simulate", experiment, "--output", whole.directory]).status == 0)
        let files = ResultsFiles(directory: scratch.path("cut"))
        let program = try Program(["simulate", experiment, "--output", files.directory])
        try eventually("\(finished) runs and a part of the next") {
            files.rowsSoFar("runs.csv") >= finished
                && files.rowsSoFar("updates.csv") > 8000 * finished
        }
        program.send(signal)
        let outcome = try program.wait()
        let ended = files.rowsSoFar("runs.csv")
        // A fast machine may be done before it is told to stop.
        #expect([0, signal == SIGKILL ? -SIGKILL : 2].contains(outcome.status))
        // As if the disk had been full in the middle of a row.
        if signal == SIGKILL,
            let file = FileHandle(forWritingAtPath: files.directory + "/space.csv")
        {
            try file.seekToEnd()
            try file.write(contentsOf: Data("4,17,prim".utf8))
        }
        let resumed = try Self.call(["simulate", experiment, "--resume", files.directory])
        #expect(resumed.status == 0, "\(ended): \(resumed.errors)")
        try files.checkFiles()
        try files.checkRuns()
        for name in ["runs.csv", "updates.csv", "space.csv", "recovery.csv", "summary.csv"] {
            let (cut, uncut) = (try Self.rows(files, name), try Self.rows(whole, name))
            #expect(cut == uncut, "\(name)")
        }
        // Nothing is left to do.
        let again = try Self.call(["simulate", experiment, "--resume", files.directory])
        #expect(again.status == 0)
        let (once, twice) = (
            try Self.rows(whole, "updates.csv"), try Self.rows(files, "updates.csv")
        )
        #expect(once == twice)
    }

    @Test("Real runs go on, too")
    func realRuns() throws {
        let run = try LongRun(mechanisms: ["none", "fusion"], operations: 2000)
        try run.waitForRecovery()
        run.program.send(SIGINT)
        #expect(try run.program.wait().status == 2)
        let before = try run.files.rows("updates.csv").filter { $0["run"] == "1" }
        let outcome = try Self.call(
            ["run", run.experiment, "--resume", run.files.directory])
        #expect(outcome.status == 0, "\(outcome.errors)")
        try run.files.checkFiles()
        try run.files.checkRuns()
        let after = try run.files.rows("updates.csv").filter { $0["run"] == "1" }
        #expect(before == after)
        #expect(try run.files.rows("runs.csv").map { $0["outcome"] } == ["valid", "valid"])
    }

    @Test("Another experiment, commit or program, and a directory in use, are refused")
    func refusals() throws {
        let scratch = try Scratch()
        let experiment = try scratch.file("resumed.json5", Self.experiment)
        let directory = scratch.path("r")
        func resume(_ options: [String] = []) throws -> String {
            let outcome = try Self.call(
                ["simulate", experiment, "--resume", directory] + options)
            #expect(outcome.status == (options.first == "--output" ? 64 : 2))
            return outcome.errors
        }
        let small = ["--set", "workload.operations=20", "--set", "crash.every=10"]
        #expect(try resume(small).contains("cannot be read"))
        #expect(
            try Self.call(["simulate", experiment, "--output", directory] + small).status == 0)
        #expect(
            try resume(small + ["--seed", "5"]).contains(
                "its experiment is another one: it has \"seed\" : 2016 where this one has "
                    + "\"seed\" : 5"))
        #expect(try resume(["--output", scratch.path("other")]).contains("do not go together"))
        let file = directory + "/environment.json"
        let text = try String(contentsOfFile: file, encoding: .utf8)
        func edit(_ pattern: Regex<Substring>, _ replacement: String) throws {
            try text.replacing(pattern, with: replacement)
                .write(toFile: file, atomically: true, encoding: .utf8)
        }
        try edit(/"commit" : "[^"]*"/, "\"commit\" : \"0123456789abcdef\"")
        #expect(try resume(small).contains("it was measured at commit 0123456789ab"))
        try edit(/"program" : "[^"]*"/, "\"program\" : \"1\"")
        #expect(try resume(small).contains("by another build of the program"))
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY)
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        #expect(try resume(small).contains("Another crashbench writes into"))
        close(descriptor)
        let outcome = try Self.call(["simulate", experiment, "--resume", directory] + small)
        #expect(outcome.status == 0, "\(outcome.errors)")
    }
}
