import Testing

@testable import Harness

struct ResultsEnvironmentTests {
    @Test func `the environment is found and comes back from its file`() throws {
        let directory = try TemporaryDirectory()
        let environment = Environment.capture()
        try environment.write(to: ResultsDirectory(path: directory.path))
        #expect(try Environment.read(from: directory.path) == environment)
        #expect(environment.cores > 0)
        #expect(environment.memoryBytes > 1 << 20)
        #expect(environment.zeroMQ.hasPrefix("4."))
        #expect(environment.swift.contains("Swift"))
        #expect(environment.gnuplot.hasPrefix("gnuplot"))
        #expect(environment.kernel != "unknown")
        #expect(environment.loadAverage.count == 3)
        #expect(environment.limits.openFiles ?? 1 > 0)
        #expect(!environment.commandLine.isEmpty)
        #expect(environment.line.contains(environment.processor))
    }

    @Test func `keys are sorted, one to a line`() {
        let keys = Environment.capture().json.split(separator: "\n")
            .filter { $0.hasPrefix("  \"") }
            .compactMap { $0.split(separator: "\"").dropFirst().first }
        #expect(keys.count > 15)
        #expect(keys == keys.sorted { $0.lowercased() < $1.lowercased() })
    }

    @Test func `a program that is not there is no output`() {
        #expect(Command.output("no-such-program-here") == nil)
        #expect(Command.run(["no-such-program-here"])?.isMissing == true)
        #expect(
            Command.run(["sh", "-c", "echo out; echo err >&2"], withErrors: true)?.output
                == "out\nerr")
        #expect(Command.output("sh", "-c", "echo out; echo err >&2") == "out")
        #expect(Command.output("false") == nil)
    }
}
