/// A node's place on a network, real or virtual, as the host of its role needs it.
package protocol NodeEndpoint: AnyObject {
    /// Where peers connect to.
    var address: String { get }

    /// Messages of this run that cannot be read. What strangers send is not among them.
    var malformedMessages: Int { get }

    /// Opens a link and says hello on it. Nothing happens where the link stands already, or where
    /// the peer is known to be gone.
    func connect(to peer: Member, at address: String) throws

    /// Whether both directions to each of `peers` stand.
    func isLinked(to peers: [NodeID]) -> Bool

    /// Sends to the current incarnation of a node. A message to a node that is gone is dropped, as
    /// it would be on its way.
    ///
    /// - Returns: whether there is a link.
    @discardableResult
    func send(_ message: Message, to node: NodeID, channel: Envelope.Channel) throws -> Bool

    /// Has `NetworkEvent.alarm` come once at a moment, in place of an alarm set before.
    ///
    /// - Parameter moment: nanoseconds on the clock that all nodes share; nil for none.
    func setAlarm(at moment: UInt64?)
}

/// What a node hears from its links.
package enum NetworkEvent {
    /// A message of a peer's current incarnation.
    case message(Message, channel: Envelope.Channel, from: NodeID)
    /// Both directions to this incarnation of the peer stand; this is where it can be reached.
    case peerUp(Member, address: String)
    /// The connection to this incarnation of the peer is gone.
    case peerLost(Member)
    /// The moment has come for which an alarm was set.
    case alarm
}
