/// Why a run is not valid.
package enum RunError: Error, Equatable, CustomStringConvertible {
    /// State was lost or is wrong, or a protocol was broken.
    case invalid(String)
    /// The run could not be judged: a node did not start, ended by itself or did not answer.
    case unjudged(String)
    /// The user asked to stop.
    case interrupted

    package var description: String {
        switch self {
        case .invalid(let text), .unjudged(let text): text
        case .interrupted: "interrupted"
        }
    }
}
