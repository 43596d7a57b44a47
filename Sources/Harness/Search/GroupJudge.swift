import Roles
import Structures

/// Judges what becomes of the updates and reads of one group, and knows nothing of the protocol. It
/// is told of everything when it happens.
protocol GroupJudge {
    var book: ClientBook { get }

    /// A client asks an initiator that serves for an update or a read.
    mutating func begin(_ operation: Operation, at initiator: NodeID) -> Delivery.ID

    /// A client has its answer.
    mutating func take(_ answer: ClientAnswer, to id: Delivery.ID) throws(Violation)

    /// A member has delivered an update.
    mutating func deliver(_ id: Delivery.ID, at member: Member) throws(Violation)

    /// A node installs the state that it got from others.
    mutating func install(_ member: Member)

    /// A member is in a view from now on.
    mutating func enter(
        _ view: UInt32, of members: [NodeID], _ member: Member
    ) throws(Violation)

    /// The memory of a node is gone.
    mutating func lose(_ member: Member) throws(Violation)

    /// A peer of a live node thinks that it is gone, so that it will have to end: whatever it does
    /// from now on counts for nothing.
    mutating func suspect(_ member: Member) throws(Violation)

    /// An initiator is back.
    ///
    /// - Parameter elements: what it holds, where it holds data.
    /// - Returns: what its clients have to ask for again.
    mutating func recovered(
        _ initiator: NodeID, elements: [UInt8]?
    ) throws(Violation) -> [Delivery.ID]

    /// Nothing is in flight, and all nodes serve.
    ///
    /// - Returns: what the group's structure must be.
    mutating func rest() throws(Violation) -> ModelStructure
}
