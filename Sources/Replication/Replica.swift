import Roles
import Structures

/// A replica of one group's structure: it applies the updates that Skeen's algorithm delivers, in
/// their order (Boyd 2016, chapter 3; DESIGN.md, Active replication).
package struct Replica: Role {
    private let topology: ReplicationTopology
    private let group: Int

    private enum State {
        /// Created, not started.
        case idle
        /// Waiting for the manager to halt the group's updates.
        case entering
        /// Waiting for the donor's state.
        case collecting(donor: NodeID)
        /// The state is here; the next `proceed` installs it.
        case installing(clock: UInt64, state: Message)
        /// Waiting for the view that has this replica in it.
        case installed
        /// A member of the current view.
        case active
    }

    private var state = State.idle
    private let node: NodeID
    private let shape: StructureShape
    private var structure: any PlainStructure
    private var skeen = SkeenMember<Operation>()
    private var view: UInt32 = 1

    package init(
        node: NodeID, group: Int, topology: ReplicationTopology, shape: StructureShape
    ) {
        self.node = node
        self.group = group
        self.topology = topology
        self.shape = shape
        structure = shape.makePlain()
    }

    package var elementCount: Int { structure.count }

    package var ledger: Ledger {
        structure.ledger
            + Ledger(protocolState: MemoryLayout<Replica>.size + skeen.capacityBytes)
    }

    package func snapshot() -> Message { structure.snapshot() }

    package mutating func handle(_ event: Event, into effects: inout [Effect]) {
        switch event {
        case .start(let start):
            switch start.kind {
            case .initial:
                state = .active
            case .recovery:
                state = .entering
                effects.append(.report(.phase(.quiesce)))
                effects.send(.enter, to: topology.manager, .recovery)
            }
        case .message(let message, let node):
            guard let content = try? ReplicationMessage(decoding: message.head) else {
                return effects.append(.report(.malformed))
            }
            receive(content, body: message.body, from: node, into: &effects)
        case .idle:
            break
        case .proceed:
            install(into: &effects)
        case .peerLost(let node):
            if node == topology.manager {
                effects.append(.report(.failed("the group manager is gone")))
            }
        case .update(let group, let ticket, _):
            effects.append(
                .report(.failed("update \(ticket) of group \(group + 1) came to a replica")))
        }
    }

    private mutating func receive(
        _ message: ReplicationMessage, body: Body?, from node: NodeID,
        into effects: inout [Effect]
    ) {
        switch (message, state) {
        case (.propose(let id, let view, let operation), .active):
            guard view == self.view else { return effects.append(.report(.malformed)) }
            let timestamp = skeen.propose(id, operation)
            effects.send(.proposal(id, timestamp: timestamp), to: node, .update)
        case (.final(let id, let timestamp), .active):
            guard let delivered = skeen.finalize(id, timestamp: timestamp) else {
                return effects.append(.report(.malformed))
            }
            for message in delivered {
                effects.send(
                    .delivered(message.id, refusal: apply(message.payload)),
                    to: message.id.sender.node, .update)
            }
        case (.requestState, .active):
            let state = structure.snapshot()
            effects.send(
                .state(clock: skeen.clock, view: view, index: state.head), to: node, .recovery,
                body: state.body)
        case (.view(let number, let members), .active),
            (.view(let number, let members), .installed):
            guard members.contains(self.node) else {
                return effects.append(.report(.malformed))
            }
            view = number
            if case .installed = state { effects.append(.report(.recovered)) }
            state = .active
        case (.admit(let donor), .entering), (.admit(let donor), .collecting):
            state = .collecting(donor: donor)
            effects.append(.report(.phase(.collect)))
            effects.send(.requestState, to: donor, .recovery)
        case (.admit, .installing), (.admit, .installed):
            // The donor was lost after its state had come; the group halts until this replica is in.
            break
        case (.state(let clock, let view, let index), .collecting(let donor)):
            // What a lost donor has sent may still come when another one has been asked.
            guard node == donor else { return }
            self.view = view
            state = .installing(clock: clock, state: Message(head: index, body: body))
            effects.append(.report(.phase(.install)))
            effects.append(.proceed)
        default:
            effects.append(.report(.malformed))
        }
    }

    /// - Returns: why the structure refused the update, or nothing.
    private mutating func apply(_ operation: Operation) -> String {
        do {
            try structure.apply(operation)
            return ""
        } catch {
            return "\(error)"
        }
    }

    private mutating func install(into effects: inout [Effect]) {
        guard case .installing(let clock, let snapshot) = state else { return }
        do {
            structure = try shape.plain(from: snapshot)
        } catch {
            return effects.append(
                .report(
                    .failed("the state that came from another replica cannot be read: \(error)"))
            )
        }
        skeen = SkeenMember(clock: clock)
        state = .installed
        effects.append(.report(.phase(.resume)))
        effects.send(.installed, to: topology.manager, .recovery)
    }
}

extension [Effect] {
    mutating func send(
        _ message: ReplicationMessage, to node: NodeID, _ purpose: Purpose, body: Body? = nil
    ) {
        append(.send(message.encoded(body: body), to: node, purpose))
    }
}
