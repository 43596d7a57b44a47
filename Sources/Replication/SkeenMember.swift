/// The receiving side of Skeen's algorithm: proposes timestamps, holds messages back, and delivers
/// them in the order that all members agree on.
struct SkeenMember<Payload> {
    /// The Lamport clock: not behind any timestamp that this member has proposed or learned.
    private(set) var clock: UInt64
    private var queue = HoldBackQueue<Payload>()

    /// - Parameter clock: 0 for a new group; for a member that enters, the clock of one that knows
    ///   all messages delivered so far.
    init(clock: UInt64 = 0) { self.clock = clock }

    var capacityBytes: Int { queue.capacityBytes }

    /// - Returns: the timestamp that this member proposes.
    mutating func propose(_ id: MessageID, _ payload: Payload) -> UInt64 {
        clock += 1
        queue.hold(id, timestamp: clock, payload)
        return clock
    }

    /// Takes a message's final timestamp.
    ///
    /// - Returns: the messages that are delivered now, in their order; nil where the message is not
    ///   held.
    mutating func finalize(
        _ id: MessageID, timestamp: UInt64
    ) -> [(id: MessageID, payload: Payload)]? {
        clock = max(clock, timestamp)
        guard queue.finalize(id, timestamp: timestamp) else { return nil }
        var delivered: [(id: MessageID, payload: Payload)] = []
        while let message = queue.popDeliverable() { delivered.append(message) }
        return delivered
    }
}
