import Roles
import Structures

/// A sender of updates that is no group manager.
package struct SenderNode: Role {
    private let topology: ReplicationTopology
    private var sender: UpdateSender
    private var isRecovering = false

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
                for manager in topology.managers {
                    effects.send(.join, to: manager, .recovery)
                }
            }
        case .update(let group, let ticket, let operation):
            sender.request(operation, ticket: ticket, group: group, into: &effects)
        case .message(let message, let node):
            guard let content = try? ReplicationMessage(decoding: message.head) else {
                return effects.append(.report(.malformed))
            }
            sender.receive(content, message, from: node, into: &effects)
        case .idle:
            sender.flush(into: &effects)
        case .peerLost, .proceed:
            // The manager says who is gone.
            break
        }
        guard isRecovering, (0..<topology.groups).allSatisfy(sender.isOpen) else { return }
        isRecovering = false
        effects.append(.report(.phase(.resume)))
        effects.append(.report(.recovered))
    }
}
