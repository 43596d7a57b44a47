import ProgramTesting
import Testing

/// What goes on beside a run on the same machine does not disturb it.
struct NeighbourTests {
    @Test(arguments: ["tcp", "ipc"])
    func twoRunsAtOnce(transport: String) throws {
        let runs = try (0..<2).map { _ in
            try LongRun(operations: 100, transport: transport)
        }
        for run in runs {
            let outcome = try run.program.wait()
            #expect(outcome.status == 0 && outcome.errors == "", "\(outcome)")
            // Warnings of a busy machine come before; each run is the other's.
            #expect(
                outcome.output.hasSuffix(
                    "Results: \(run.files.directory) (report.html, tables.md, summary.csv)\n"))
            try run.program.waitForFamilysEnd()
            try run.files.checkFiles()
            try run.files.checkRuns()
        }
    }

    @Test func strangersNoise() throws {
        let run = try LongRun(operations: 1000)
        try run.waitForRecovery()
        // The driver and the nodes that are never restarted.
        let listeners = run.program.family.filter { $0.arguments.last != "3" }
        let ports = listeners.flatMap(\.listeningPorts)
        #expect(ports.count >= 3)
        for port in ports {
            for bytes in Noise.streams { #expect(write(bytes, toLoopbackPort: port)) }
            try Noise.push(Noise.messages, to: port)
        }
        #expect(!run.program.hasEnded)
        let outcome = try run.program.wait()
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        try run.files.checkRuns()
    }
}
