import CZeroMQ
import Glibc
import Roles

/// A node's place on the network: one PULL socket for all that comes and one link to every peer.
///
/// Whoever opens a link says hello on it, with its own address; the other side answers by opening
/// its own link, so that each side notices from its own connection when the other is gone. All of
/// it belongs to the thread that made it.
package final class Endpoint: NodeEndpoint {
    /// Where peers connect to.
    package let address: String
    package let member: Member
    package private(set) var counters = Counters()

    /// What came that nobody could use. None of it is fatal.
    package struct Counters: Equatable, Sendable {
        /// What strangers sent, which says nothing about this run: bytes without an envelope, and
        /// messages of another run.
        package var strange = 0
        /// Messages of this run that cannot be read.
        package var malformed = 0
        /// Messages of this run from or for another incarnation, or from a node without a link.
        package var stale = 0
    }

    package var malformedMessages: Int { counters.malformed }

    private let kind: EndpointKind
    private let run: UInt64
    private let context: MessagingContext
    private let inbox: Socket
    private var links = LinkTable()
    /// The youngest incarnation that is known to be gone, by node.
    private var gone: [NodeID: Incarnation] = [:]
    private var events: [NetworkEvent] = []
    /// When `NetworkEvent.alarm` is to come, on the monotonic clock.
    private(set) var alarm: UInt64?
    private var pollItems: [pollfd] = []
    /// The peer behind each monitor in `pollItems`, which start behind the inbox.
    private var monitored: [NodeID] = []
    /// Used for every first frame, whose bytes are copied out of it.
    private let headFrame = Frame()

    /// Binds the inbox.
    ///
    /// - Parameters:
    ///   - member: who this is.
    ///   - kind: the transport; for inproc all endpoints share `context`.
    ///   - run: a number that no other harness run has.
    /// - Throws: `ZeroMQError` where the address is refused.
    package init(
        of member: Member, kind: EndpointKind, run: UInt64, in context: MessagingContext
    ) throws(ZeroMQError) {
        self.member = member
        self.kind = kind
        self.run = run
        self.context = context
        inbox = try Socket(ZMQ_PULL, in: context)
        try inbox.bind(
            kind.address(of: "\(member.node.rawValue).\(member.incarnation)", run: run))
        address = try inbox.lastEndpoint()
        try rebuildPollItems()
    }

    /// Where there are no connections (inproc), tells the peers that this incarnation is gone, as
    /// the kernel does for the other transports.
    deinit {
        guard kind == .inproc else { return }
        for link in links.values {
            try? send(Message(head: []), on: link, channel: .goodbye)
        }
    }

    /// Opens a link and says hello on it. Nothing happens where the link stands already, or where
    /// the peer is known to be gone.
    package func connect(to peer: Member, at address: String) throws(ZeroMQError) {
        guard links[peer.node]?.peer != peer, peer.incarnation > gone[peer.node] ?? 0 else {
            return
        }
        let link = try Link(to: peer, at: address, kind: kind, in: context)
        links[peer.node] = link
        try rebuildPollItems()
        try send(Message(head: Array(self.address.utf8)), on: link, channel: .hello)
    }

    /// Whether both directions to each of `peers` stand.
    package func isLinked(to peers: [NodeID]) -> Bool {
        peers.allSatisfy { links[$0]?.heard == true }
    }

    /// Sends to the current incarnation of a node. A message to a node that is gone is dropped, as
    /// it would be on its way.
    ///
    /// - Returns: whether there is a link.
    @discardableResult
    package func send(
        _ message: Message, to node: NodeID, channel: Envelope.Channel
    ) throws(ZeroMQError) -> Bool {
        guard let link = links[node] else { return false }
        try send(message, on: link, channel: channel)
        return true
    }

    private func send(
        _ message: Message, on link: Link, channel: Envelope.Channel
    ) throws(ZeroMQError) {
        let envelope = Envelope(
            channel: channel, run: run, sender: member, receiverIncarnation: link.peer.incarnation)
        try link.socket.send(message, in: envelope)
    }

    /// The next thing that waits, or nil. Never blocks.
    package func next() throws(ZeroMQError) -> NetworkEvent? {
        while true {
            if !events.isEmpty { return events.removeFirst() }
            guard try headFrame.receive(from: inbox) else { return nil }
            if let event = try take(headFrame) { return event }
        }
    }

    /// Blocks until something comes, a file descriptor can be read, or the time is over. To be called
    /// when `next` has found nothing.
    ///
    /// - Parameters:
    ///   - descriptors: what to watch beside the links.
    ///   - nanoseconds: how long; nil for no limit.
    /// - Returns: for each descriptor, whether it is readable or at its end.
    package func wait(
        for descriptors: [Int32], atMost nanoseconds: UInt64?
    ) throws(ZeroMQError) -> [Bool] {
        let fixed = 1 + monitored.count
        if !pollItems[fixed...].lazy.map(\.fd).elementsEqual(descriptors) {
            pollItems.removeSubrange(fixed...)
            for descriptor in descriptors {
                pollItems.append(pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0))
            }
        }
        // zmq_poll would ask every socket twice and the kernel twice; `next` has just found the
        // inbox empty, so its descriptor tells of whatever comes.
        let timeout = (events.isEmpty ? nanoseconds : 0).map {
            timespec(tv_sec: Int($0 / 1_000_000_000), tv_nsec: Int($0 % 1_000_000_000))
        }
        let result =
            if var timeout {
                ppoll(&pollItems, nfds_t(pollItems.count), &timeout, nil)
            } else {
                poll(&pollItems, nfds_t(pollItems.count), -1)
            }
        guard result >= 0 else {
            // A signal ends the wait early; the caller looks what it was for.
            if errno == EINTR { return descriptors.map { _ in false } }
            throw ZeroMQError(call: "poll", subject: "", code: errno)
        }
        let ready = pollItems[fixed...].map { $0.revents != 0 }
        if result > 0 { try checkMonitors() }
        return ready
    }

    package func setAlarm(at moment: UInt64?) { alarm = moment }

    /// Whether the moment has come for which an alarm was set, which is then over.
    func takeAlarm() -> Bool {
        guard let alarm, alarm <= MonotonicClock.now() else { return false }
        self.alarm = nil
        return true
    }

    private func checkMonitors() throws(ZeroMQError) {
        var lost: [NodeID] = []
        for (index, node) in monitored.enumerated() where pollItems[1 + index].revents != 0 {
            if let link = links[node], try link.isLost() { lost.append(node) }
        }
        for node in lost { try lose(node) }
    }

    private func lose(_ node: NodeID) throws(ZeroMQError) {
        guard let link = links.removeValue(forKey: node) else { return }
        gone[node] = max(gone[node] ?? 0, link.peer.incarnation)
        events.append(.peerLost(link.peer))
        try rebuildPollItems()
    }

    /// Reads the rest of a message whose first frame has come.
    private func take(_ first: Frame) throws(ZeroMQError) -> NetworkEvent? {
        var body: Frame?
        var frames = 1
        var last = first
        while last.hasMore {
            let frame = Frame()
            // ZeroMQ delivers all frames of a message or none.
            guard try frame.receive(from: inbox) else { break }
            frames += 1
            if frames == 2 { body = frame }
            last = frame
        }
        guard let envelope = Envelope(first.bytes), envelope.run == run else {
            counters.strange += 1
            return nil
        }
        guard frames <= 2 else {
            counters.malformed += 1
            return nil
        }
        guard envelope.receiverIncarnation == member.incarnation else {
            counters.stale += 1
            return nil
        }
        let head = UnsafeRawBufferPointer(rebasing: first.bytes[Envelope.byteCount...])
        let message = Message(
            head: Array(head),
            body: body.map { Body(bytes: $0.bytes, owner: $0) })
        return try take(message, in: envelope)
    }

    private func take(
        _ message: Message, in envelope: Envelope
    ) throws(ZeroMQError) -> NetworkEvent? {
        let sender = envelope.sender
        switch envelope.channel {
        case .hello:
            guard let address = String(validating: message.head, as: UTF8.self) else {
                counters.malformed += 1
                return nil
            }
            // Who has no link is either new, or known to be gone.
            guard sender.incarnation > gone[sender.node] ?? 0 else {
                counters.stale += 1
                return nil
            }
            return try greet(sender, at: address)
        case .goodbye:
            guard links[sender.node]?.peer == sender else {
                counters.stale += 1
                return nil
            }
            try lose(sender.node)
            return nil
        case .role, .control:
            guard links[sender.node]?.peer == sender else {
                counters.stale += 1
                return nil
            }
            return .message(message, channel: envelope.channel, from: sender.node)
        }
    }

    private func greet(
        _ peer: Member, at address: String
    ) throws(ZeroMQError) -> NetworkEvent? {
        if let link = links[peer.node] {
            guard peer.incarnation >= link.peer.incarnation else {
                counters.stale += 1
                return nil
            }
            // The new life of a peer can be heard before the end of the old one is.
            if peer.incarnation > link.peer.incarnation { try lose(peer.node) }
        }
        do {
            try connect(to: peer, at: address)
        } catch {
            // An address that cannot be is as bad as a hello that cannot be read.
            counters.malformed += 1
            return nil
        }
        guard let link = links[peer.node], !link.heard else { return nil }
        link.heard = true
        events.append(.peerUp(peer, address: address))
        return nil
    }

    private func rebuildPollItems() throws(ZeroMQError) {
        monitored = links.values.filter { $0.monitor != nil }.map(\.peer.node).sorted()
        pollItems = []
        for socket in [inbox] + monitored.compactMap({ links[$0]?.monitor }) {
            pollItems.append(
                pollfd(fd: try socket.descriptor(), events: Int16(POLLIN), revents: 0))
        }
    }
}
