import Foundation

/// The asker's hold on another process of the floor, which is the same program.
final class FloorProcess {
    private let process = Process()
    private let lifeline = Pipe()
    private let output = Pipe()

    /// Starts `executable`; its error messages go where ours go.
    ///
    /// - Parameter processors: the CPUs that it is bound to; nil where the kernel chooses.
    init(
        _ command: String, _ arguments: [String], executable: URL, processors: [Int]?
    ) throws {
        process.executableURL = executable
        process.arguments = [command] + arguments
        process.standardInput = lifeline
        process.standardOutput = output
        do {
            try ProcessorSet.bound(to: processors) { try process.run() }
        } catch {
            throw FloorError.echoNotStarted(
                path: executable.path, reason: error.localizedDescription)
        }
    }

    /// Becomes readable when the process has written or ended.
    var outputDescriptor: Int32 { output.fileHandleForReading.fileDescriptor }

    /// All that the process writes until its end.
    func readOutput() -> String {
        let data = try? output.fileHandleForReading.readToEnd()
        return String(decoding: data ?? Data(), as: UTF8.self)
    }

    /// Ends the process and waits until it is gone.
    func stop() {
        try? lifeline.fileHandleForWriting.close()
        process.terminate()
        process.waitUntilExit()
    }
}
