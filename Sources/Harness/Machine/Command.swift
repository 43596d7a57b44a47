import Foundation

/// Runs small programs that are looked for on the PATH.
enum Command {
    struct Outcome {
        var status: Int32
        var output: String

        /// What env(1) returns for a program that is not there.
        var isMissing: Bool { status == 127 }
    }

    /// Runs a program and waits for its end.
    ///
    /// - Parameter withErrors: whether its standard error goes into the output too.
    /// - Returns: nil when nothing could be started at all.
    static func run(_ arguments: [String], withErrors: Bool = false) -> Outcome? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = withErrors ? pipe : FileHandle.nullDevice
        do { try process.run() } catch { return nil }
        let data = (try? pipe.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: String(decoding: data, as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines))
    }

    /// The output of a program that ended well, or nil.
    static func output(_ arguments: String...) -> String? {
        run(arguments).flatMap { $0.status == 0 ? $0.output : nil }
    }
}
