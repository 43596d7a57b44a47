import Roles

/// Names one multicast message for ever: which life of which sender sent it, and as which of its
/// messages. The order breaks ties between equal timestamps.
struct MessageID: Hashable, Comparable, Sendable {
    var sender: Member
    var number: UInt64

    static func < (left: MessageID, right: MessageID) -> Bool {
        (left.sender.node, left.sender.incarnation, left.number)
            < (right.sender.node, right.sender.incarnation, right.number)
    }
}
