import Roles

/// Names one multicast message for ever: which life of which sender sent it, and as which of its
/// messages. The order breaks ties between equal timestamps.
struct MessageID: Hashable, Comparable, Sendable {
    var sender: Member
    /// Counts from 1 in each life of a sender.
    var number: UInt64

    static func < (left: MessageID, right: MessageID) -> Bool {
        (left.sender.node, left.sender.incarnation, left.number)
            < (right.sender.node, right.sender.incarnation, right.number)
    }
}

/// A message's place in the order.
struct Timestamped: Equatable, Sendable {
    var id: MessageID
    var timestamp: UInt64
}
