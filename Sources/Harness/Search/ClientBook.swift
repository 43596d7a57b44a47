import Roles
import Structures

/// What the clients of one group have asked for and been told.
struct ClientBook {
    private var tickets: [NodeID: UInt64] = [:]
    private var operations: [Delivery.ID: Operation] = [:]
    /// What was begun and has no answer, in the order of its beginning.
    private(set) var outstanding: [Delivery.ID] = []

    /// A client asks for something.
    ///
    /// - Returns: what the update or read goes by from now on.
    mutating func begin(_ operation: Operation, at initiator: NodeID) -> Delivery.ID {
        tickets[initiator, default: 0] += 1
        let id = Delivery.ID(sender: initiator, ticket: tickets[initiator] ?? 0)
        operations[id] = operation
        outstanding.append(id)
        return id
    }

    /// A client has its answer.
    mutating func finish(_ id: Delivery.ID) throws(Violation) -> Operation {
        guard let operation = operations[id] else {
            throw Violation("operation \(id.ticket) was answered, and nobody asked for it")
        }
        guard let place = outstanding.firstIndex(of: id) else {
            throw Violation("operation \(id.ticket) was answered twice")
        }
        outstanding.remove(at: place)
        return operation
    }

    /// What nobody will ever answer any more is forgotten.
    mutating func forget(_ ids: [Delivery.ID]) { outstanding.removeAll(where: ids.contains) }

    /// Nil for what nobody has asked for.
    subscript(id: Delivery.ID) -> Operation? { operations[id] }
}

/// What a client was told.
enum ClientAnswer: Equatable {
    case done
    case refused(String)
    case value([UInt8])
}

extension ModelStructure {
    /// Performs an operation and says what its client must be told.
    mutating func answer(_ operation: Operation) -> ClientAnswer {
        do {
            if operation.kind.isRead { return .value(try read(operation)) }
            try apply(operation)
            return .done
        } catch {
            return .refused("\(error)")
        }
    }
}

extension ClientAnswer {
    /// The end of a sentence about an answer that is not what it should be.
    func contradiction(of expected: ClientAnswer) -> String {
        "was \(words), where it must be \(expected.words)"
    }

    private var words: String {
        switch self {
        case .done: "completed"
        case .refused(let reason): "refused (\(reason))"
        case .value(let value):
            "answered with \(value.count) bytes, \(Difference.hexadecimal(Array(value.prefix(8))))"
        }
    }
}
