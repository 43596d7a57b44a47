import Structures

/// A node's part in a protocol: a state machine to which events come and from which effects go.
///
/// A role holds no socket, thread, clock, file or random source. Whoever hosts it feeds it one
/// event at a time and carries out the effects in their order, before the next event.
package protocol Role {
    /// Takes one event and appends what shall happen to `effects`. Never fails: bytes that are no
    /// message, and messages that do not fit the state, are reported and change nothing.
    mutating func handle(_ event: Event, into effects: inout [Effect])

    /// What the node holds in memory.
    var ledger: Ledger { get }

    /// The elements that the node answers for: its structure's, or the cells of a fused backup.
    var elementCount: Int { get }

    /// The node's full state, for the mechanism's own check and nobody else.
    func snapshot() -> Message
}

/// What a role is told.
package enum Event {
    /// The first event of every incarnation.
    case start(Start)
    /// A message of a peer's current incarnation. Messages of one peer come in the order in which
    /// it sent them.
    case message(Message, from: NodeID)
    /// The connection to a peer is gone; nothing of that incarnation comes any more.
    case peerLost(NodeID)
    /// A client asks an initiator of `group` for an update; `ticket` names it in the answer. At one
    /// initiator no two updates of a group have the same ticket, in all its lives: one that comes
    /// again is repeated because its answer was lost.
    case update(group: Int, ticket: UInt64, Operation)
    /// The answer to `Effect.proceed`.
    case proceed
    /// No event waits any more. The host hands it over after other events when there is nothing left
    /// to hand over, before it waits for something to come, and now and then where there always is
    /// something. What has gathered meanwhile may go out as one message.
    case idle
}

/// How an incarnation begins.
package struct Start {
    package enum Kind: Sendable {
        /// All nodes are new and every structure is empty.
        case initial
        /// This node crashed and has to get its state back from the others.
        case recovery
    }

    package var kind: Kind
    /// The peers that are up.
    package var peers: [NodeID]

    package init(_ kind: Kind, peers: [NodeID]) {
        self.kind = kind
        self.peers = peers
    }
}

/// What a role asks its host for.
package enum Effect {
    case send(Message, to: NodeID, Purpose)
    /// Hand an `Event.proceed` back once the effects before this one are done. It cuts a long step
    /// in two, so that the host's clock can stand between the halves.
    case proceed
    case report(Report)
}

/// What a message is counted as.
package enum Purpose: Sendable {
    case update
    case recovery
}

/// What a role has to tell its host.
package enum Report: Equatable {
    /// An update is complete: every node that must have it has it. `messages` and `bytes` are what
    /// it took on all links together, answers included.
    case updateCompleted(group: Int, ticket: UInt64, messages: Int, bytes: Int)
    /// The structure refused an update; nothing changed anywhere.
    case updateRefused(group: Int, ticket: UInt64, reason: String)
    /// An update has come to a step, for mechanisms that take several.
    case step(group: Int, ticket: UInt64, UpdateStep)
    /// The answer to a read; `value` is what it found.
    case readCompleted(group: Int, ticket: UInt64, value: [UInt8], messages: Int, bytes: Int)
    /// This node knows the place of an update in the group's order, and holds it back because
    /// earlier ones are not delivered.
    case held(group: Int, sender: NodeID, ticket: UInt64)
    /// This node has delivered an update that `sender` began, in the order that all members of the
    /// group agree on. A repeated one is delivered once.
    case delivered(group: Int, sender: NodeID, ticket: UInt64)
    /// This node is in a view of a group from now on: which of the group's views it is, and who is in
    /// it. Only members of mechanisms that keep views say so.
    case entered(group: Int, view: UInt32, members: [NodeID])
    /// This node's recovery enters a phase.
    case phase(RecoveryPhase)
    /// This node is back in service.
    case recovered
    /// What a recovery that this node leads had and made; only where the mechanism was asked for it.
    case log(RecoveryLog)
    /// Bytes came that are no message.
    case malformed
    /// The protocol cannot go on, or was broken by a peer; the text says how.
    case failed(String)
}

/// The steps of an update at its initiator, in their order.
package enum UpdateStep: UInt8, Sendable, CaseIterable {
    /// It goes out to the members.
    case sent = 0
    /// All have proposed a place for it; the final one goes out.
    case proposed = 1
}

/// The phases of a recovery, in their order (DESIGN.md, Fusion and Active replication).
package enum RecoveryPhase: UInt8, Sendable, CaseIterable, Codable {
    /// Updates come to a halt.
    case quiesce = 0
    /// State comes from the survivors.
    case collect = 1
    /// Lost cells or codes are computed; replication has nothing to do here.
    case decode = 2
    /// The node's structures are built.
    case install = 3
    /// Updates go on.
    case resume = 4
}
