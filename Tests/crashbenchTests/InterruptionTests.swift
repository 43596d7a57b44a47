import Foundation
import ProgramTesting
import Testing

/// Whatever happens to the program or to its nodes, no process stays, and what was measured is kept.
struct InterruptionTests {
    @Test(arguments: ["tcp", "ipc"])
    func nodesEndWithAKilledDriver(transport: String) throws {
        let run = try LongRun(transport: transport)
        try run.waitForRecovery()
        // 2 primaries and a backup, which may be between two lives.
        #expect(run.program.children(running: "node").count >= 2)
        run.program.send(SIGKILL)
        #expect(try run.program.wait().status == -SIGKILL)
        try run.program.waitForFamilysEnd()
        try eventually("the end of the sockets' directory", within: 30) {
            run.program.temporaryFiles.isEmpty
        }
    }

    @Test(arguments: ["tcp", "ipc"])
    func echoEndsWithADriverKilledDuringTheFloor(transport: String) throws {
        let run = try LongRun(transport: transport)
        try run.waitForFloor()
        run.program.send(SIGKILL)
        #expect(try run.program.wait().status == -SIGKILL)
        try run.program.waitForFamilysEnd()
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func keepsWhatWasMeasured(signal: Int32) throws {
        let run = try LongRun()
        try run.waitForRecovery()
        run.program.send(signal)
        let outcome = try run.program.wait()
        #expect(outcome.status == 2)
        #expect(
            outcome.errors
                == "Interrupted in run 1 of 2: all nodes are ended, and what was measured is in "
                + "\(run.files.directory).\n")
        try run.program.waitForFamilysEnd()
        try run.files.checkFiles()
        let runs = try run.files.rows("runs.csv")
        #expect(runs.map { $0["valid"] } == ["false"])
        #expect(try run.files.rows("updates.csv").count == number(runs[0]["updates"]))
        #expect(try run.files.rows("recovery.csv").count >= 1)
        #expect(try run.files.text("tables.md").contains("0 of 1 runs valid"))
    }

    @Test func keepsFinishedRuns() throws {
        let run = try LongRun(mechanisms: ["none", "fusion"], operations: 2000)
        try run.waitForRecovery()
        run.program.send(SIGINT)
        let outcome = try run.program.wait()
        #expect(outcome.status == 2)
        #expect(outcome.errors.hasPrefix("Interrupted in run 2 of 2: "))
        try run.files.checkFiles()
        #expect(try run.files.rows("runs.csv").map { $0["valid"] } == ["true", "false"])
        #expect(try run.files.rows("summary.csv").map { $0["mechanism"] }.contains("none"))
    }

    @Test func interruptedDuringTheFloor() throws {
        let run = try LongRun()
        try run.waitForFloor()
        run.program.send(SIGINT)
        let outcome = try run.program.wait()
        #expect(outcome.status == 2)
        #expect(outcome.errors == "Interrupted before the first run: nothing was measured.\n")
        try run.program.waitForFamilysEnd()
        #expect(!run.files.exists("runs.csv"))
    }

    @Test func interruptedDuringTheLastFloor() throws {
        let run = try LongRun(mechanisms: ["fusion"], operations: 20)
        try eventually("the floor after the last run") {
            run.files.rowsSoFar("runs.csv") == 1
                && !run.program.children(running: "floor-echo").isEmpty
        }
        run.program.send(SIGINT)
        let outcome = try run.program.wait()
        #expect(outcome.status == 2)
        #expect(outcome.errors.hasPrefix("Interrupted after the last run: "))
        try run.program.waitForFamilysEnd()
        try run.files.checkFiles()
        #expect(try run.files.rows("runs.csv").map { $0["valid"] } == ["true"])
        #expect(try run.files.rows("summary.csv").contains { $0["ratio_to_floor"] != "" })
    }

    @Test(arguments: [
        (
            ["fusion", "replication"], "1",
            "Run 1 (fusion, 2 groups, f = 1, repetition 1): primary-1"
        ),
        (
            ["replication", "fusion"], "1",
            "Run 1 (replication, 2 groups, f = 1, repetition 1): "
                + "manager"
        ),
        (
            ["replication", "fusion"], "2",
            "Run 1 (replication, 2 groups, f = 1, repetition 1): "
                + "replica-1-1"
        ),
    ])
    func namesANodeThatIsKilled(mechanisms: [String], node: String, sentence: String) throws {
        let run = try LongRun(mechanisms: mechanisms, operations: 600)
        try run.waitForRecovery()
        let victim = try #require(
            run.program.children(running: "node").first { $0.arguments.last == node })
        kill(victim.identifier, SIGKILL)
        let outcome = try run.program.wait()
        #expect(outcome.status == 2)
        #expect(
            outcome.errors
                == "\(sentence) ended by itself: it gave no reason, as when it is killed.\n")
        try run.program.waitForFamilysEnd()
        try run.files.checkFiles()
        #expect(try run.files.rows("runs.csv").map { $0["valid"] } == ["false", "true"])
    }

    /// The program's file may no longer be run once the first run is under way.
    @Test func saysWhyANodeCannotStart() throws {
        let scratch = try Scratch()
        let copy = scratch.url.appendingPathComponent("crashbench")
        try FileManager.default.copyItem(at: try crashbenchExecutable(), to: copy)
        let run = try LongRun(executable: copy)
        try run.waitForRecovery()
        chmod(copy.path, 0o600)
        let outcome = try run.program.wait()
        #expect(outcome.status == 2)
        let sentences = outcome.errors.split(separator: "\n")
        #expect(sentences.count == 3)
        #expect(sentences[1].contains("did not start") && sentences[1].hasSuffix("of before."))
        #expect(
            sentences.first?.hasPrefix(
                "Run 1 (fusion, 2 groups, f = 1, repetition 1): backup-1 cannot be started: ")
                == true, "\(outcome.errors)")
        try run.program.waitForFamilysEnd()
        #expect(try run.files.rows("runs.csv").map { $0["valid"] } == ["false", "false"])
    }
}
