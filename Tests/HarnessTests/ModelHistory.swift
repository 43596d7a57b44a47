import Structures

@testable import Harness

/// What a client is told of its update.
package enum OperationAnswer: Equatable, Sendable {
    /// It is done.
    case done
    /// The structure refused it; the reason's checksum.
    case refused(UInt32)
}

extension History<ModelStructure>.Entry {
    /// An update and its measurement.
    init(id: Delivery.ID, call: Operation, record: UpdateRecord) {
        self.init(
            id: id, call: call, record: record,
            answer: record.isRefused ? .refused(record.refusal) : .done)
    }
}

extension ModelStructure: SequentialObject {
    package mutating func perform(_ operation: Operation) -> OperationAnswer {
        outcome(of: operation).refusal.map {
            .refused(UpdateRecord.checksum(ofRefusal: "\($0)"))
        } ?? .done
    }
}
