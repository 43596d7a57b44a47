import Foundation

/// One call of crashbench as a process of its own, seen from outside: its output, its exit status,
/// and every process that it leads to.
package final class Program {
    /// How a call went.
    package struct Outcome: Equatable, Sendable {
        /// The exit status; the negative number of the signal where one ended the program.
        package var status: Int32
        package var output: String
        package var errors: String

        package init(status: Int32, output: String, errors: String) {
            self.status = status
            self.output = output
            self.errors = errors
        }
    }

    private let process = Process()
    /// Output goes to files: a pipe would fill up, or be held open by whoever outlives the program.
    private let scratch: Scratch
    /// Stands in the environment of the program and of all its descendants, and nowhere else.
    private let mark = "CRASHBENCH_TEST=\(UUID().uuidString)"

    /// Where the program makes what is only for the time of a run; other programs that it starts
    /// use it, too.
    private let temporaryFolder: URL

    /// Starts the program.
    ///
    /// - Parameters:
    ///   - directory: the working directory.
    ///   - executable: nil for the crashbench of these tests.
    ///   - shell: commands of bash that come before.
    package init(
        _ arguments: [String], in directory: URL = projectRoot, executable: URL? = nil,
        after shell: String? = nil
    ) throws {
        scratch = try Scratch()
        temporaryFolder = scratch.url.appendingPathComponent("t")
        try FileManager.default.createDirectory(
            at: temporaryFolder, withIntermediateDirectories: false)
        let executable = try executable ?? crashbenchExecutable()
        if let shell {
            process.executableURL = URL(fileURLWithPath: "/bin/bash")
            process.arguments =
                ["-c", "\(shell); exec \"$@\"", "bash", executable.path] + arguments
        } else {
            process.executableURL = executable
            process.arguments = arguments
        }
        var environment = ProcessInfo.processInfo.environment
        let parts = mark.split(separator: "=").map(String.init)
        environment[parts[0]] = parts[1]
        environment["TMPDIR"] = temporaryFolder.path
        process.environment = environment
        process.currentDirectoryURL = directory
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try scratch.newFile("output")
        process.standardError = try scratch.newFile("errors")
        try process.run()
    }

    deinit { for process in family { kill(process.identifier, SIGKILL) } }

    /// Runs the program to its end.
    package static func call(
        _ arguments: [String], in directory: URL = projectRoot
    ) throws -> Outcome {
        try Program(arguments, in: directory).wait()
    }

    package var identifier: Int32 { process.processIdentifier }
    package var hasEnded: Bool { !process.isRunning }

    /// The program, where it still runs, and all that it has led to.
    package var family: [LiveProcess] { LiveProcess.all(with: mark) }

    /// The program's child processes that run one of its commands.
    package func children(running command: String) -> [LiveProcess] {
        family.filter { $0.parent == identifier && $0.arguments.dropFirst().first == command }
    }

    /// What the program has made for the time of a run and not removed.
    package var temporaryFiles: [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: temporaryFolder.path)
        return (names ?? []).filter { $0.hasPrefix("crashbench") }
    }

    /// Whether something has come on the program's standard output.
    package var hasPrinted: Bool { scratch.size("output") > 0 }

    package func send(_ signal: Int32) { kill(identifier, signal) }

    /// Waits for the program's end.
    package func wait() throws -> Outcome {
        try eventually("the program's end", within: 300) { hasEnded }
        let status = process.terminationStatus
        return Outcome(
            status: process.terminationReason == .exit ? status : -status,
            output: scratch.text("output"), errors: scratch.text("errors"))
    }

    /// Waits until no process is left that the program has led to.
    package func waitForFamilysEnd() throws {
        try eventually("the end of all processes", within: 30) { family.isEmpty }
    }
}

extension Scratch {
    fileprivate func newFile(_ name: String) throws -> FileHandle {
        try FileHandle(forWritingTo: URL(fileURLWithPath: try file(name, "")))
    }

    fileprivate func size(_ name: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path(name))
        return (attributes?[.size] as? Int) ?? 0
    }

    fileprivate func text(_ name: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path(name)) ?? Data(), as: UTF8.self)
    }
}
