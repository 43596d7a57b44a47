import Foundation
import Roles
import Transport

/// A node as the harness runs it: the mechanism's role on its host, the clients of the groups whose
/// updates start here, and the answers to the driver.
final class Node: RoleHostObserver {
    private let specification: NodeSpecification
    private let mechanism: any Mechanism
    let host: RoleHost
    private let now: () -> UInt64
    private var client: TraceClient?
    private var recovery: RecoveryTimes?
    /// The first phase in which the recovery is to pause.
    private var pause: RecoveryPhase?
    private var isPaused = false
    private var malformed = 0
    private var deliveries = DeliveryLog()
    /// The peers to which links are still to stand; nil where that has been told.
    private var unlinked: [NodeID]?

    /// - Parameters:
    ///   - endpoint: the node's place on the network.
    ///   - now: the clock of its measurements, in nanoseconds.
    ///   - contents: what structures hold at the beginning of this life; nil for nothing.
    /// - Throws: where the mechanism cannot begin with contents.
    init(
        _ specification: NodeSpecification, mechanism: any Mechanism,
        endpoint: any NodeEndpoint, now: @escaping () -> UInt64, contents: InitialContents?
    ) throws {
        self.specification = specification
        self.mechanism = mechanism
        self.now = now
        let member = specification.member
        host = RoleHost(
            role: try contents.map { try mechanism.makeRole(of: member, holding: $0) }
                ?? mechanism.makeRole(of: member), endpoint: endpoint)
    }

    /// Runs a node over ZeroMQ until its lifeline ends.
    ///
    /// - Throws: `ZeroMQError` where the node's address is refused or the transport fails.
    static func serve(
        _ specification: NodeSpecification, mechanism: any Mechanism, context: MessagingContext,
        lifeline: Int32
    ) throws {
        let endpoint = try Endpoint(
            of: specification.member, kind: specification.endpointKind, run: specification.run,
            in: context)
        let node = try Node(
            specification, mechanism: mechanism, endpoint: endpoint, now: MonotonicClock.now,
            contents: specification.member.incarnation == 1 ? specification.plan.contents : nil)
        try node.warmUp()
        try node.begin()
        try endpoint.serve(node.host, lifeline: lifeline)
    }

    /// Reads and writes what is said around a recovery: the first message of a kind takes the runtime
    /// a millisecond of lookups, which no other node's recovery shall share a core with.
    private func warmUp() throws {
        let peer = ControlMessage.Peer(member: specification.member, address: host.endpoint.address)
        for message in [
            ControlMessage.link(peers: [peer], isRecovery: true, pause: nil),
            .linked, .recovered(RecoveryTimes(started: 0)),
        ] {
            _ = try ControlMessage(decoding: message.encoded())
        }
    }

    /// Says hello to the driver, who says what to do.
    func begin() throws {
        client = TraceClient(
            plan: specification.plan, now: now,
            begin: { [host] group, ticket, operation in
                host.deliver(.update(group: group, ticket: ticket, operation))
            },
            interrupted: { [unowned self] in host.breakpoint = $0 },
            finished: { [unowned self] group, completions, records in
                tell(.performed(group: group, completions), body: records.body)
            },
            setAlarm: { [host] in host.endpoint.setAlarm(at: $0) })
        host.observer = self
        try host.endpoint.connect(
            to: Member(.driver, incarnation: 1), at: specification.driverAddress)
    }

    private func tell(_ message: ControlMessage, to node: NodeID = .driver, body: Body? = nil) {
        do {
            host.send(try message.encoded(body: body), to: node, channel: .control)
        } catch {
            FileHandle.standardError.write(Data("a report cannot be encoded: \(error)\n".utf8))
        }
    }

    // MARK: - What the role reports

    package func roleReported(_ report: Report) {
        switch report {
        case .updateCompleted(let group, let ticket, let messages, let bytes):
            client?.completed(group: group, ticket: ticket, messages: messages, bytes: bytes)
        case .readCompleted(let group, let ticket, let value, let messages, let bytes):
            client?.completed(
                group: group, ticket: ticket, messages: messages, bytes: bytes, answer: value)
        case .updateRefused(let group, let ticket, let reason):
            client?.refused(group: group, ticket: ticket, reason: reason)
        case .step(let group, let ticket, let step):
            client?.reached(step, group: group, ticket: ticket)
        case .phase(let phase):
            recovery?.enter(phase, at: now())
            if let pause, phase.rawValue >= pause.rawValue {
                self.pause = nil
                isPaused = true
                host.hold()
                tell(.paused)
                tellWhenLinked()
            }
        case .recovered:
            recovery?.ended = now()
            if let recovery { tell(.recovered(recovery)) }
            recovery = nil
            tellWhenLinked()
            // Whoever waits for the pause need not wait for ever.
            if pause != nil { tell(.paused) }
            pause = nil
        case .malformed:
            malformed += 1
        case .log(let log):
            tell(.log(log))
        case .held(let group, let sender, let ticket):
            deliveries.hold(Delivery(group: group, sender: sender, ticket: ticket), at: now())
        case .delivered(let group, let sender, let ticket):
            deliveries.append(
                Delivery(group: group, sender: sender, ticket: ticket), now: now)
        case .failed(let reason):
            tell(.failed(reason))
        case .entered:
            break
        }
    }

    package func roleReached(_ breakpoint: Breakpoint, peers: [NodeID]) {
        guard breakpoint.reached != nil else { return tell(.begun(group: breakpoint.group)) }
        // Links keep their order: whoever has the mark has the updates before it.
        for peer in peers { tell(.mark, to: peer) }
        tellCuts(at: breakpoint)
        tell(.halted(reached: peers))
    }

    private func tellCuts(at breakpoint: Breakpoint?) {
        for cut in client?.cuts(at: breakpoint) ?? [] {
            tell(.cut(group: cut.group, begun: cut.begun), body: cut.records.body)
        }
    }

    // MARK: - What comes over the links

    package func peerUp(_ peer: Member) { tellWhenLinked() }

    package func peerLost(_ peer: Member) {
        // Without its driver a node has nothing to live for.
        if peer.node == .driver { return host.stop() }
        tell(.noticed(peer, at: now()))
        unlinked?.removeAll { $0 == peer.node }
        tellWhenLinked()
    }

    package func alarmRang() { client?.alarmRang() }

    private func tellWhenLinked() {
        // While a recovery is timed, nothing is told that can wait.
        guard recovery == nil || isPaused, let unlinked, host.endpoint.isLinked(to: unlinked)
        else { return }
        self.unlinked = nil
        tell(.linked)
    }

    package func received(control message: Message, from node: NodeID) {
        guard let content = try? ControlMessage(decoding: message) else {
            malformed += 1
            return
        }
        if case .mark = content { return tell(.marked(by: node)) }
        guard node == .driver else {
            malformed += 1
            return
        }
        switch content {
        case .link(let peers, let isRecovery, let pause):
            self.pause = pause
            link(to: peers, isRecovery: isRecovery)
        case .begin:
            start(.initial, peers: mechanism.peers(of: specification.member.node))
        case .goOn:
            isPaused = false
            host.release()
        case .perform(let assignment):
            client?.perform(assignment)
        case .halt:
            host.hold()
            tellCuts(at: nil)
            tell(.halted(reached: []))
        case .tellStatus:
            tell(.status(status()))
        case .tellState:
            host.send(
                StateMessage.wrap(host.role.snapshot()), to: .driver, channel: .control)
        case .markLinks:
            for peer in mechanism.peers(of: specification.member.node) { tell(.mark, to: peer) }
        case .tellDeliveries:
            tell(.deliveries, body: deliveries.handOver())
        case .linked, .noticed, .performed, .begun, .cut, .halted, .marked, .paused, .status,
            .deliveries, .recovered, .log, .failed, .mark:
            malformed += 1
        }
    }

    private func link(to addresses: [ControlMessage.Peer], isRecovery: Bool) {
        // The clock of a recovery starts with the first thing that the protocol needs: links.
        if isRecovery { recovery = RecoveryTimes(started: now()) }
        do {
            for peer in addresses {
                try host.endpoint.connect(to: peer.member, at: peer.address)
            }
        } catch {
            return tell(.failed("a peer cannot be reached: \(error)"))
        }
        start(isRecovery ? .recovery : .initial, peers: addresses.map(\.member.node))
    }

    private func start(_ kind: Start.Kind, peers: [NodeID]) {
        host.start(Start(kind, peers: peers))
        unlinked = peers
        tellWhenLinked()
    }

    private func status() -> NodeStatus {
        let ledger = host.role.ledger
        let plan = specification.plan
        let usage =
            plan.network == nil ? ProcessUsage.now(ofThread: plan.launch == .threads) : nil
        return NodeStatus(
            elements: host.role.elementCount, payloadBytes: ledger.payload,
            auxiliaryBytes: ledger.auxiliary, slackBytes: ledger.slack,
            protocolBytes: ledger.protocolState, usage: usage, sent: host.sent,
            received: host.received, recordingBytes: client?.mostRecordingBytes,
            recoveryMessages: host.sentForRecovery.messages,
            recoveryBytes: host.sentForRecovery.bytes,
            malformedMessages: malformed + host.endpoint.malformedMessages)
    }
}
