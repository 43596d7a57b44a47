import Foundation
import ProgramTesting
import Testing

/// `crashbench floor`: a table on standard output, `floor.csv` where that is asked for, and no
/// process that stays.
struct FloorCommandTests {
    @Test func measuresAndWrites() throws {
        let scratch = try Scratch()
        let program = try Program([
            "floor", "--transport", "ipc", "--peers", "2", "--bytes", "8", "--window", "5",
            "--output", scratch.path("f"),
        ])
        let outcome = try program.wait()
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        #expect(program.temporaryFiles.isEmpty)
        let rows = try ResultsFiles(directory: scratch.path("f")).rows("floor.csv")
        let windowed = rows.filter { $0["measure"] == "windowed" }
        #expect(windowed.map { $0["peers"] } == ["1", "2"])
        #expect(windowed.allSatisfy { $0["window"] == "5" && $0["message_bytes"] == "8" })
        let lines = outcome.output.split(separator: "\n")
        #expect(lines.count == rows.count + 1)
        #expect(lines.first?.hasPrefix("transport  measure ") == true)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: scratch.path("f")).sorted()
                == ["environment.json", "floor.csv"])
        let again = try Program.call(["floor", "--output", scratch.path("f")])
        #expect(again.status == 2 && again.output.isEmpty)
        #expect(again.errors.contains("exists already"))
    }

    @Test(arguments: [SIGINT, SIGTERM, SIGKILL])
    func noProcessStays(signal: Int32) throws {
        let program = try Program(["floor", "--transport", "ipc"])
        try eventually("the echo process") {
            !program.children(running: "floor-echo").isEmpty
        }
        program.send(signal)
        let outcome = try program.wait()
        #expect(outcome.status == (signal == SIGKILL ? -SIGKILL : 2))
        if signal != SIGKILL { #expect(outcome.errors == "crashbench: interrupted\n") }
        try program.waitForFamilysEnd()
        try eventually("the end of the sockets' directory", within: 30) {
            program.temporaryFiles.isEmpty
        }
    }
}
