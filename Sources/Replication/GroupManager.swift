import Roles
import Structures

/// The group manager: it sends every group's updates, keeps the view of each group and admits
/// replicas that come back (Boyd 2016, chapter 3; DESIGN.md, Active replication).
package struct GroupManager: Role {
    private let topology: ReplicationTopology
    private var skeen: SkeenSender
    private var groups: [Group]

    /// What the manager knows of a group.
    private struct Group {
        enum State {
            /// Updates are taken.
            case serving
            /// No update begins; the entering replica waits for those in flight.
            case halting(entrant: NodeID)
            /// The entering replica gets its state from the donor.
            case transferring(entrant: NodeID, donor: NodeID)

            var entrant: NodeID? {
                switch self {
                case .serving: nil
                case .halting(let entrant), .transferring(let entrant, _): entrant
                }
            }
        }

        var state = State.serving
        var view: UInt32 = 1
        /// The members of the view, ascending.
        var members: [NodeID]
        var inFlight = 0
        var waiting = Queue<(ticket: UInt64, operation: Operation)>()
        /// Replicas that wait for the one that enters now.
        var entrants: [NodeID] = []
    }

    package init(member: Member, topology: ReplicationTopology) {
        self.topology = topology
        skeen = SkeenSender(sender: member)
        groups = (0..<topology.groups).map { Group(members: topology.replicas(of: $0)) }
    }

    package var elementCount: Int { 0 }

    package var ledger: Ledger {
        Ledger(
            protocolState: MemoryLayout<GroupManager>.size + skeen.capacityBytes
                + groups.capacity * MemoryLayout<Group>.stride
                + groups.map { $0.waiting.capacityBytes }.reduce(0, +))
    }

    package func snapshot() -> Message { Message(head: []) }

    package mutating func handle(_ event: Event, into effects: inout [Effect]) {
        switch event {
        case .start, .proceed, .idle:
            break
        case .update(let group, let ticket, let operation):
            groups[group].waiting.append((ticket, operation))
            beginUpdates(of: group, into: &effects)
        case .message(let message, let node):
            guard let content = try? ReplicationMessage(decoding: message.head),
                let group = topology.group(of: node)
            else { return effects.append(.report(.malformed)) }
            receive(content, message, from: node, in: group, into: &effects)
        case .peerLost(let node):
            lose(node, into: &effects)
        }
    }

    private mutating func receive(
        _ content: ReplicationMessage, _ message: Message, from node: NodeID, in group: Int,
        into effects: inout [Effect]
    ) {
        switch content {
        case .proposal(let id, let timestamp):
            follow(skeen.proposed(timestamp, for: id, by: node, in: message), into: &effects)
        case .delivered(let id, let refusal):
            follow(
                skeen.delivered(id, by: node, refusal: refusal, in: message), into: &effects)
        case .enter:
            guard !groups[group].members.contains(node), groups[group].state.entrant != node,
                !groups[group].entrants.contains(node)
            else { return effects.append(.report(.malformed)) }
            groups[group].entrants.append(node)
            admitNext(to: group, into: &effects)
        case .installed:
            guard case .transferring(let entrant, _) = groups[group].state, entrant == node else {
                return effects.append(.report(.malformed))
            }
            groups[group].members = (groups[group].members + [node]).sorted()
            changeView(of: group, into: &effects)
            groups[group].state = .serving
            admitNext(to: group, into: &effects)
            beginUpdates(of: group, into: &effects)
        case .propose, .final, .admit, .requestState, .state, .view:
            effects.append(.report(.malformed))
        }
    }
}

// MARK: - Updates

extension GroupManager {
    private mutating func beginUpdates(of group: Int, into effects: inout [Effect]) {
        guard case .serving = groups[group].state else { return }
        while let (ticket, operation) = groups[group].waiting.first {
            let members = groups[group].members
            guard !members.isEmpty else { return reportLoss(of: group, into: &effects) }
            _ = groups[group].waiting.popFirst()
            let id = skeen.begin(group: group, ticket: ticket, members: members)
            groups[group].inFlight += 1
            let message = ReplicationMessage.propose(id, view: groups[group].view, operation)
                .encoded()
            skeen.count(message, times: members.count, of: id)
            effects.append(.report(.step(group: group, ticket: ticket, .sent)))
            for member in members { effects.append(.send(message, to: member, .update)) }
        }
    }

    private mutating func follow(_ outcome: SkeenSender.Outcome?, into effects: inout [Effect]) {
        switch outcome {
        case nil:
            effects.append(.report(.malformed))
        case .nothing:
            break
        case .final(let id, let timestamp, let members):
            if let round = skeen.round(id) {
                effects.append(
                    .report(.step(group: round.group, ticket: round.ticket, .proposed)))
            }
            let message = ReplicationMessage.final(id, timestamp: timestamp).encoded()
            skeen.count(message, times: members.count, of: id)
            for member in members { effects.append(.send(message, to: member, .update)) }
        case .done(let round):
            groups[round.group].inFlight -= 1
            effects.append(
                .report(
                    round.refusal.isEmpty
                        ? .updateCompleted(
                            group: round.group, ticket: round.ticket, messages: round.messages,
                            bytes: round.bytes)
                        : .updateRefused(
                            group: round.group, ticket: round.ticket, reason: round.refusal)))
            admitNext(to: round.group, into: &effects)
        }
    }
}

// MARK: - Membership

extension GroupManager {
    /// Lets the next replica that waits in, once nothing of the group is in flight.
    private mutating func admitNext(to group: Int, into effects: inout [Effect]) {
        if case .serving = groups[group].state, !groups[group].entrants.isEmpty {
            groups[group].state = .halting(entrant: groups[group].entrants.removeFirst())
        }
        guard case .halting(let entrant) = groups[group].state, groups[group].inFlight == 0 else {
            return
        }
        guard let donor = groups[group].members.first else {
            return reportLoss(of: group, into: &effects)
        }
        groups[group].state = .transferring(entrant: entrant, donor: donor)
        effects.send(.admit(donor: donor), to: entrant, .recovery)
    }

    private mutating func changeView(of group: Int, into effects: inout [Effect]) {
        groups[group].view += 1
        let members = groups[group].members
        for member in members {
            effects.send(
                .view(number: groups[group].view, members: members), to: member, .recovery)
        }
    }

    private mutating func lose(_ node: NodeID, into effects: inout [Effect]) {
        guard let group = topology.group(of: node) else { return }
        groups[group].entrants.removeAll { $0 == node }
        if groups[group].members.contains(node) {
            groups[group].members.removeAll { $0 == node }
            changeView(of: group, into: &effects)
            for outcome in skeen.lost(node) { follow(outcome, into: &effects) }
            groups[group].inFlight -= skeen.abandonEmptyRounds()
        }
        switch groups[group].state {
        case .transferring(let entrant, _) where entrant == node:
            groups[group].state = .serving
        case .halting(let entrant) where entrant == node:
            groups[group].state = .serving
        case .transferring(let entrant, let donor) where donor == node:
            groups[group].state = .halting(entrant: entrant)
        case .serving, .halting, .transferring:
            break
        }
        if groups[group].members.isEmpty { return reportLoss(of: group, into: &effects) }
        admitNext(to: group, into: &effects)
        beginUpdates(of: group, into: &effects)
    }

    private func reportLoss(of group: Int, into effects: inout [Effect]) {
        effects.append(
            .report(.failed("group \(group + 1) is lost: none of its replicas is left")))
    }
}
