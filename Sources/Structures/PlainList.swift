/// A list, queue, stack or deque whose elements stand one behind the other in their order.
struct PlainList: PlainStructure {
    private let shape: StructureShape
    private var store: CellStore

    /// An empty structure.
    init(_ shape: StructureShape) {
        self.init(shape, cells: Cells(layout: shape.layout))
    }

    init(_ shape: StructureShape, cells: Cells) {
        self.shape = shape
        store = cells[class: 0]
    }

    var count: Int { store.count }

    var cells: Cells { Cells(layout: shape.layout, stores: [store]) }

    var ledger: Ledger {
        var ledger = store.ledger
        let padding = store.byteCount - count * shape.values.limit
        ledger.payload -= padding
        ledger.slack += padding
        return ledger
    }

    mutating func apply(_ operation: Operation) throws(StructureError) {
        guard shape.kind.operations.contains(operation.kind) else {
            throw .noSuchOperation(operation.kind, shape.kind)
        }
        let position = Int(operation.position)
        switch operation.kind {
        case .append, .enqueue, .push, .pushBack: try insert(operation, at: count)
        case .insert: try insert(operation, at: position)
        case .pushFront: try insert(operation, at: 0)
        case .set:
            let cell = try cell(operation)
            try check(position, below: count)
            cell.withUnsafeBytes { store.replace(at: position, with: $0) }
        case .remove:
            try check(position, below: count)
            store.remove(at: position)
        case .dequeue, .popFront: try removeFromEnd(0)
        case .pop, .popBack: try removeFromEnd(count - 1)
        case .put: preconditionFailure("no structure without keys has it")
        }
    }

    func elements() -> [UInt8] {
        let size = shape.values.limit
        if size == store.cellBytes { return store.withBytes { [UInt8]($0) } }
        return (0..<count).flatMap { store[$0].prefix(size) }
    }

    func encodeIndex(into bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(count).littleEndian) { bytes.append(contentsOf: $0) }
    }

    private mutating func insert(
        _ operation: Operation, at position: Int
    ) throws(StructureError) {
        let cell = try cell(operation)
        try check(position, below: count + 1)
        guard count < shape.layout.maximumCount else { throw .full }
        cell.withUnsafeBytes { store.insert($0, at: position) }
    }

    private mutating func removeFromEnd(_ position: Int) throws(StructureError) {
        guard count > 0 else { throw .empty }
        store.remove(at: position)
    }

    private func cell(_ operation: Operation) throws(StructureError) -> [UInt8] {
        let element = try shape.element(key: operation.key, value: operation.value)
        return element + repeatElement(0, count: store.cellBytes - element.count)
    }

    private func check(_ position: Int, below limit: Int) throws(StructureError) {
        guard 0..<limit ~= position else {
            throw .positionOutOfRange(position: position, limit: limit)
        }
    }
}
