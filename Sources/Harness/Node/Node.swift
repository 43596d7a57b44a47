import Foundation
import Roles
import Transport

/// A node as the harness runs it: the mechanism's role on its host, the clients of the groups whose
/// updates start here, and the answers to the driver.
package final class Node: RoleHostObserver {
    private let specification: NodeSpecification
    private let mechanism: any Mechanism
    private let host: RoleHost
    private let peers: [NodeID]
    private var client: TraceClient?
    private var recovery: RecoveryTimes?
    private var malformed = 0
    private var isLinked = false

    /// - Throws: `ZeroMQError` where the node's address is refused.
    package init(
        _ specification: NodeSpecification, mechanism: any Mechanism, context: MessagingContext
    ) throws {
        self.specification = specification
        self.mechanism = mechanism
        let member = specification.member
        peers = mechanism.peers(of: member.node)
        host = RoleHost(
            role: mechanism.makeRole(of: member),
            endpoint: try Endpoint(
                of: member, kind: specification.endpointKind, run: specification.run, in: context))
    }

    /// Serves until the lifeline ends.
    package func run(lifeline: Int32) throws {
        client = TraceClient(
            plan: specification.plan,
            begin: { [unowned self] group, ticket, operation in
                host.deliver(.update(group: group, ticket: ticket, operation))
            },
            finished: { [unowned self] group, records in
                tell(.performed(group: group), body: records.body)
            })
        host.observer = self
        try host.endpoint.connect(
            to: Member(.driver, incarnation: 1), at: specification.driverAddress)
        try host.run(lifeline: lifeline)
    }

    private func tell(_ message: ControlMessage, body: Body? = nil) {
        do {
            host.send(try message.encoded(body: body), to: .driver, channel: .control)
        } catch {
            FileHandle.standardError.write(Data("a report cannot be encoded: \(error)\n".utf8))
        }
    }

    // MARK: - What the role reports

    package func roleReported(_ report: Report) {
        switch report {
        case .updateCompleted(let group, let ticket, let messages, let bytes):
            client?.completed(group: group, ticket: ticket, messages: messages, bytes: bytes)
        case .updateRefused(let group, let ticket, let reason):
            tell(.failed("update \(ticket) of group \(group + 1) was refused: \(reason)"))
        case .phase(let phase):
            recovery?.phases[Int(phase.rawValue)] = MonotonicClock.now()
        case .recovered:
            recovery?.ended = MonotonicClock.now()
            if let recovery { tell(.recovered(recovery)) }
            recovery = nil
        case .malformed:
            malformed += 1
        case .log:
            break
        case .failed(let reason):
            tell(.failed(reason))
        }
    }

    // MARK: - What comes over the links

    package func peerUp(_ peer: Member) { tellWhenLinked() }

    package func peerLost(_ peer: Member) {
        // Without its driver a node has nothing to live for.
        if peer.node == .driver { return host.stop() }
        tell(.noticed(peer, at: MonotonicClock.now()))
    }

    private func tellWhenLinked() {
        guard isLinked, host.endpoint.isLinked(to: peers) else { return }
        isLinked = false
        tell(.linked)
    }

    package func received(control message: Message, from node: NodeID) {
        guard node == .driver, let content = try? ControlMessage(decoding: message) else {
            malformed += 1
            return
        }
        switch content {
        case .link(let peers, let isRecovery):
            link(to: peers, isRecovery: isRecovery)
        case .perform(let group, let batch):
            client?.perform(batch, group: group)
        case .tellStatus:
            tell(.status(status()))
        case .tellState:
            host.send(
                StateMessage.wrap(host.role.snapshot()), to: .driver, channel: .control)
        case .linked, .noticed, .performed, .status, .recovered, .failed:
            malformed += 1
        }
    }

    private func link(to addresses: [ControlMessage.Peer], isRecovery: Bool) {
        // The clock of a recovery starts with the first thing that the protocol needs: links.
        let now = MonotonicClock.now()
        do {
            for peer in addresses {
                try host.endpoint.connect(to: peer.member, at: peer.address)
            }
        } catch {
            return tell(.failed("a peer cannot be reached: \(error)"))
        }
        if isRecovery {
            recovery = RecoveryTimes(started: now)
        } else {
            isLinked = true
            tellWhenLinked()
        }
        host.deliver(
            .start(Start(isRecovery ? .recovery : .initial, peers: addresses.map(\.member.node))))
    }

    private func status() -> NodeStatus {
        let ledger = host.role.ledger
        let memory = ProcessMemory.now()
        return NodeStatus(
            elements: host.role.elementCount, payloadBytes: ledger.payload,
            auxiliaryBytes: ledger.auxiliary, slackBytes: ledger.slack,
            protocolBytes: ledger.protocolState, residentBytes: memory.resident,
            heapBytes: memory.heap, recoveryMessages: host.sentForRecovery.messages,
            recoveryBytes: host.sentForRecovery.bytes,
            malformedMessages: malformed + host.endpoint.counters.malformed)
    }
}
