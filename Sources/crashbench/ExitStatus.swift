/// How the program ends (DESIGN.md, Contracts).
enum ExitStatus: Int32 {
    /// Every run was valid.
    case valid = 0
    /// A run was invalid: state lost or wrong, or orders that differ. Of `compare`: worse than the
    /// threshold.
    case invalid = 1
    /// Something could not be judged: interrupted, a node did not start, results not written, or
    /// results of which something had to be left out.
    case unjudged = 2
    /// The command line or the experiment file is wrong.
    case usage = 64
}

/// A command line that cannot be followed, as one sentence.
struct UsageError: Error, Equatable, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
