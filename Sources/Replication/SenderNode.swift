import Roles
import Structures

/// A sender of updates that is no group manager.
package struct SenderNode: Role {
    private let topology: ReplicationTopology
    private var sender: UpdateSender
    private var isRecovering = false
    /// The replicas that have not said that they know this life.
    private var strangers: Set<NodeID> = []

    package init(
        member: Member, topology: ReplicationTopology, options: ReplicationOptions
    ) {
        self.topology = topology
        sender = UpdateSender(member, topology: topology, options: options, isSequencer: false)
    }

    package var elementCount: Int { 0 }

    package var ledger: Ledger {
        Ledger(protocolState: MemoryLayout<SenderNode>.size + sender.capacityBytes)
    }

    package func snapshot() -> Message { Message(head: []) }

    package mutating func handle(_ event: Event, into effects: inout [Effect]) {
        switch event {
        case .start(let start):
            switch start.kind {
            case .initial: sender.begin()
            case .recovery:
                isRecovering = true
                effects.append(.report(.phase(.quiesce)))
                strangers = Set(start.peers.filter { topology.group(of: $0) != nil })
                for replica in strangers.sorted() { effects.send(.greet, to: replica, .recovery) }
                if strangers.isEmpty { join(into: &effects) }
            }
        case .update(let group, let ticket, let operation):
            sender.request(operation, ticket: ticket, group: group, into: &effects)
        case .message(let message, let node):
            guard let content = try? ReplicationMessage(decoding: message.head) else {
                return effects.append(.report(.malformed))
            }
            if case .greeted = content { return meet(node, into: &effects) }
            sender.receive(content, message, from: node, into: &effects)
        case .idle:
            sender.flush(into: &effects)
        case .peerLost(let node):
            // The manager says who is gone.
            meet(node, into: &effects)
        case .proceed:
            break
        }
        guard isRecovering, (0..<topology.groups).allSatisfy(sender.isOpen) else { return }
        isRecovering = false
        effects.append(.report(.phase(.resume)))
        effects.append(.report(.recovered))
    }
    /// A replica knows this life, or is gone.
    private mutating func meet(_ replica: NodeID, into effects: inout [Effect]) {
        if strangers.remove(replica) != nil, strangers.isEmpty { join(into: &effects) }
    }

    /// Only now: a replica that enters while this sender does is in no view yet whose changes this
    /// sender marks, and has to wait for the end of what this life has sent should it end.
    private func join(into effects: inout [Effect]) {
        for manager in topology.managers { effects.send(.join, to: manager, .recovery) }
    }
}
