import Roles
import Structures
import Testing

@testable import Fusion
@testable import Harness
@testable import Replication

/// Bugs in roles that a short search must find.
struct PlantedBugTests {
    /// Searches some hundred schedules for a bug, and plays again what it found.
    private func find(
        _ plan: RunPlan, _ plant: @escaping @Sendable (Member, any Role) -> any Role,
        _ expected: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        func search(_ plans: [RunPlan]) throws -> ScheduleSearch {
            try ScheduleSearch(plans: plans) { plan in
                SabotagedMechanism(base: try ScheduleSearch.mechanism(of: plan), plant: plant)
            }
        }
        let found = try search([plan]).run(schedules: 300)
        let failure = try #require(
            found.failure, "the search does not find it", sourceLocation: sourceLocation)
        #expect(
            failure.minimalViolation.contains(expected), "\(failure.minimalViolation)",
            sourceLocation: sourceLocation)
        #expect(failure.kept.count < failure.actions, sourceLocation: sourceLocation)
        // The shortest schedule still fails, the same way, and without any of its actions it does not.
        let again = try search([failure.plan]).run(schedules: 1, keeping: Set(failure.kept))
        #expect(
            again.failure?.violation == failure.minimalViolation, sourceLocation: sourceLocation)
        for number in failure.kept {
            let less = Set(failure.kept).subtracting([number])
            #expect(
                try search([failure.plan]).run(schedules: 1, keeping: less).failure == nil,
                "without \(number)", sourceLocation: sourceLocation)
        }
    }

    @Test("A delta that does not come to one backup")
    func droppedDelta() throws {
        try find(
            SearchPlans.fusion(),
            { member, role in
                guard member.node == NodeID(3) else { return role }
                var updates = 0
                return TamperedRole(
                    base: role,
                    incoming: { event in
                        guard case .message(var message, let sender) = event, message.head[0] == 1
                        else { return [event] }
                        updates += 1
                        guard updates.isMultiple(of: 3), message.head.count > 8 else {
                            return [event]
                        }
                        message.head.replaceSubrange(
                            message.head.count - 8..<message.head.count,
                            with: Array(repeating: 0, count: 8))
                        return [.message(message, from: sender)]
                    })
            }, "states differ: backup-1")
    }

    @Test("A backup that acknowledges before it applies")
    func earlyAcknowledgement() throws {
        try find(
            SearchPlans.fusion(),
            { member, role in
                member.node == NodeID(4) ? EarlyAcknowledger(base: role) : role
            }, "states differ: backup-2: its last update of primary-")
    }

    @Test("A member that delivers before the final timestamp")
    func earlyDelivery() throws {
        try find(
            SearchPlans.replication(),
            { member, role in
                role is Replica ? EarlyDeliverer(base: role) : role
            }, "deliver")
    }

    @Test("A recovery that does not wait for updates in flight")
    func noQuiescence() throws {
        try find(
            SearchPlans.fusion(),
            { member, role in
                member.node.rawValue <= 2 ? HastilyQuiet(base: role) : role
            }, "calls a message malformed")
    }
}

/// A backup that acknowledges an update when it comes, and applies it when the next event does.
private struct EarlyAcknowledger: Role {
    var base: any Role
    var held: Event?

    var ledger: Ledger { base.ledger }
    var elementCount: Int { base.elementCount }
    func snapshot() -> Message { base.snapshot() }

    mutating func handle(_ event: Event, into effects: inout [Effect]) {
        if case .idle = event { return }
        if let held {
            self.held = nil
            var late: [Effect] = []
            base.handle(held, into: &late)
            effects += late.filter { effect in
                if case .send(_, to: _, .update) = effect { false } else { true }
            }
        }
        guard case .message(let message, let node) = event,
            let last = (try? FusionMessage(decoding: message.head))?.updates?.last
        else { return base.handle(event, into: &effects) }
        held = event
        effects.append(
            .send(FusionMessage.acknowledge(sequence: last.sequence).encoded(), to: node, .update))
    }
}

/// A replica that takes its own proposals for final, and acknowledges when the final timestamp comes.
private struct EarlyDeliverer: Role {
    var base: any Role
    var acknowledgements: [MessageID: [Effect]] = [:]

    var ledger: Ledger { base.ledger }
    var elementCount: Int { base.elementCount }
    func snapshot() -> Message { base.snapshot() }

    mutating func handle(_ event: Event, into effects: inout [Effect]) {
        guard case .message(let message, let node) = event,
            let content = try? ReplicationMessage(decoding: message.head)
        else { return base.handle(event, into: &effects) }
        switch content {
        case .propose(let propose):
            let before = effects.count
            base.handle(event, into: &effects)
            for case .send(let answer, to: _, _) in effects[before...] {
                guard case .proposal(let place)? = try? ReplicationMessage(decoding: answer.head)
                else { continue }
                var early: [Effect] = []
                base.handle(
                    .message(
                        ReplicationMessage.final(view: propose.view, [place]).encoded, from: node),
                    into: &early)
                for effect in early {
                    if case .send = effect {
                        acknowledgements[place.id, default: []].append(effect)
                    } else {
                        effects.append(effect)
                    }
                }
            }
        case .final(_, let places):
            for place in places {
                effects += acknowledgements.removeValue(forKey: place.id) ?? []
            }
        default:
            base.handle(event, into: &effects)
        }
    }
}

/// A primary that says at once that nothing of it is in flight.
private struct HastilyQuiet: Role {
    var base: any Role
    /// The peers that were told too early.
    var told: Set<NodeID> = []

    var ledger: Ledger { base.ledger }
    var elementCount: Int { base.elementCount }
    func snapshot() -> Message { base.snapshot() }

    mutating func handle(_ event: Event, into effects: inout [Effect]) {
        var asked: [Effect] = []
        base.handle(event, into: &asked)
        for effect in asked {
            if case .send(let message, to: let node, _) = effect,
                case .quiesced? = try? FusionMessage(decoding: message.head),
                told.remove(node) != nil
            {
                continue
            }
            effects.append(effect)
        }
        guard case .message(let message, let node) = event,
            case .rejoin? = try? FusionMessage(decoding: message.head), isServing,
            !asked.contains(where: { effect in
                if case .send(let answer, to: node, _) = effect {
                    (try? FusionMessage(decoding: answer.head)).map { content in
                        if case .quiesced = content { true } else { false }
                    } ?? false
                } else {
                    false
                }
            })
        else { return }
        told.insert(node)
        effects.append(.send(FusionMessage.quiesced.encoded(), to: node, .recovery))
    }

    /// Whether it has been told of updates: one that recovers answers by itself.
    private var isServing: Bool { elementCount > 0 }
}
