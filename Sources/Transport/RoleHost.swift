import Roles

/// Who stands around a hosted role: it gets what is not the role's business.
package protocol RoleHostObserver: AnyObject {
    /// The role has something to tell.
    func roleReported(_ report: Report)
    /// A message on the control channel.
    func received(control message: Message, from node: NodeID)
    func peerUp(_ peer: Member)
    /// Called before the role hears of it.
    func peerLost(_ peer: Member)
    /// The role has begun the last update of a breakpoint.
    ///
    /// - Parameter peers: those that have been sent the breakpoint's updates, where these were cut
    ///   short.
    func roleReached(_ breakpoint: Breakpoint, peers: [NodeID])
}

/// A point in the middle of a node's own updates at which something crashes.
package struct Breakpoint: Sendable, Equatable {
    package var group: Int
    /// The ticket of the update in the middle of which it is.
    package var first: UInt64
    /// The ticket of the last update that begins before the crash.
    package var last: UInt64
    /// Where this node is the one that crashes: only so many of the peers get the updates from
    /// `first` on, and after `last` the role is told nothing more. Else nil, and nothing changes.
    package var reached: Int?

    package init(group: Int, first: UInt64, last: UInt64, reached: Int?) {
        self.group = group
        self.first = first
        self.last = last
        self.reached = reached
    }
}

/// Hosts one role on one thread with one poller: messages become events, effects are carried out.
package final class RoleHost {
    /// What the role has sent since it began.
    package struct Sent: Equatable, Sendable {
        package var messages = 0
        package var bytes = 0
    }

    package let endpoint: Endpoint
    /// Only its host's `deliver` may change the role.
    package private(set) var role: any Role
    package private(set) var sentForRecovery = Sent()
    package weak var observer: (any RoleHostObserver)?
    /// Where the node's updates are to be interrupted next.
    package var breakpoint: Breakpoint?

    private var pending: [Event] = []
    private var effects: [Effect] = []
    private var isDelivering = false
    /// Whether events wait: until the role has started, and while something holds it.
    private var isHeld = true
    /// The peers that still get updates; nil for all.
    private var reachedPeers: [NodeID]?
    /// Whether the role has heard something since it was last told that nothing waits.
    private var isAwake = false
    private var isStopped = false
    private var failure: ZeroMQError?

    package init(role: any Role, endpoint: Endpoint) {
        self.role = role
        self.endpoint = endpoint
    }

    /// Starts the role. What has come before, from peers that were faster, follows.
    package func start(_ start: Start) {
        pending.insert(.start(start), at: 0)
        release()
    }

    /// Feeds an event to the role and carries out its effects. Called from within an effect (by the
    /// observer), the event waits until the effects before it are done.
    package func deliver(_ event: Event) {
        guard !isDelivering, !isHeld, pending.isEmpty else {
            pending.append(event)
            return deliverPending()
        }
        isDelivering = true
        handle(event)
        isDelivering = false
        if !pending.isEmpty { deliverPending() }
    }

    /// Lets events wait once the effects of the present one are carried out.
    package func hold() { isHeld = true }

    /// Ends `hold`.
    package func release() {
        isHeld = false
        deliverPending()
    }

    private func deliverPending() {
        guard !isDelivering else { return }
        isDelivering = true
        defer { isDelivering = false }
        var next = 0
        while next < pending.count, !isHeld {
            next += 1
            handle(pending[next - 1])
        }
        if next == pending.count {
            pending.removeAll(keepingCapacity: true)
        } else {
            pending.removeFirst(next)
        }
    }

    private func handle(_ event: Event) {
        if breakpoint != nil { cutUpdates(from: event) }
        if case .idle = event { isAwake = false } else { isAwake = true }
        role.handle(event, into: &effects)
        // Looking up a weak reference for every effect would be a tenth of what an update costs.
        let observer = observer
        for effect in effects { perform(effect, observer) }
        effects.removeAll(keepingCapacity: true)
        if breakpoint != nil { breakOff(after: event) }
    }

    private func perform(_ effect: Effect, _ observer: (any RoleHostObserver)?) {
        switch effect {
        case .send(let message, let node, let purpose):
            if purpose == .update, reachedPeers != nil, !reaches(node) { return }
            send(message, to: node, channel: .role)
            if purpose == .recovery {
                sentForRecovery.messages += 1
                sentForRecovery.bytes += message.wireBytes
            }
        case .proceed:
            pending.append(.proceed)
        case .report(let report):
            observer?.roleReported(report)
        }
    }

    // MARK: - Breakpoints

    private func cutUpdates(from event: Event) {
        guard let breakpoint, breakpoint.reached != nil,
            case .update(breakpoint.group, breakpoint.first, _) = event
        else { return }
        // What the role has begun before goes to all.
        handle(.idle)
        reachedPeers = []
    }

    /// Whether a peer is among the first that the cut updates go to.
    private func reaches(_ node: NodeID) -> Bool {
        guard let peers = reachedPeers, let limit = breakpoint?.reached else { return true }
        if peers.contains(node) { return true }
        guard peers.count < limit else { return false }
        reachedPeers = peers + [node]
        return true
    }

    private func breakOff(after event: Event) {
        guard let breakpoint, case .update(breakpoint.group, breakpoint.last, _) = event else {
            return
        }
        // The updates that were begun are on their way, not with the role, when this is told.
        handle(.idle)
        if breakpoint.reached == nil { self.breakpoint = nil } else { hold() }
        observer?.roleReached(breakpoint, peers: reachedPeers ?? [])
    }

    package func send(_ message: Message, to node: NodeID, channel: Envelope.Channel) {
        do {
            try endpoint.send(message, to: node, channel: channel)
        } catch {
            failure = failure ?? error
        }
    }

    /// Makes `run` return.
    package func stop() { isStopped = true }

    /// Serves until `stop`, or until `lifeline` can be read or is at its end: who started this node
    /// holds the other end of it.
    ///
    /// - Throws: `ZeroMQError` when the transport fails.
    package func run(lifeline: Int32?) throws(ZeroMQError) {
        // A burst is cut so that a busy node still notices lost peers and its lifeline.
        let burst = 256
        let descriptors = lifeline.map { [$0] } ?? []
        while !isStopped {
            var taken = 0
            while taken < burst, !isStopped, let event = try endpoint.next() {
                handle(event)
                taken += 1
            }
            if isAwake, !isHeld { deliver(.idle) }
            if let failure { throw failure }
            guard !isStopped else { return }
            // Where nobody has to answer, being idle ends updates and begins others.
            let isBusy = taken == burst || isAwake && !isHeld
            let ready = try endpoint.wait(for: descriptors, timeout: isBusy ? 0 : -1)
            if ready.contains(true) { return }
        }
    }

    private func handle(_ event: TransportEvent) {
        switch event {
        case .message(let message, .role, let node):
            deliver(.message(message, from: node))
        case .message(let message, _, let node):
            observer?.received(control: message, from: node)
        case .peerUp(let peer, _):
            observer?.peerUp(peer)
        case .peerLost(let peer):
            observer?.peerLost(peer)
            deliver(.peerLost(peer.node))
        }
    }
}
