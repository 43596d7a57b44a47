/// Why the floor could not be measured, written or read.
package enum FloorError: Error, Equatable, Sendable, CustomStringConvertible {
    /// A parameter is outside of what is allowed.
    case parameter(name: String, value: String, allowed: String)
    /// A call into libzmq or the system failed.
    case call(name: String, on: String, reason: String)
    /// The executable that should hold the echo peers did not start.
    case echoNotStarted(path: String, reason: String)
    /// The echo process ended while answers were awaited.
    case echoEnded
    /// No message came within the deadline.
    case noAnswer(seconds: Int)

    package var description: String {
        switch self {
        case .parameter(let name, let value, let allowed):
            "The floor cannot be measured with \(name) \(value): \(allowed) is allowed."
        case .call(let name, let place, let reason):
            "The floor cannot be measured: \(name) on \(place) failed: \(reason)."
        case .echoNotStarted(let path, let reason):
            "The floor cannot be measured: the echo process \(path) did not start: \(reason)."
        case .echoEnded:
            "The floor was not measured: the echo process ended before all answers had come; "
                + "its own message, if it had one, stands above."
        case .noAnswer(let seconds):
            "The floor was not measured: no answer came from the echo peers within \(seconds) "
                + "seconds; see whether the machine is overloaded or loopback connections are "
                + "blocked."

        }
    }
}
