import Roles

/// The receiving side of Skeen's algorithm: proposes timestamps, holds messages back, and delivers
/// them in the order that all members agree on (Birman and Joseph 1987; DESIGN.md, Active
/// replication).
///
/// Any number of senders may be active at once, and a message may go to any set of members, of one
/// group or of several: only these take part.
struct SkeenMember<Payload> {
    /// The Lamport clock: not behind any timestamp that this member has proposed or learned.
    private(set) var clock: UInt64
    private var queue = HoldBackQueue<Payload>()
    /// Delivered messages of which others may still not know the place, should their sender die.
    private var recent: [Timestamped] = []

    /// A message that is delivered.
    struct Delivery {
        var id: MessageID
        var payload: Payload
    }

    /// - Parameter clock: 0 for a new group; for a member that enters, the clock of one that knows
    ///   all messages delivered so far.
    init(clock: UInt64 = 0) { self.clock = clock }

    var capacityBytes: Int {
        queue.capacityBytes + recent.allocatedBytes
    }

    /// - Parameter stable: all messages of this life of the sender with lower numbers are complete.
    /// - Returns: the timestamp that this member proposes.
    mutating func propose(_ id: MessageID, stable: UInt64, _ payload: Payload) -> UInt64 {
        recent.removeAll { $0.id.sender == id.sender && $0.id.number < stable }
        clock += 1
        queue.hold(id, timestamp: clock, payload)
        return clock
    }

    /// Takes a message's final timestamp.
    ///
    /// - Returns: the messages that are delivered now, in their order; nil where the message is not
    ///   held.
    mutating func finalize(_ place: Timestamped) -> [Delivery]? {
        clock = max(clock, place.timestamp)
        guard queue.finalize(place.id, timestamp: place.timestamp) else { return nil }
        return deliver()
    }

    /// Of a message that is held back; nil where it is not.
    func payload(of id: MessageID) -> Payload? { queue.payload(of: id) }

    private mutating func deliver() -> [Delivery] {
        var delivered: [Delivery] = []
        while let message = queue.popDeliverable() {
            delivered.append(Delivery(id: message.id, payload: message.payload))
            recent.append(Timestamped(id: message.id, timestamp: message.timestamp))
        }
        return delivered
    }
}

// MARK: - When a sender is gone

extension SkeenMember {
    /// What this member knows of those senders' messages that are not known to be complete: their
    /// final timestamps, or nil where it has none.
    func pending(of isGone: (Member) -> Bool) -> [(id: MessageID, timestamp: UInt64?)] {
        (recent.map { ($0.id, $0.timestamp) } + queue.messages).filter { isGone($0.id.sender) }
    }

    /// Gives messages of gone senders the places that some member knows, and forgets those of which
    /// none does. The same everywhere, it leaves the same delivered everywhere.
    ///
    /// - Returns: the messages that are delivered now.
    mutating func settle(finals: [Timestamped], discarded: [MessageID]) -> [Delivery] {
        for id in discarded { queue.discard(id) }
        var delivered: [Delivery] = []
        for place in finals { delivered += finalize(place) ?? [] }
        return delivered + deliver()
    }

    /// Nothing is in flight any more: whatever was delivered is complete.
    mutating func forgetRecent() { recent = [] }

    /// Whether no message is held back.
    var isEmpty: Bool { queue.count == 0 }
}
