import Roles
import Structures

/// A group manager: it keeps the views of its groups, admits replicas that come back, and is the
/// first sender of its groups' updates (Boyd 2016, chapter 3; DESIGN.md, Active replication).
///
/// It holds no state that the members do not know as well: after a crash it asks them.
package struct GroupManager: Role {
    private let member: Member
    private let topology: ReplicationTopology
    /// Of its groups, in their order.
    private var memberships: [GroupMembership] = []
    private let groups: Range<Int>
    private var sender: UpdateSender
    /// How far a recovery is; nil before and after it.
    private var recovery: RecoveryPhase?

    package init(
        member: Member, topology: ReplicationTopology, options: ReplicationOptions,
        isSequencer: Bool = false
    ) {
        self.member = member
        self.topology = topology
        groups = topology.groups(sentBy: member.node)
        memberships = groups.map {
            GroupMembership(group: $0, manager: member, topology: topology)
        }
        sender = UpdateSender(
            member, topology: topology, options: options, isSequencer: isSequencer)
    }

    package var elementCount: Int { 0 }

    package var ledger: Ledger {
        Ledger(
            protocolState: MemoryLayout<GroupManager>.size + sender.capacityBytes
                + memberships.reduce(memberships.allocatedBytes) { $0 + $1.capacityBytes })
    }

    package func snapshot() -> Message { Message(head: []) }

    package mutating func handle(_ event: Event, into effects: inout [Effect]) {
        let before = effects.count
        switch event {
        case .start(let start):
            switch start.kind {
            case .initial: sender.begin()
            case .recovery:
                recovery = .quiesce
                effects.append(.report(.phase(.quiesce)))
                for index in memberships.indices {
                    memberships[index].inquire(start.peers + [member.node], into: &effects)
                }
            }
        case .update(let group, let ticket, let operation):
            sender.request(operation, ticket: ticket, group: group, into: &effects)
        case .message(let message, let node):
            receive(message, from: node, into: &effects)
        case .peerLost(let node):
            for index in memberships.indices { memberships[index].lose(node, into: &effects) }
        case .idle:
            sender.flush(into: &effects)
        case .proceed:
            break
        }
        hearItself(from: before, into: &effects)
        reportRecovery(into: &effects)
    }

    private mutating func receive(
        _ message: Message, from node: NodeID, into effects: inout [Effect]
    ) {
        guard let content = try? ReplicationMessage(decoding: message.head) else {
            return effects.append(.report(.malformed))
        }
        switch content {
        case .proposal, .delivered, .answer, .halt, .finish, .open:
            if let index = place(of: topology.group(of: node)),
                memberships[index].hasRemoved(node)
            {
                return effects.send(.removed, to: node, .recovery)
            }
            sender.receive(content, message, from: node, into: &effects)
        case .join:
            for index in memberships.indices { memberships[index].join(node, into: &effects) }
        case .halted(let group, _):
            pass(content, from: node, group: group, into: &effects)
        default:
            pass(content, from: node, group: topology.group(of: node), into: &effects)
        }
    }

    private mutating func pass(
        _ content: ReplicationMessage, from node: NodeID, group: Int?, into effects: inout [Effect]
    ) {
        guard let index = place(of: group),
            memberships[index].receive(content, from: node, into: &effects)
        else { return effects.append(.report(.malformed)) }
    }

    /// Where the membership of a group stands; nil of one that this manager does not keep.
    private func place(of group: Int?) -> Int? {
        group.flatMap { groups.contains($0) ? $0 - groups.lowerBound : nil }
    }

    /// What the manager and its sender say to each other needs no link.
    private mutating func hearItself(from start: Int, into effects: inout [Effect]) {
        var next = start
        while next < effects.count {
            if case .send(let message, to: member.node, _) = effects[next] {
                effects.remove(at: next)
                receive(message, from: member.node, into: &effects)
            } else {
                next += 1
            }
        }
    }

    /// The recovery is where the group is that is last.
    private mutating func reportRecovery(into effects: inout [Effect]) {
        guard let last = recovery else { return }
        let reached = memberships.compactMap(\.phase).map(\.rawValue).min()
        let phases = RecoveryPhase.allCases.filter {
            $0.rawValue > last.rawValue && $0.rawValue <= reached ?? RecoveryPhase.resume.rawValue
        }
        for phase in phases {
            recovery = phase
            effects.append(.report(.phase(phase)))
        }
        guard reached == nil else { return }
        recovery = nil
        if !memberships.contains(where: \.isLost) { effects.append(.report(.recovered)) }
    }
}
