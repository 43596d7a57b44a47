import Roles

/// One update in a member's delivery log: 16 bytes.
package struct Delivery: Sendable {
    /// What tells the updates of one group apart; see `Event.update`.
    package struct ID: Hashable, Sendable {
        package var sender: NodeID
        package var ticket: UInt64

        package init(sender: NodeID, ticket: UInt64) {
            self.sender = sender
            self.ticket = ticket
        }
    }

    package let ticket: UInt64
    /// How long the member knew the update's place and waited for earlier ones, in nanoseconds; the
    /// largest value where it was longer.
    package var heldBackNs: UInt32
    private let groupNumber: UInt16
    /// Who began it.
    package let sender: NodeID

    /// - Parameter group: from 0; there are no more groups than `NodeID` tells apart nodes.
    package init(group: Int, sender: NodeID, ticket: UInt64, heldBackNs: UInt32 = 0) {
        self.ticket = ticket
        self.heldBackNs = heldBackNs
        groupNumber = UInt16(group)
        self.sender = sender
    }

    package var group: Int { Int(groupNumber) }
    package var id: ID { ID(sender: sender, ticket: ticket) }
}

/// An update that a client began, for its comparison with what was delivered.
package struct SentUpdate: Sendable {
    /// The groups that it goes to, from 0.
    package var groups: [Int]
    package var id: Delivery.ID
    /// Whether the client has its answer.
    package var isAcknowledged: Bool

    package init(groups: [Int], id: Delivery.ID, isAcknowledged: Bool) {
        self.groups = groups
        self.id = id
        self.isAcknowledged = isAcknowledged
    }
}
