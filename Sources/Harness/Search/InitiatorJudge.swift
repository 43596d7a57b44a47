import Roles
import Structures

/// Judges a group whose only initiator gives its updates their order: completed is what was begun, in
/// this order; whatever was begun and not completed when the initiator ended survives up to some
/// update, and is lost behind it.
struct InitiatorJudge: GroupJudge {
    private let name: String
    private(set) var book = ClientBook()
    /// After all updates that were completed.
    private var model: ModelStructure
    /// What was begun and not answered, in its order.
    private var pending: [(id: Delivery.ID, operation: Operation)] = []
    /// Updates that vanished with their initiator.
    private(set) var vanished = 0

    /// - Parameter name: the group's, for violations.
    init(name: String, shape: StructureShape) {
        self.name = name
        model = ModelStructure(shape)
    }

    mutating func begin(_ operation: Operation, at initiator: NodeID) -> Delivery.ID {
        let id = book.begin(operation, at: initiator)
        pending.append((id, operation))
        return id
    }

    mutating func take(_ answer: ClientAnswer, to id: Delivery.ID) throws(Violation) {
        _ = try book.finish(id)
        guard let place = pending.firstIndex(where: { $0.id == id }) else { return }
        // Updates that were begun before it have changed the structure, complete or not.
        var before = model
        for update in pending[..<place] where !update.operation.kind.isRead {
            _ = before.answer(update.operation)
        }
        let expected = before.answer(pending[place].operation)
        guard answer == expected else {
            throw Violation(
                "\(text(id)) \(answer.contradiction(of: expected))")
        }
        let isRefused = if case .refused = answer { true } else { false }
        guard isRefused || place == 0 else {
            throw Violation("\(text(id)) was completed before \(text(pending[0].id))")
        }
        pending.remove(at: place)
        if !isRefused { model = before }
    }

    private func text(_ id: Delivery.ID) -> String { "operation \(id.ticket) of \(name)" }

    mutating func deliver(_ id: Delivery.ID, at member: Member) {}
    mutating func install(_ member: Member) {}
    mutating func enter(_ view: UInt32, of members: [NodeID], _ member: Member) {}
    mutating func lose(_ member: Member) {}
    mutating func suspect(_ member: Member) {}

    mutating func recovered(
        _ initiator: NodeID, elements: [UInt8]?
    ) throws(Violation) -> [Delivery.ID] {
        guard let elements else { return [] }
        let updates = pending.map(\.operation).filter { !$0.kind.isRead }
        guard let fate = Fate(of: updates, after: model, elements: elements) else {
            let difference = Difference.first(between: elements, and: model)
            throw Violation(
                "\(name) is back, and neither what was completed nor that with any of the "
                    + "\(updates.count) updates behind it is there: \(difference ?? "")")
        }
        vanished += updates.count - fate.survived
        model = fate.structure
        book.forget(pending.map(\.id))
        pending = []
        return []
    }

    mutating func rest() throws(Violation) -> ModelStructure {
        if let first = pending.first {
            throw Violation("nothing is in flight, and \(text(first.id)) has no answer")
        }
        return model
    }
}
