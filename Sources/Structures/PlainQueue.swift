/// A queue or deque whose elements stand one behind the other in their order, in a ring.
struct PlainQueue: PlainStructure {
    private let shape: StructureShape
    private var ring: CellRing

    init(_ shape: StructureShape, store: CellStore) {
        self.shape = shape
        ring = CellRing(store)
    }

    var count: Int { ring.count }

    /// - Complexity: O(count) where the ring has turned
    var cells: Cells { Cells(layout: shape.layout, stores: [ring.store]) }

    var ledger: Ledger {
        ring.ledger.movingPadding(count * (ring.cellBytes - shape.values.limit))
    }

    mutating func apply(_ operation: Operation) throws(StructureError) {
        try shape.kind.check(operation.kind)
        switch operation.kind {
        case .enqueue, .pushBack: try add(operation, at: .back)
        case .pushFront: try add(operation, at: .front)
        case .dequeue, .popFront: try remove(at: .front)
        case .popBack: try remove(at: .back)
        default: preconditionFailure("neither a queue nor a deque has it")
        }
    }

    func read(_ operation: Operation) throws(StructureError) -> [UInt8] {
        try shape.kind.check(read: operation.kind)
        if operation.kind == .readAll { return elements() }
        guard count > 0 else { throw .empty }
        return Array(ring.first.prefix(shape.values.limit))
    }

    func elements() -> [UInt8] { shape.elements(in: ring.store) }

    private mutating func add(
        _ operation: Operation, at end: CellRing.End
    ) throws(StructureError) {
        let cell = try shape.cell(operation)
        guard count < shape.layout.maximumCount else { throw .full }
        cell.withUnsafeBytes { ring.add($0, at: end) }
    }

    private mutating func remove(at end: CellRing.End) throws(StructureError) {
        guard count > 0 else { throw .empty }
        ring.remove(at: end)
    }
}
