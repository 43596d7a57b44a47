/// How the nodes of one machine reach each other.
package enum EndpointKind: Sendable, Equatable {
    /// Loopback TCP, on a port that the system chooses.
    case tcp
    /// Unix sockets in a directory that only this user can enter.
    case ipc(directory: String)
    /// Memory, between threads that share a `MessagingContext`.
    case inproc

    /// Where a node binds. No two incarnations of a node share an address, nor do two runs.
    func address(of member: String, run: UInt64) -> String {
        switch self {
        case .tcp: "tcp://127.0.0.1:*"
        case .ipc(let directory): "ipc://\(directory)/\(member)"
        case .inproc: "inproc://\(run)/\(member)"
        }
    }
}
