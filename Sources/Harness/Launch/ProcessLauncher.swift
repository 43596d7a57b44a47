import Foundation
import Roles

/// Runs every node as a child process of this program.
///
/// The child's standard input is its lifeline: it carries the specification and then stays open
/// without a word. When it ends, because the driver closes it or because the driver itself is gone,
/// however it went, the node ends too.
struct ProcessLauncher: Launcher {
    /// The program to start: this one.
    let executable: URL
    /// The CPUs that nodes are bound to; all others run wherever the kernel wants.
    let processors: [NodeID: Int]

    func launch(_ specification: NodeSpecification) throws -> any LocalNode {
        let lifeline = Pipe()
        let complaints = Pipe()
        let process = Process()
        process.executableURL = executable
        // Only for people who look at the process list.
        process.arguments = ["node", "\(specification.member.node.rawValue)"]
        process.standardInput = lifeline
        process.standardOutput = FileHandle.nullDevice
        process.standardError = complaints
        try ProcessorSet.bound(to: processors[specification.member.node].map { [$0] }) {
            try process.run()
        }
        // The child has its own copy; the end of the pipe must be the child's end.
        try? complaints.fileHandleForWriting.close()
        try? lifeline.fileHandleForReading.close()
        var line = try JSONEncoder().encode(specification)
        line.append(UInt8(ascii: "\n"))
        do {
            try lifeline.fileHandleForWriting.write(contentsOf: line)
        } catch {
            // A node that is gone already says why on its standard error.
        }
        return ProcessNode(process, lifeline: lifeline, complaints: complaints)
    }
}

private final class ProcessNode: LocalNode {
    private let process: Process
    private let lifeline: Pipe
    private let errors: Pipe

    init(_ process: Process, lifeline: Pipe, complaints: Pipe) {
        self.process = process
        self.lifeline = lifeline
        self.errors = complaints
    }

    deinit { kill() }

    var complaints: Int32 { errors.fileHandleForReading.fileDescriptor }

    func kill() {
        // Foundation reaps the child; while it says that it runs, the id is the child's.
        if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
    }

    func release() { try? lifeline.fileHandleForWriting.close() }
}
