import Roles

/// A network in virtual time, and the lives of the nodes on it. Everything that happens is decided
/// by the seed and by what its surroundings ask for: the same calls give the same events, byte for
/// byte.
///
/// It moves the same messages that ZeroMQ moves between processes, with a latency, a jitter and a
/// bandwidth (`NetworkModel`), in order on each link.
package final class VirtualNetwork {
    package let clock = VirtualClock()
    package let model: NetworkModel
    package private(set) var faults = FaultCounts()
    /// Messages that nodes have heard, those of and for the driver excluded.
    package private(set) var heardMessages = 0
    /// How much is on its way to nodes or waits for them: messages, and news of peers' ends.
    package private(set) var pendingDeliveries = 0
    /// Told of every message that has come to a node, before the node is.
    package var follow: ((HeardMessage) -> Void)?

    private enum Occurrence {
        /// A packet reaches its receiver's interface.
        case arrival(Packet)
        /// Its receiver has time for it.
        case handling(Packet)
        /// News of a peer's end reach a node.
        case notice(of: Member, at: Member)
        /// The node has time for them.
        case loss(of: Member, at: Member)
        /// What somebody has planned.
        case action(() -> Void)
    }

    /// From one life to another.
    private struct Link: Hashable {
        var sender: Member
        var receiver: Member
    }

    private let possibleFaults: NetworkFaults
    /// Links that nothing gets through any more.
    private var brokenLinks: Set<Link> = []
    /// How many times longer messages take between two nodes, beyond what the faults say.
    private var slowness: [UInt64: UInt64] = [:]
    /// Whether a message may take less time than the one before it on its link.
    private var latencyVaries: Bool
    private var queue = EventQueue<Occurrence>()
    /// The present lives, by node number.
    private var endpoints: [VirtualEndpoint?] = []
    /// When lives have ended.
    private var ends: [Member: UInt64] = [:]
    private var digest = TraceDigest()
    private let draws: SplitMix64

    /// Who may have links to a node, the driver excluded.
    private let peers: (NodeID) -> [NodeID]

    /// - Parameter peers: who may have links to a node, the driver excluded.
    package init(
        model: NetworkModel, faults: NetworkFaults = NetworkFaults(), seed: UInt64,
        peers: @escaping (NodeID) -> [NodeID]
    ) {
        self.model = model
        self.peers = peers
        possibleFaults = faults
        latencyVaries = model.jitterNs > 0
        draws = SplitMix64(seed: seed)
    }

    /// Tells two simulations apart: different where nodes have heard anything different, or at
    /// another moment or in another order.
    package var traceDigest: UInt64 { digest.value }

    // MARK: - Time

    /// Lets the next thing happen.
    ///
    /// - Returns: false when nothing is to happen any more.
    package func step() -> Bool {
        guard let (moment, occurrence) = queue.next() else { return false }
        clock.now = moment
        if case .action(let action) = occurrence {
            action()
            return true
        }
        pendingDeliveries -= 1
        switch occurrence {
        case .arrival(let packet): arrive(packet)
        case .handling(let packet):
            guard let receiver = endpoint(of: packet.receiver) else { return true }
            receiver.waiting -= 1
            handle(packet, at: receiver)
        case .notice(let peer, let member): arrive(endOf: peer, at: member)
        case .loss(let peer, let member):
            guard let endpoint = endpoint(of: member) else { return true }
            endpoint.waiting -= 1
            lose(peer, at: endpoint)
        case .action: break
        }
        return true
    }

    private func schedule(_ delivery: Occurrence, at moment: UInt64) {
        pendingDeliveries += 1
        queue.schedule(delivery, at: moment)
    }

    /// When the next thing happens; nil where nothing is to happen.
    package var nextMoment: UInt64? { queue.nextMoment }

    /// Plans something.
    ///
    /// - Parameter delay: virtual nanoseconds from now.
    package func schedule(after delay: UInt64, _ action: @escaping () -> Void) {
        queue.schedule(.action(action), at: clock.now + delay)
    }

    // MARK: - Lives

    /// Begins a life of a node.
    ///
    /// - Parameters:
    ///   - isPrelinked: whether links to the first lives of all its peers stand already.
    ///   - isOutside: whether it is the driver: messages to it and from it take no time.
    ///   - receive: where what it hears goes.
    package func begin(
        _ member: Member, isPrelinked: Bool, isOutside: Bool = false,
        receive: @escaping (NetworkEvent) -> Void
    ) -> VirtualEndpoint {
        let endpoint = VirtualEndpoint(
            of: member, on: self, isPrelinked: isPrelinked, isOutside: isOutside, receive: receive)
        let index = Int(member.node.rawValue)
        while endpoints.count <= index { endpoints.append(nil) }
        endpoints[index] = endpoint
        return endpoint
    }

    /// Ends the life of a node, as SIGKILL does: its memory is gone, with what its interface had not
    /// sent. Every node that has a link to it notices.
    package func end(_ node: NodeID) {
        guard let endpoint = endpoints[Int(node.rawValue)] else { return }
        endpoints[Int(node.rawValue)] = nil
        ends[endpoint.member] = clock.now
        faults.ends += 1
        for peer in [.driver] + peers(node) {
            guard Int(peer.rawValue) < endpoints.count, let peer = endpoints[Int(peer.rawValue)],
                peer.target(node) == endpoint.member.incarnation
            else { continue }
            announce(theEndOf: endpoint.member, to: peer)
        }
    }

    /// Takes a node away without anybody noticing, since all is over.
    package func remove(_ node: NodeID) { endpoints[Int(node.rawValue)] = nil }

    /// Whether a life is the present one of its node.
    package func isAlive(_ member: Member) -> Bool { endpoint(of: member) != nil }

    /// Whether messages of a node go to the present life of another.
    package func hasLink(from node: NodeID, to peer: NodeID) -> Bool {
        guard let endpoint = endpoints[Int(node.rawValue)],
            let other = endpoints[Int(peer.rawValue)]
        else { return false }
        return endpoint.target(peer) == other.member.incarnation
    }

    /// Has a node believe that a peer is gone, whether it is or not. Nothing that the peer's present
    /// life sends is heard by it any more.
    package func suspect(_ peer: NodeID, by node: NodeID) {
        guard let endpoint = endpoints[Int(node.rawValue)], let incarnation = endpoint.target(peer)
        else { return }
        faults.suspicions += 1
        arrive(endOf: Member(peer, incarnation: incarnation), at: endpoint.member)
    }

    /// Breaks the connection between two nodes that are alive and linked: what is on its way between
    /// them is lost, and so is what they send until they notice. Neither hears the other's present
    /// life again.
    package func breakConnection(between node: NodeID, and peer: NodeID) {
        guard let one = endpoints[Int(node.rawValue)], let other = endpoints[Int(peer.rawValue)],
            one.target(peer) == other.member.incarnation,
            other.target(node) == one.member.incarnation
        else { return }
        faults.brokenConnections += 1
        brokenLinks.insert(Link(sender: one.member, receiver: other.member))
        brokenLinks.insert(Link(sender: other.member, receiver: one.member))
        announce(theEndOf: one.member, to: other)
        announce(theEndOf: other.member, to: one)
    }

    /// Sets how many times longer messages from one node to another take; 1 is as the model says.
    package func slowLink(from sender: NodeID, to receiver: NodeID, by factor: UInt64) {
        slowness[Self.number(of: sender, receiver)] = factor == 1 ? nil : factor
        latencyVaries = true
    }

    private static func number(of sender: NodeID, _ receiver: NodeID) -> UInt64 {
        UInt64(sender.rawValue) << 16 | UInt64(receiver.rawValue)
    }

    /// Sets how many times longer than the model says a node takes to handle something.
    package func slow(_ node: NodeID, by factor: UInt64) {
        endpoints[Int(node.rawValue)]?.slowness = factor
    }

    private func endpoint(of member: Member) -> VirtualEndpoint? {
        let index = Int(member.node.rawValue)
        guard index < endpoints.count, let endpoint = endpoints[index],
            endpoint.member.incarnation == member.incarnation
        else { return nil }
        return endpoint
    }

    /// The news come behind whatever the ended life has sent.
    private func announce(theEndOf peer: Member, to endpoint: VirtualEndpoint) {
        let travel =
            endpoint.isOutside
            ? 0
            : model.detectionNs + possibleLatency(from: peer.node, to: endpoint.member.node)
        schedule(.notice(of: peer, at: endpoint.member), at: clock.now + travel)
    }

    private func arrive(endOf peer: Member, at member: Member) {
        guard let endpoint = endpoint(of: member) else { return }
        if endpoint.waiting == 0 { return lose(peer, at: endpoint) }
        endpoint.waiting += 1
        schedule(.loss(of: peer, at: member), at: max(clock.now, endpoint.handlingUntil))
    }

    private func lose(_ peer: Member, at endpoint: VirtualEndpoint) {
        endpoint.lose(peer)
        endpoint.hasHandled?()
    }

    // MARK: - Messages

    func send(
        _ message: Message, from sender: VirtualEndpoint, to receiver: Member,
        channel: Envelope.Channel
    ) {
        var packet = Packet(
            sender: sender.member, receiver: receiver, channel: channel, message: message,
            departure: clock.now)
        guard !sender.isOutside, receiver.node != .driver else {
            return schedule(.arrival(packet), at: clock.now)
        }
        let start = max(clock.now, sender.sendingUntil)
        sender.sendingUntil =
            start + NetworkModel.nanoseconds(for: message.wireBytes, at: model.bytesPerSecond)
        packet.departure = sender.sendingUntil
        var arrival = start + latency(from: sender, to: receiver.node)
        if latencyVaries {
            arrival = max(arrival, sender.lastArrivals[receiver.node] ?? 0)
            sender.lastArrivals[receiver.node] = arrival
        }
        schedule(.arrival(packet), at: arrival)
    }

    /// Drawn by the link and the moment, so that what else happens changes nothing of it.
    private func latency(from sender: VirtualEndpoint, to receiver: NodeID) -> UInt64 {
        let link = Self.number(of: sender.member.node, receiver)
        var latency = model.latencyNs
        if model.jitterNs > 0 {
            latency += UInt64(
                draws.child(1 << 32 | link).number(below: Int(model.jitterNs) + 1, at: clock.now))
        }
        let slowness = slowness(of: link)
        if slowness > 1 { faults.slowMessages += 1 }
        return latency * slowness
    }

    /// The most that a message of the link takes, apart from its bytes.
    private func possibleLatency(from sender: NodeID, to receiver: NodeID) -> UInt64 {
        (model.latencyNs + model.jitterNs) * slowness(of: Self.number(of: sender, receiver))
    }

    private func slowness(of link: UInt64) -> UInt64 {
        let isSlow = possibleFaults.slowLink.comesTrue(draws.child(1), at: link)
        let own = isSlow ? possibleFaults.slowLinkFactor : 1
        return slowness.isEmpty ? own : own * (slowness[link] ?? 1)
    }

    private func arrive(_ packet: Packet) {
        guard !isLostWithSender(packet) else {
            faults.messagesLostWithSender += 1
            return
        }
        let link = Link(sender: packet.sender, receiver: packet.receiver)
        guard brokenLinks.isEmpty || !brokenLinks.contains(link) else {
            faults.messagesLostWithConnection += 1
            return
        }
        guard let receiver = endpoint(of: packet.receiver) else {
            faults.staleMessages += 1
            // A connection that is refused is a loss, too.
            if packet.channel == .hello, let sender = endpoint(of: packet.sender) {
                announce(theEndOf: packet.receiver, to: sender)
            }
            return
        }
        guard !receiver.isOutside, packet.sender.node != .driver else {
            return handle(packet, at: receiver)
        }
        let work =
            NetworkModel.nanoseconds(for: packet.message.wireBytes, at: model.bytesPerSecond)
            + model.handlingNs * receiver.slowness
        receiver.handlingUntil = max(clock.now, receiver.handlingUntil) + work
        if work == 0, receiver.waiting == 0 { return handle(packet, at: receiver) }
        receiver.waiting += 1
        schedule(.handling(packet), at: receiver.handlingUntil)
    }

    /// What had not left its sender's interface at the sender's end, or was lost with it.
    private func isLostWithSender(_ packet: Packet) -> Bool {
        guard !ends.isEmpty, let end = ends[packet.sender] else { return false }
        let link =
            UInt64(packet.sender.incarnation) << 32 | UInt64(packet.sender.node.rawValue) << 16
            | UInt64(packet.receiver.node.rawValue)
        let losesTail = possibleFaults.lostTail.comesTrue(draws.child(2), at: link)
        let lost =
            losesTail
            ? UInt64(
                draws.child(3).number(
                    below: Int(model.latencyNs + model.jitterNs) + 1, at: link)) : 0
        return packet.departure + lost > end
    }

    private func handle(_ packet: Packet, at receiver: VirtualEndpoint) {
        if packet.sender.node != .driver, !receiver.isOutside {
            heardMessages += 1
            digest.add(packet, at: clock.now)
        }
        let isHeard = receiver.hears(packet)
        follow?(
            HeardMessage(
                moment: clock.now, sender: packet.sender, receiver: packet.receiver,
                channel: packet.channel, message: packet.message, isHeard: isHeard))
        if isHeard { receiver.take(packet) } else { faults.staleMessages += 1 }
        receiver.hasHandled?()
    }
}
