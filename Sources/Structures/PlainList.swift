/// A list or stack whose elements stand one behind the other in their order.
struct PlainList: PlainStructure {
    private let shape: StructureShape
    private var store: CellStore

    init(_ shape: StructureShape, store: CellStore) {
        self.shape = shape
        self.store = store
    }

    var count: Int { store.count }

    var cells: Cells { Cells(layout: shape.layout, stores: [store]) }

    var ledger: Ledger { store.ledger.movingPadding(store.byteCount - count * shape.values.limit) }

    mutating func apply(_ operation: Operation) throws(StructureError) {
        try shape.kind.check(operation.kind)
        let position = Int(operation.position)
        switch operation.kind {
        case .append, .push: try insert(operation, at: count)
        case .insert: try insert(operation, at: position)
        case .set:
            let cell = try shape.cell(operation)
            try check(position, below: count)
            cell.withUnsafeBytes { store.replace(at: position, with: $0) }
        case .remove:
            try check(position, below: count)
            store.remove(at: position)
        case .pop:
            guard count > 0 else { throw .empty }
            store.remove(at: count - 1)
        default: preconditionFailure("neither a list nor a stack has it")
        }
    }

    func read(_ operation: Operation) throws(StructureError) -> [UInt8] {
        try shape.kind.check(read: operation.kind)
        if operation.kind == .readAll { return elements() }
        if shape.kind == .list {
            try check(Int(operation.position), below: count)
            return element(at: Int(operation.position))
        }
        guard count > 0 else { throw .empty }
        return element(at: count - 1)
    }

    func elements() -> [UInt8] { shape.elements(in: store) }

    private func element(at position: Int) -> [UInt8] {
        Array(store[position].prefix(shape.values.limit))
    }

    private mutating func insert(
        _ operation: Operation, at position: Int
    ) throws(StructureError) {
        let cell = try shape.cell(operation)
        try check(position, below: count + 1)
        guard count < shape.layout.maximumCount else { throw .full }
        cell.withUnsafeBytes { store.insert($0, at: position) }
    }

    private func check(_ position: Int, below limit: Int) throws(StructureError) {
        guard position < limit else {
            throw .positionOutOfRange(position: position, limit: limit)
        }
    }
}
