import Glibc

/// Why results could not be kept or read.
package enum ResultsError: Error, Equatable, Sendable {
    /// The output directory is there already.
    case exists(path: String)
    /// The output directory cannot be made or written to.
    case notWritable(path: String, reason: String)
    /// The file system has `free` bytes where a run needs `needed`.
    case noSpace(path: String, free: Int, needed: Int)
    /// A write stopped; the file ends with its last whole row.
    case write(path: String, reason: String)
    /// A file cannot be read.
    case read(path: String, reason: String)
    /// A file is not what its name promises.
    case malformed(path: String, line: Int, reason: String)
    /// Another program writes into the directory.
    case inUse(path: String)
    /// The directory's results are of something else than what is to go on.
    case cannotResume(path: String, reason: String)
    /// gnuplot is missing or failed.
    case gnuplot(script: String, reason: String)
}

extension ResultsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .exists(let path):
            "The output directory \(path) exists already and results are never overwritten: name "
                + "another one with --output, or remove it."
        case .notWritable(let path, let reason):
            "The output directory \(path) cannot be written to (\(reason)): name one with --output "
                + "where you may create files."
        case .noSpace(let path, let free, let needed):
            "The output directory \(path) has room for \(free / 1_000_000) MB but this experiment "
                + "may write \(needed / 1_000_000) MB: free space, or name another one with "
                + "--output."
        case .write(let path, let reason):
            "Writing \(path) stopped (\(reason)) and left no half row behind: free space, or "
                + "name another directory with --output."
        case .read(let path, let reason):
            "\(path) cannot be read (\(reason)): name a directory that crashbench run has written."
        case .malformed(let path, let line, let reason):
            "\(path), line \(line): \(reason)."
        case .inUse(let path):
            "Another crashbench writes into \(path): wait for its end, or name another directory."
        case .cannotResume(let path, let reason):
            "\(path) cannot be resumed: \(reason). Call the program that began it with the same "
                + "file and options, or begin anew with --output."
        case .gnuplot(let script, let reason):
            "gnuplot could not draw \(script): \(reason)"
        }
    }
}

/// The C library's text for the error number `code`.
func reason(of code: Int32) -> String { String(cString: strerror(code)) }
