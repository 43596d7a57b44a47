/// What one operation changed at the primary, as a fused backup needs it.
package struct Change: Equatable, Sendable {
    package var structural: StructuralOperation
    package var placement: Placement
    /// New XOR old of each cell that changed, one behind the other, in the placement's order.
    package var deltas: [UInt8]
}

/// A structure as a primary holds it: elements in dense cells, the auxiliary index that gives their
/// order, and where elements have keys, what finds them.
package struct FusibleStructure: Sendable {
    package let shape: StructureShape
    package private(set) var index: any AuxiliaryIndex
    package private(set) var cells: Cells
    private var lookup: (any KeyLookup)?
    /// The bytes of all elements: what else the cells hold is padding.
    private var elementBytes: Int

    /// An empty structure.
    package init(_ shape: StructureShape) {
        self.shape = shape
        index = shape.makeIndex()
        cells = Cells(layout: shape.layout)
        lookup = try? shape.makeLookup(for: cells)
        elementBytes = 0
    }

    /// A structure that was recovered. Throws `malformedCells` where index and cells contradict each
    /// other.
    ///
    /// - Complexity: O(1) where elements have one size and no keys, else O(count), or O(count log
    ///   count) for a sorted structure.
    package init(
        _ shape: StructureShape, index: any AuxiliaryIndex, cells: Cells
    ) throws(StructureError) {
        guard index.slotCounts.counts == cells.counts else { throw .malformedCells }
        self.shape = shape
        self.index = index
        self.cells = cells
        elementBytes = try shape.elementBytes(in: cells)
        lookup = try shape.makeLookup(for: cells)
    }

    package var count: Int { index.count }

    package var ledger: Ledger {
        var ledger = index.ledger + cells.ledger
        if let lookup { ledger = ledger + lookup.ledger }
        return ledger.movingPadding(cells.byteCount - elementBytes)
    }

    /// Performs an operation. Throws, and changes nothing, where it is impossible.
    package mutating func apply(_ operation: Operation) throws(StructureError) -> Change {
        let (structural, element) = try resolve(operation)
        let placement = try index.apply(structural)
        elementBytes += element.count - replacedBytes(placement)
        lookup?.apply(placement, element: element, before: cells)
        var deltas: [UInt8] = []
        deltas.reserveCapacity(placement.deltaBytes(shape.layout))
        cells.apply(placement, element: element, deltas: &deltas)
        return Change(structural: structural, placement: placement, deltas: deltas)
    }

    /// Throws what `apply` would throw, and changes nothing.
    package func check(_ operation: Operation) throws(StructureError) {
        var copy = self
        _ = try index.placement(of: try copy.resolve(operation).0)
    }

    /// The bytes of the element that goes.
    private func replacedBytes(_ placement: Placement) -> Int {
        switch placement {
        case .added: 0
        case .replaced(let slot), .removed(let slot, _), .moved(let slot, _, _):
            cells.withCell(slot) { shape.parts(of: $0).end }
        }
    }
}

// MARK: - From the user's terms to slots

extension FusibleStructure {
    /// Changes nothing. It is mutating because Swift would copy the whole structure for the call
    /// otherwise, which took most of the time of a small operation.
    private mutating func resolve(
        _ operation: Operation
    ) throws(StructureError) -> (StructuralOperation, element: [UInt8]) {
        try shape.kind.check(operation.kind)
        switch operation.kind {
        case .append, .enqueue, .pushBack: return try adding(operation, .append)
        case .push:
            // Keys order a priority queue, so that its elements may be added anywhere.
            return try adding(operation, .append)
        case .pushFront: return try adding(operation, .insert)
        case .insert where lookup == nil:
            return try adding(operation, .insert, at: operation.position)
        case .set: return try adding(operation, .set, at: operation.position)
        case .put, .insert: return try putting(operation)
        case .remove:
            guard lookup != nil else { return (.init(.remove, at: operation.position), []) }
            try shape.check(key: operation.key)
            guard let slot = slot(of: operation.key) else { throw .missingKey(operation.key) }
            return (.init(.remove, at: UInt32(slot)), [])
        case .dequeue, .popFront:
            return (.init(.remove, at: try nonEmpty(0)), [])
        case .popBack: return (.init(.remove, at: try nonEmpty(count - 1)), [])
        case .pop:
            guard let lookup else { return (.init(.remove, at: try nonEmpty(count - 1)), []) }
            guard let slot = lookup.firstSlot(in: cells) else { throw .empty }
            return (.init(.remove, at: UInt32(slot)), [])
        case .read, .readAll: preconditionFailure("a read changes nothing")
        }
    }

    private func adding(
        _ operation: Operation, _ kind: StructuralOperation.Kind, at position: UInt32 = 0
    ) throws(StructureError) -> (StructuralOperation, element: [UInt8]) {
        let element = try shape.element(key: operation.key, value: operation.value)
        let cellClass = shape.layout.cellClass(for: element.count)
        return (.init(kind, at: position, cellClass: UInt8(cellClass)), element)
    }

    private func putting(
        _ operation: Operation
    ) throws(StructureError) -> (StructuralOperation, element: [UInt8]) {
        try shape.check(key: operation.key)
        guard let slot = slot(of: operation.key) else { return try adding(operation, .append) }
        return try adding(operation, .set, at: UInt32(slot))
    }

    private func nonEmpty(_ position: Int) throws(StructureError) -> UInt32 {
        guard count > 0 else { throw .empty }
        return UInt32(position)
    }

    private func slot(of key: [UInt8]) -> Int? {
        key.withUnsafeBytes { lookup?.slot(of: $0, in: cells) }
    }
}

// MARK: - Reading

extension FusibleStructure {
    /// See `PlainStructure.read`.
    package func read(_ operation: Operation) throws(StructureError) -> [UInt8] {
        try shape.kind.check(read: operation.kind)
        if operation.kind == .readAll { return elements() }
        return cells.withCell(try slotToRead(operation)) { [UInt8](shape.answer(in: $0)) }
    }

    private func slotToRead(_ operation: Operation) throws(StructureError) -> Int {
        switch shape.kind {
        case .list:
            let position = Int(operation.position)
            guard position < count else {
                throw .positionOutOfRange(position: position, limit: count)
            }
            return index.slot(at: position)
        case .queue, .deque: return index.slot(at: Int(try nonEmpty(0)))
        case .stack: return index.slot(at: Int(try nonEmpty(count - 1)))
        case .map, .stringMap, .set, .sortedMap:
            try shape.check(key: operation.key)
            guard let slot = slot(of: operation.key) else { throw .missingKey(operation.key) }
            return slot
        case .priorityQueue:
            guard let slot = firstSlot else { throw .empty }
            return slot
        }
    }

    /// The value that is `position`-th in the order of a list, queue, stack or deque.
    package func value(at position: Int) throws(StructureError) -> [UInt8] {
        guard lookup == nil, 0..<count ~= position else {
            throw .positionOutOfRange(position: position, limit: count)
        }
        return cells.withCell(index.slot(at: position)) { [UInt8](shape.value(in: $0)) }
    }

    /// The value of a key, empty for a set; nil where the key is not there.
    package func value(of key: [UInt8]) throws(StructureError) -> [UInt8]? {
        try shape.check(key: key)
        guard let slot = slot(of: key) else { return nil }
        return cells.withCell(slot) { [UInt8](shape.value(in: $0)) }
    }

    /// The slot of the first element of a sorted structure; nil where it is empty.
    package var firstSlot: Int? { lookup?.firstSlot(in: cells) }

    /// Key and value in a slot.
    package func element(in slot: Int) -> (key: [UInt8], value: [UInt8]) {
        cells.withCell(slot) { ([UInt8](shape.key(in: $0)), [UInt8](shape.value(in: $0))) }
    }

    /// The slots of all elements in the structure's order; where it has none, in that of the
    /// elements' bytes.
    package var orderedSlots: [Int] {
        lookup?.orderedSlots(in: cells) ?? (0..<count).map(index.slot(at:))
    }

    /// All elements, one behind the other, in the order of `orderedSlots`, without padding.
    package func elements() -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(elementBytes)
        for slot in orderedSlots {
            cells.withCell(slot) { result.append(contentsOf: shape.element(in: $0)) }
        }
        return result
    }
}

extension StructureShape {
    /// The bytes of all elements in cells, without padding. Throws where a cell is malformed.
    func elementBytes(in cells: Cells) throws(StructureError) -> Int {
        guard hasHeaders else {
            return cells.count * (values.limit + (kind.keys == .integer ? IntegerKey.byteCount : 0))
        }
        var sum = 0
        try cells.withEachCell { (_, cell) throws(StructureError) in
            try check(cell: cell)
            sum += parts(of: cell).end
        }
        return sum
    }
}
