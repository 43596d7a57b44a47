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

    private var pending: [Event] = []
    private var effects: [Effect] = []
    private var isDelivering = false
    private var isStopped = false
    private var failure: ZeroMQError?

    package init(role: any Role, endpoint: Endpoint) {
        self.role = role
        self.endpoint = endpoint
    }

    /// Feeds an event to the role and carries out its effects. Called from within an effect (by the
    /// observer), the event waits until the effects before it are done.
    package func deliver(_ event: Event) {
        guard !isDelivering else { return pending.append(event) }
        isDelivering = true
        defer { isDelivering = false }
        handle(event)
        var next = 0
        while next < pending.count {
            handle(pending[next])
            next += 1
        }
        if next > 0 { pending.removeAll(keepingCapacity: true) }
    }

    private func handle(_ event: Event) {
        role.handle(event, into: &effects)
        for effect in effects { perform(effect) }
        effects.removeAll(keepingCapacity: true)
    }

    private func perform(_ effect: Effect) {
        switch effect {
        case .send(let message, let node, let purpose):
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
            if let failure { throw failure }
            guard !isStopped else { return }
            let ready = try endpoint.wait(for: descriptors, timeout: taken == burst ? 0 : -1)
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
