import Roles
import Structures

/// A replica of one group's structure: it applies the requests that its group's order delivers (Boyd
/// 2016, chapter 3; DESIGN.md, Active replication).
package struct Replica: Role {
    private enum State {
        /// Created, not started.
        case idle
        /// Waiting for the manager to halt the group's updates.
        case entering
        /// Waiting for the donor's state.
        case collecting(change: UInt64, donor: NodeID)
        /// The state is here; the next `proceed` installs it.
        case installing(change: UInt64, EncodedState)
        /// Waiting for the view that has this replica in it.
        case installed(change: UInt64)
        /// A member of the current view.
        case active
    }

    /// What a donor has sent.
    private struct EncodedState {
        var clock: UInt64
        var answered: AnsweredRequests
        var structure: Message
    }

    /// What waits for the end of gone senders' messages.
    private struct Flush {
        var change: UInt64
        var senders: [NodeID]
    }

    let node: NodeID
    let group: Int
    private let topology: ReplicationTopology
    private let shape: StructureShape
    let acknowledgement: ReplicationOptions.Acknowledgement
    private var state = State.idle
    var structure: any PlainStructure
    var skeen = SkeenMember<ReplicationMessage.Propose>()
    var answered = AnsweredRequests()
    var view: View
    /// The peers that have not said that they know this life, the manager excluded.
    private var strangers: Set<NodeID> = []
    /// The senders to which a link stands.
    private var senders: Set<NodeID> = []
    /// The last change that each sender has marked, and in which of its lives.
    private var marks: [NodeID: (change: UInt64, incarnation: Incarnation)] = [:]
    private var flush: Flush?
    /// A sequencer's messages that others may lack.
    var ordered = Queue<ReplicationMessage.Propose>()
    /// The number of the last of them.
    var lastOrdered: UInt64 = 0

    package init(
        node: NodeID, group: Int, topology: ReplicationTopology, shape: StructureShape,
        options: ReplicationOptions, structure: any PlainStructure
    ) {
        self.node = node
        self.group = group
        self.topology = topology
        self.shape = shape
        acknowledgement = options.acknowledgement
        self.structure = structure
        view = View(number: 1, members: topology.replicas(of: group))
    }

    package var elementCount: Int { structure.count }

    package var ledger: Ledger {
        structure.ledger
            + Ledger(
                protocolState: MemoryLayout<Replica>.size + skeen.capacityBytes
                    + answered.capacityBytes
                    + ordered.capacityBytes)
    }

    package func snapshot() -> Message { structure.snapshot() }

    private var manager: NodeID { topology.manager(of: group) }

    package mutating func handle(_ event: Event, into effects: inout [Effect]) {
        switch event {
        case .start(let start):
            senders.formUnion(start.peers.filter(topology.senders(of: group).contains))
            switch start.kind {
            case .initial:
                state = .active
                report(view, into: &effects)
            case .recovery:
                strangers = Set(start.peers.filter { $0 != manager })
                for peer in strangers.sorted() { effects.send(.greet, to: peer, .recovery) }
                enter(into: &effects)
            }
        case .message(let message, let node):
            guard let content = try? ReplicationMessage(decoding: message.head) else {
                return effects.append(.report(.malformed))
            }
            if topology.senders(of: group).contains(node) { senders.insert(node) }
            receive(content, body: message.body, from: node, into: &effects)
        case .idle:
            break
        case .proceed:
            install(into: &effects)
        case .peerLost(let node):
            // Without its manager a group goes on until somebody has to leave or to enter it.
            senders.remove(node)
            marks[node] = nil
            answerFlush(into: &effects)
            meet(node, into: &effects)
        case .update(let group, let ticket, _):
            effects.append(
                .report(.failed("update \(ticket) of group \(group + 1) came to a replica")))
        }
    }

    private mutating func receive(
        _ message: ReplicationMessage, body: Body?, from node: NodeID,
        into effects: inout [Effect]
    ) {
        // What belongs to an earlier view was meant for the one that was here then: its sender did
        // not know yet.
        if let view = message.view, view < self.view.number || !isActive { return }
        switch (message, state) {
        case (.propose(let propose), .active) where propose.view == view.number:
            for place in propose.finals { finalize(place, into: &effects) }
            let timestamp = skeen.propose(propose.id, stable: propose.stable, propose)
            effects.send(
                .proposal(Timestamped(id: propose.id, timestamp: timestamp)), to: node, .update)
        case (.final(view.number, let places), .active):
            for place in places { finalize(place, into: &effects) }
        case (.ordered(let propose), .active) where propose.view == view.number:
            while let first = ordered.first, first.id.number < propose.stable {
                _ = ordered.popFirst()
            }
            deliver(ordered: propose, into: &effects)
        case (.read(let request), .active):
            effects.send(
                .answer(ticket: request.ticket, read(request.operation)), to: node, .update)
        case (.read, _):
            // The sender will learn that there is no state here, and ask another.
            break
        case (.greet, _):
            effects.send(.greeted, to: node, .recovery)
        case (.greeted, _):
            meet(node, into: &effects)
        case (.mark(let change, let incarnation), _):
            marks[node] = (change, incarnation)
            answerFlush(into: &effects)
        default:
            guard node == manager || topology.group(of: node) == group else {
                return effects.append(.report(.malformed))
            }
            receive(membership: message, body: body, from: node, into: &effects)
        }
    }
}

// MARK: - Views

extension Replica {
    private mutating func receive(
        membership message: ReplicationMessage, body: Body?, from node: NodeID,
        into effects: inout [Effect]
    ) {
        switch (message, state) {
        case (.inquire, _):
            effects.send(.standing(view, isActive: isActive), to: node, .recovery)
        case (.flush(let change, let senders, let members), .active):
            view.members = members
            flush = Flush(change: change, senders: senders)
            answerFlush(into: &effects)
        case (.settle(let change, let finals, let discarded, let messages), .active):
            settle(finals, discarded, messages, into: &effects)
            effects.send(.settled(change: change), to: node, .recovery)
        case (.view(let change, let view), .active), (.view(let change, let view), .installed):
            take(view, change, from: node, into: &effects)
        case (.removed, .active):
            enter(into: &effects)
        case (.removed, _):
            break
        case (.requestState(let change), .active):
            let state = structure.snapshot()
            effects.send(
                .state(change: change, clock: skeen.clock, answered, index: state.head), to: node,
                .recovery, body: state.body)
        case (.requestState, _):
            // No state to give: the manager knows, or will see it.
            break
        case (.admit(let change, let donor), .entering),
            (.admit(let change, let donor), .installed),
            (.admit(let change, let donor), .collecting),
            (.admit(let change, let donor), .installing):
            if case .entering = state { effects.append(.report(.phase(.collect))) }
            state = .collecting(change: change, donor: donor)
            effects.send(.requestState(change: change), to: donor, .recovery)
        case (
            .state(let change, let clock, let answered, let index),
            .collecting(let wanted, let donor)
        ) where change == wanted && node == donor:
            state = .installing(
                change: change,
                EncodedState(
                    clock: clock, answered: answered, structure: Message(head: index, body: body)))
            effects.append(.report(.phase(.install)))
            effects.append(.proceed)
        case (.state, _), (.flush, _), (.settle, _), (.view, _):
            // Of a change that has been given up.
            break
        default:
            effects.append(.report(.malformed))
        }
    }

    private var isActive: Bool {
        if case .active = state { true } else { false }
    }

    /// Gives up what this replica had and asks to be let in.
    private mutating func enter(into effects: inout [Effect]) {
        state = .entering
        structure = shape.makePlain()
        skeen = SkeenMember()
        answered = AnsweredRequests()
        forgetOrdered()
        flush = nil
        effects.append(.report(.phase(.quiesce)))
        effects.send(.enter, to: manager, .recovery)
    }

    private mutating func install(into effects: inout [Effect]) {
        guard case .installing(let change, let encoded) = state else { return }
        do {
            structure = try shape.plain(from: encoded.structure)
        } catch {
            return effects.append(
                .report(
                    .failed("the state that came from another replica cannot be read: \(error)"))
            )
        }
        skeen = SkeenMember(clock: encoded.clock)
        answered = encoded.answered
        state = .installed(change: change)
        effects.append(.report(.phase(.resume)))
        tellInstalled(into: &effects)
    }

    /// A peer knows this life, or is gone.
    private mutating func meet(_ peer: NodeID, into effects: inout [Effect]) {
        guard strangers.remove(peer) != nil else { return }
        tellInstalled(into: &effects)
    }

    /// Only now: what a peer sends before it knows this life goes to the one before, and is lost.
    private func tellInstalled(into effects: inout [Effect]) {
        guard case .installed(let change) = state, strangers.isEmpty else { return }
        effects.send(.installed(change: change), to: manager, .recovery)
    }

    private mutating func take(
        _ view: View, _ change: UInt64, from node: NodeID, into effects: inout [Effect]
    ) {
        guard view.members.contains(self.node) else { return enter(into: &effects) }
        self.view = view
        // Between views nothing is in flight.
        if !skeen.isEmpty {
            return effects.append(
                .report(.failed("messages are held back between two views")))
        }
        skeen.forgetRecent()
        forgetOrdered()
        report(view, into: &effects)
        if case .installed = state { effects.append(.report(.recovered)) }
        state = .active
        effects.send(.viewed(change: change), to: node, .recovery)
    }

    private func report(_ view: View, into effects: inout [Effect]) {
        effects.append(
            .report(.entered(group: group, view: view.number, members: view.members)))
    }

    /// Nothing of a gone sender comes any more once its link has ended, and nothing of an earlier
    /// life of another once it has spoken in this one.
    private mutating func answerFlush(into effects: inout [Effect]) {
        guard let flush, senders.allSatisfy(flush.senders.contains),
            flush.senders.allSatisfy({ marks[$0]?.change == flush.change })
        else { return }
        self.flush = nil
        let isGone = { [marks] (sender: Member) in
            marks[sender.node]?.incarnation != sender.incarnation
        }
        let pending = skeen.pending(of: isGone)
        var ordered: [ReplicationMessage.Propose] = []
        var rest = self.ordered
        while let propose = rest.popFirst() {
            if isGone(propose.id.sender) { ordered.append(propose) }
        }
        effects.send(
            .flushed(
                change: flush.change,
                finals: pending.compactMap { id, timestamp in
                    timestamp.map { Timestamped(id: id, timestamp: $0) }
                },
                open: pending.compactMap { $0.timestamp == nil ? $0.id : nil }, ordered: ordered),
            to: manager, .recovery)
    }

    private mutating func settle(
        _ finals: [Timestamped], _ discarded: [MessageID],
        _ messages: [ReplicationMessage.Propose], into effects: inout [Effect]
    ) {
        // Live senders' messages were held back behind those.
        for delivery in skeen.settle(finals: finals, discarded: discarded) {
            let answers = apply(delivery.payload, into: &effects)
            if isAcknowledgedOnFinal(delivery.payload) { continue }
            acknowledge(delivery.id, answers, into: &effects)
        }
        for propose in messages where propose.id.number > lastOrdered {
            keep(propose)
            _ = apply(propose, into: &effects)
        }
    }
}

extension [Effect] {
    mutating func send(
        _ message: ReplicationMessage, to node: NodeID, _ purpose: Purpose, body: Body? = nil
    ) {
        append(.send(message.encoded(body: body), to: node, purpose))
    }
}
