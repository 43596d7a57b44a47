/// The auxiliary index of a list: a slot number of 4 bytes per position, or nothing at all while
/// every element stands in the slot of its position, as in a list that was only appended to.
package struct ListIndex: AuxiliaryIndex {
    enum Order {
        /// Position and slot are the same.
        case same(count: Int)
        /// The slots of all positions, as `UInt32` cells.
        case explicit(CellStore)
    }

    private(set) var order: Order

    /// The index of an empty list.
    package init() { order = .same(count: 0) }

    init(_ order: Order) { self.order = order }

    /// Positions and slots are 32 bits.
    static let maximumCount = Int(UInt32.max)

    package var count: Int {
        switch order {
        case .same(let count): count
        case .explicit(let slots): slots.count
        }
    }

    package func slot(at position: Int) -> Int {
        precondition(0..<count ~= position, "no such position")
        switch order {
        case .same: return position
        case .explicit(let slots): return Int(Self.numbers(slots)[position])
        }
    }

    package var ledger: Ledger {
        let fixed = MemoryLayout<ListIndex>.size
        switch order {
        case .same: return Ledger(auxiliary: fixed)
        case .explicit(let slots):
            let stored = slots.ledger
            return Ledger(
                auxiliary: fixed + stored.payload + stored.protocolState, slack: stored.slack)
        }
    }

    /// The slot numbers; to be read before the store changes.
    static func numbers(_ slots: CellStore) -> UnsafePointer<UInt32> {
        UnsafePointer(slots.memory.base.assumingMemoryBound(to: UInt32.self))
    }
}

// MARK: - Operations

extension ListIndex {
    package mutating func apply(
        _ operation: StructuralOperation
    ) throws(StructureError) -> Placement {
        defer { checkInvariants() }
        let position = Int(operation.position)
        switch operation.kind {
        case .append:
            return try insert(at: count)
        case .insert:
            return try insert(at: position)
        case .set:
            try check(position, below: count)
            return .replaced(slot: slot(at: position))
        case .remove:
            try check(position, below: count)
            return remove(at: position)
        }
    }

    private func check(_ position: Int, below limit: Int) throws(StructureError) {
        guard position < limit else {
            throw .positionOutOfRange(position: position, limit: limit)
        }
    }

    private mutating func insert(at position: Int) throws(StructureError) -> Placement {
        let slot = count
        try check(position, below: slot + 1)
        guard slot < Self.maximumCount else { throw .full }
        if case .same(let count) = order, position == count {
            order = .same(count: count + 1)
        } else {
            withSlots { slots in
                withUnsafeBytes(of: UInt32(slot)) { slots.insert($0, at: position) }
            }
        }
        return .added(slot: slot)
    }

    private mutating func remove(at position: Int) -> Placement {
        let last = count - 1
        if case .same = order, position == last {
            order = .same(count: last)
            return .removed(slot: last, last: last)
        }
        let slot = slot(at: position)
        withSlots { slots in
            slots.remove(at: position)
            if slot != last { Self.rename(UInt32(last), to: UInt32(slot), in: &slots) }
        }
        return .removed(slot: slot, last: last)
    }

    /// Changes the slot numbers, writing them down first where they are not, and forgets them where
    /// they say nothing.
    private mutating func withSlots(_ body: (inout CellStore) -> Void) {
        var slots: CellStore
        switch order {
        case .same(let count): slots = Self.ascending(count)
        case .explicit(let stored): slots = stored
        }
        // The store must hold the only reference to its memory, or it would copy all of it.
        order = .same(count: 0)
        body(&slots)
        order = slots.count <= 1 ? .same(count: slots.count) : .explicit(slots)
    }

    private static func ascending(_ count: Int) -> CellStore {
        var slots = CellStore(cellBytes: MemoryLayout<UInt32>.size)
        slots.resize(to: count)
        slots.withMutableBytes { bytes in
            let numbers = bytes.assumingMemoryBound(to: UInt32.self)
            for position in 0..<count { numbers[position] = UInt32(position) }
        }
        return slots
    }

    private static func rename(_ slot: UInt32, to other: UInt32, in slots: inout CellStore) {
        slots.withMutableBytes { bytes in
            let numbers = bytes.assumingMemoryBound(to: UInt32.self)
            numbers[position(of: slot, in: UnsafeBufferPointer(numbers))] = other
        }
    }

    /// Looks at 16 slots at a time. The slot must be there.
    private static func position(of slot: UInt32, in numbers: UnsafeBufferPointer<UInt32>) -> Int {
        typealias Lanes = SIMD16<UInt32>
        let bytes = UnsafeRawBufferPointer(numbers)
        let wanted = Lanes(repeating: slot)
        var position = 0
        while position + Lanes.scalarCount <= numbers.count {
            let lanes = bytes.loadUnaligned(
                fromByteOffset: position * MemoryLayout<UInt32>.size, as: Lanes.self)
            if any(lanes .== wanted) { break }
            position += Lanes.scalarCount
        }
        while numbers[position] != slot { position += 1 }
        return position
    }
}
