import Roles

/// A node's place on a virtual network. It treats links, incarnations and greetings as the ZeroMQ
/// endpoint does: who opens a link says hello, the other side answers by opening its own, and what
/// is from or for another incarnation is dropped.
package final class VirtualEndpoint: NodeEndpoint {
    package let member: Member
    package let address: String
    /// Nothing on a virtual network is malformed: what is sent is what comes.
    package var malformedMessages: Int { 0 }

    /// What is known of a peer.
    private struct Standing {
        /// The incarnation to which a link stands; nil where none does.
        var linked: Incarnation?
        /// Whether that one's own hello has come.
        var isHeard = false
        /// The youngest incarnation that is known to be gone.
        var gone: Incarnation = 0
    }

    private unowned let network: VirtualNetwork
    /// Whether links to the first lives of all peers, the driver excluded, stand from the beginning.
    private let isPrelinked: Bool
    /// Of peers that are not as they were at the beginning.
    private var standings: [NodeID: Standing] = [:]
    /// Where the events go.
    let receive: (NetworkEvent) -> Void
    private var alarm: UInt64?
    /// Called when something that has come in is done with, whether or not it was an event.
    var hasHandled: (() -> Void)?

    // What the network keeps of each life.

    /// Whether it is the driver, to which and from which nothing takes time.
    let isOutside: Bool
    /// When its interface has sent all that it has to send.
    var sendingUntil: UInt64 = 0
    /// When it has handled all that has come in.
    var handlingUntil: UInt64 = 0
    /// How many things have come in and are not handled.
    var waiting = 0
    /// How many times longer than the model says it takes to handle something.
    var slowness: UInt64 = 1
    /// When the last message on the link to a peer comes in, where messages could overtake.
    var lastArrivals: [NodeID: UInt64] = [:]

    init(
        of member: Member, on network: VirtualNetwork, isPrelinked: Bool, isOutside: Bool,
        receive: @escaping (NetworkEvent) -> Void
    ) {
        self.member = member
        self.network = network
        self.isPrelinked = isPrelinked
        self.isOutside = isOutside
        self.receive = receive
        address = "virtual:\(member.node.rawValue).\(member.incarnation)"
    }

    private func standing(of node: NodeID) -> Standing {
        if !standings.isEmpty, let known = standings[node] { return known }
        return isPrelinked && node != .driver
            ? Standing(linked: 1, isHeard: true) : Standing()
    }

    /// The incarnation of a peer that messages go to; nil where there is no link.
    func target(_ node: NodeID) -> Incarnation? { standing(of: node).linked }

    package func connect(to peer: Member, at address: String) {
        let standing = standing(of: peer.node)
        guard standing.linked != peer.incarnation, peer.incarnation > standing.gone else { return }
        standings[peer.node] = Standing(linked: peer.incarnation, gone: standing.gone)
        network.send(Message(head: Array(self.address.utf8)), from: self, to: peer, channel: .hello)
    }

    package func isLinked(to peers: [NodeID]) -> Bool {
        peers.allSatisfy { peer in
            let standing = standing(of: peer)
            return standing.linked != nil && standing.isHeard
        }
    }

    @discardableResult
    package func send(
        _ message: Message, to node: NodeID, channel: Envelope.Channel
    ) -> Bool {
        guard let incarnation = target(node) else { return false }
        network.send(
            message, from: self, to: Member(node, incarnation: incarnation), channel: channel)
        return true
    }

    package func setAlarm(at moment: UInt64?) {
        alarm = moment
        guard let moment else { return }
        network.schedule(after: max(moment, network.clock.now) - network.clock.now) { [weak self] in
            self?.ring(at: moment)
        }
    }

    /// Nothing happens where another alarm was set since, or the node's life is over.
    private func ring(at moment: UInt64) {
        guard alarm == moment, network.isAlive(member) else { return }
        alarm = nil
        receive(.alarm)
        hasHandled?()
    }

    /// Whether anybody hears what has come in.
    func hears(_ packet: Packet) -> Bool {
        let standing = standing(of: packet.sender.node)
        let incarnation = packet.sender.incarnation
        return packet.channel == .hello
            ? incarnation > standing.gone && incarnation >= standing.linked ?? 0
            : incarnation == standing.linked
    }

    /// Takes what has come in and is heard.
    func take(_ packet: Packet) {
        let sender = packet.sender
        guard packet.channel == .hello else {
            return receive(.message(packet.message, channel: packet.channel, from: sender.node))
        }
        if let known = target(sender.node) {
            // The new life of a peer can be heard before the end of the old one is.
            if sender.incarnation > known { lose(Member(sender.node, incarnation: known)) }
        }
        let address = String(decoding: packet.message.head, as: UTF8.self)
        connect(to: sender, at: address)
        guard !standing(of: sender.node).isHeard else { return }
        standings[sender.node]?.isHeard = true
        receive(.peerUp(sender, address: address))
    }

    /// The connection to a peer's life is gone, if there was one.
    func lose(_ peer: Member) {
        guard target(peer.node) == peer.incarnation else { return }
        standings[peer.node] = Standing(gone: peer.incarnation)
        receive(.peerLost(peer))
    }
}
