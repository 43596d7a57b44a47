import Roles
import Structures

// What a replica does with the messages that its group's order delivers.

extension Replica {
    mutating func finalize(_ place: Timestamped, into effects: inout [Effect]) {
        guard let delivered = skeen.finalize(place) else {
            return effects.append(.report(.malformed))
        }
        let isDelivered = delivered.contains { $0.id == place.id }
        if !isDelivered { hold(place.id, into: &effects) }
        for delivery in delivered {
            let answers = apply(delivery.payload, into: &effects)
            // Whoever was acknowledged when it became final waits for nothing any more.
            if delivery.id != place.id, isAcknowledgedOnFinal(delivery.payload) { continue }
            acknowledge(delivery.id, answers, into: &effects)
        }
    }

    /// A message that has its place and must wait for others.
    private func hold(_ id: MessageID, into effects: inout [Effect]) {
        guard let propose = skeen.payload(of: id) else { return }
        for request in propose.requests {
            effects.append(
                .report(.held(group: group, sender: id.sender.node, ticket: request.ticket)))
        }
        if isAcknowledgedOnFinal(propose) {
            acknowledge(id, propose.requests.map { _ in .placed }, into: &effects)
        }
    }

    /// Reads have no answer before they are delivered.
    func isAcknowledgedOnFinal(_ propose: ReplicationMessage.Propose) -> Bool {
        acknowledgement == .final && !propose.requests.contains { $0.operation.kind.isRead }
    }

    func acknowledge(
        _ id: MessageID, _ answers: [Answer], into effects: inout [Effect]
    ) {
        effects.send(.delivered(id, answers), to: id.sender.node, .update)
    }

    mutating func keep(_ propose: ReplicationMessage.Propose) {
        ordered.append(propose)
        lastOrdered = propose.id.number
    }

    mutating func forgetOrdered() {
        ordered = Queue()
        lastOrdered = 0
    }

    mutating func deliver(
        ordered propose: ReplicationMessage.Propose, into effects: inout [Effect]
    ) {
        keep(propose)
        // In one expression, `acknowledge` would hold on to this replica as it was before, so that
        // each update would copy the whole structure.
        let answers = apply(propose, into: &effects)
        acknowledge(propose.id, answers, into: &effects)
    }

    /// Applies what is new in a delivered message, and finds the answers of what is not.
    mutating func apply(
        _ propose: ReplicationMessage.Propose, into effects: inout [Effect]
    ) -> [Answer] {
        let client = propose.id.sender.node
        return propose.requests.map { request in
            let known = answered.answer(to: request.ticket, of: client)
            let answer = known ?? apply(request.operation)
            if known == nil {
                answered.keep(
                    answer, to: request.ticket, of: client, answered: propose.answered)
                effects.append(
                    .report(.delivered(group: group, sender: client, ticket: request.ticket)))
            }
            // One member tells what was read.
            return node == view.members.first ? answer : answer.inBrief
        }
    }

    private mutating func apply(_ operation: Operation) -> Answer {
        if operation.kind.isRead { return read(operation) }
        do {
            try structure.apply(operation)
            return .applied
        } catch {
            return .refused("\(error)")
        }
    }

    func read(_ operation: Operation) -> Answer {
        do {
            return .value(try structure.read(operation))
        } catch {
            return .refused("\(error)")
        }
    }
}
