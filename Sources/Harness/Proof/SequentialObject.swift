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

extension ModelStructure: SequentialObject {
    package mutating func perform(_ operation: Operation) -> OperationAnswer {
        do {
            try apply(operation)
            return .done
        } catch {
            return .refused(UpdateRecord.checksum(ofRefusal: "\(error)"))
        }
    }
}
