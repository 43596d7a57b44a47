import Roles
import Structures

/// Something that happens to the nodes of a schedule at its moment.
struct ScheduledAction: Sendable {
    /// How a node comes back.
    struct Return: Sendable {
        /// From the node's end until it is there again.
        var bootNs: UInt64
        /// From then until it takes part.
        var startNs: UInt64
    }

    enum Content: Sendable {
        /// A client hands an update or a read to one of the group's initiators.
        case update(group: Int, initiator: NodeID, Operation)
        /// Nodes end at once.
        case crash([(node: NodeID, Return)])
        /// `by` thinks that `node` is gone; after a while, `node` ends.
        case suspicion(of: NodeID, by: NodeID, fenceNs: UInt64, Return)
        /// Two nodes lose each other; after a while, one of them ends.
        case brokenConnection(NodeID, NodeID, fenceNs: UInt64, Return)
        case slowNode(NodeID, forNs: UInt64)
        case slowLink(from: NodeID, to: NodeID, forNs: UInt64)
    }

    /// Its place among the actions of the schedule, from 0.
    var number: Int
    /// From the beginning of the schedule, in virtual nanoseconds.
    var moment: UInt64
    var content: Content
}

extension ScheduledAction {
    /// The action in words.
    ///
    /// - Parameter name: a node's name.
    func text(_ name: (NodeID) -> String) -> String {
        switch content {
        case .update(let group, let initiator, let operation):
            "\(name(initiator)) is asked for \(operation.kind.name) in group \(group + 1)"
        case .crash(let nodes):
            nodes.map { name($0.node) }.joined(separator: ", ")
                + (nodes.count == 1 ? " crashes" : " crash at once")
        case .suspicion(let node, let other, _, _):
            "\(name(other)) thinks that \(name(node)) is gone"
        case .brokenConnection(let node, let other, _, _):
            "the connection between \(name(node)) and \(name(other)) breaks"
        case .slowNode(let node, _): "\(name(node)) becomes slow"
        case .slowLink(let from, let to, _):
            "messages from \(name(from)) to \(name(to)) become slow"
        }
    }
}
