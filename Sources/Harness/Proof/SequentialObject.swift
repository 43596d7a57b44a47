import Structures

/// What a group holds, as one client after another would see it.
package protocol SequentialObject {
    associatedtype Call
    associatedtype Answer: Equatable

    /// Performs a client's call and gives the answer.
    mutating func perform(_ call: Call) -> Answer
}

/// What a client is told of its operation, short enough to be kept for each.
package enum OperationAnswer: Equatable, Sendable {
    /// The update is done.
    case done
    /// The structure refused it; the reason's checksum.
    case refused(UInt32)
}

extension History<ModelStructure>.Entry {
    /// - Parameter record: the measurement of the update that has its answer, or that of the first
    ///   time that it was begun.
    init(id: Delivery.ID, call: Operation, record: UpdateRecord) {
        self.init(
            id: id, call: call, invoked: record.begun,
            response: record.isComplete
                ? (
                    record.begun + record.nanoseconds,
                    record.isRefused ? .refused(record.refusal) : .done
                ) : nil)
    }
}

extension ModelStructure: SequentialObject {
    package mutating func perform(_ operation: Operation) -> OperationAnswer {
        do {
            if operation.kind.isRead { _ = try read(operation) } else { try apply(operation) }
            return .done
        } catch {
            return .refused(UpdateRecord.checksum(ofRefusal: "\(error)"))
        }
    }
}
