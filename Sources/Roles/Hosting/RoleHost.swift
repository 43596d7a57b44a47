/// Who stands around a hosted role: it gets what is not the role's business.
package protocol RoleHostObserver: AnyObject {
    /// The role has something to tell.
    func roleReported(_ report: Report)
    /// A message on the control channel.
    func received(control message: Message, from node: NodeID)
    func peerUp(_ peer: Member)
    /// Called before the role hears of it.
    func peerLost(_ peer: Member)
    /// The moment has come for which the endpoint's alarm was set.
    func alarmRang()
    /// The role has begun the last update of a breakpoint.
    ///
    /// - Parameter peers: those that have been sent the breakpoint's updates, where these were cut
    ///   short.
    func roleReached(_ breakpoint: Breakpoint, peers: [NodeID])
}

/// Hosts one role: what comes over the links becomes events, effects are carried out. Whoever has
/// the endpoint, a poller or a simulator, calls it from one thread.
package final class RoleHost {
    /// Messages of the role, and their bytes with envelopes, since it began.
    package struct Traffic: Equatable, Sendable, Codable {
        package var messages = 0
        package var bytes = 0

        package init() {}

        mutating func add(_ message: Message) {
            messages += 1
            bytes += message.wireBytes
        }
    }

    package let endpoint: any NodeEndpoint
    /// Only its host's `deliver` may change the role.
    package private(set) var role: any Role
    package private(set) var sentForRecovery = Traffic()
    /// All that went out on a link, and all that came.
    package private(set) var sent = Traffic()
    package private(set) var received = Traffic()
    package weak var observer: (any RoleHostObserver)?
    /// Where the node's updates are to be interrupted next.
    package var breakpoint: Breakpoint?
    /// Called when the role has asked to proceed, before it does; it may hold the role.
    package var beforeProceed: (() -> Void)?

    private var pending: [Event] = []
    private var effects: [Effect] = []
    private var isDelivering = false
    /// How much events wait for: the role's start, and each `hold` that is not released.
    private var holds = 1
    private var isHeld: Bool { holds > 0 }
    /// The peers that still get updates; nil for all.
    private var reachedPeers: [NodeID]?
    /// Whether the role has heard something since it was last told that nothing waits.
    private var isAwake = false
    /// Whether somebody has asked for the end.
    package private(set) var isStopped = false
    /// What went wrong first at the endpoint.
    private var failure: (any Error)?

    package init(role: any Role, endpoint: any NodeEndpoint) {
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

    /// Lets events wait once the effects of the present one are carried out, until `release`.
    package func hold() { holds += 1 }

    /// Ends one `hold`, if there is any.
    package func release() {
        holds = max(0, holds - 1)
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
            if send(message, to: node, channel: .role) { sent.add(message) }
            if purpose == .recovery { sentForRecovery.add(message) }
        case .proceed:
            pending.append(.proceed)
            beforeProceed?()
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

    /// - Returns: whether there is a link.
    @discardableResult
    package func send(
        _ message: Message, to node: NodeID, channel: Envelope.Channel
    ) -> Bool {
        do {
            return try endpoint.send(message, to: node, channel: channel)
        } catch {
            failure = failure ?? error
            return false
        }
    }

    /// Asks who serves this node to end.
    package func stop() { isStopped = true }

    // MARK: - For whoever serves the node

    /// Takes what has come over the links.
    package func take(_ event: NetworkEvent) {
        switch event {
        case .message(let message, .role, let node):
            received.add(message)
            deliver(.message(message, from: node))
        case .message(let message, _, let node):
            observer?.received(control: message, from: node)
        case .peerUp(let peer, _):
            observer?.peerUp(peer)
        case .peerLost(let peer):
            observer?.peerLost(peer)
            deliver(.peerLost(peer.node))
        case .alarm:
            observer?.alarmRang()
        }
    }

    /// Whether the role is to be told that no event waits, where that is so.
    package var needsIdle: Bool { isAwake && !isHeld }

    /// Throws what went wrong at the endpoint, if anything did.
    package func checkEndpoint() throws {
        if let failure { throw failure }
    }
}
