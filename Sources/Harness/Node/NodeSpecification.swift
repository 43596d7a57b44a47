import Roles
import Transport

/// All that a node needs to begin a life: it comes as one line of JSON on the standard input of a
/// process, or directly to a thread.
package struct NodeSpecification: Codable, Sendable {
    package var plan: RunPlan
    package var member: Member
    /// A number that no other run on this machine has.
    package var run: UInt64
    package var driverAddress: String
    /// Where the sockets are, for `ipc`.
    package var directory: String?

    var endpointKind: EndpointKind { plan.transport.endpointKind(in: directory) }
}

extension TransportKind {
    /// - Parameter directory: where the sockets are, for `ipc`.
    func endpointKind(in directory: String?) -> EndpointKind {
        switch self {
        case .tcp: .tcp
        case .ipc: .ipc(directory: directory ?? ".")
        case .inproc: .inproc
        }
    }
}
