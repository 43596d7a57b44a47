/// The data structures that a group can hold.
package enum StructureKind: String, Sendable, Codable, CaseIterable {
    /// Elements by position.
    case list
    /// First in, first out.
    case queue
    /// Last in, first out.
    case stack
    /// A queue with two ends.
    case deque
    /// Values by integer key, in no order.
    case map
    /// Values by string key, in no order.
    case stringMap
    /// Different elements, in no order.
    case set
    /// Values by integer key, in the order of the keys.
    case sortedMap
    /// Values with an integer priority. The least comes first; among equal priorities, the least by
    /// its bytes.
    case priorityQueue

    /// The operations that change the structure. It has `OperationKind.reads`, too.
    package var operations: [OperationKind] {
        switch self {
        case .list: Operations.list
        case .queue: Operations.queue
        case .stack, .priorityQueue: Operations.stack
        case .deque: Operations.deque
        case .map, .stringMap, .sortedMap: Operations.map
        case .set: Operations.set
        }
    }

    /// Throws where nothing of the structure changes by such an operation.
    func check(_ operation: OperationKind) throws(StructureError) {
        guard operations.contains(operation) else { throw .noSuchOperation(operation, self) }
    }

    /// Throws where such an operation does not read.
    func check(read operation: OperationKind) throws(StructureError) {
        guard operation.isRead else { throw .noSuchOperation(operation, self) }
    }

    /// Made once, since every update asks for them.
    private enum Operations {
        static let list: [OperationKind] = [.append, .insert, .set, .remove]
        static let queue: [OperationKind] = [.enqueue, .dequeue]
        static let stack: [OperationKind] = [.push, .pop]
        static let deque: [OperationKind] = [.pushFront, .pushBack, .popFront, .popBack]
        static let map: [OperationKind] = [.put, .remove]
        static let set: [OperationKind] = [.insert, .remove]
    }

    /// What finds an element.
    package enum Keys: Sendable {
        /// Its place in an order that operations make.
        case none
        /// 8 bytes, see `IntegerKey`.
        case integer
        /// Up to `StructureShape.maximumKeyBytes` bytes.
        case string
        /// The element itself.
        case element
    }

    package var keys: Keys {
        switch self {
        case .list, .queue, .stack, .deque: .none
        case .map, .sortedMap, .priorityQueue: .integer
        case .stringMap: .string
        case .set: .element
        }
    }

    /// Whether elements stand in the order of their keys, so that there is a first one.
    package var isSorted: Bool { self == .sortedMap || self == .priorityQueue }
}
