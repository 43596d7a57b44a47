/// The auxiliary index of a structure whose operations make the order of its elements: a slot number
/// of 4 bytes per position, or nothing at all while every element stands in the slot of its position,
/// as in a list of elements of one size that was only appended to.
package struct ListIndex: AuxiliaryIndex {
    enum Order {
        /// Position and slot are the same. Only where there is one size class.
        case same
        /// The slots of all positions, as `UInt32` cells.
        case explicit(CellStore)
    }

    package private(set) var slotCounts: SlotCounts
    private(set) var order: Order

    /// The index of an empty structure.
    package init(layout: CellLayout) {
        slotCounts = SlotCounts(layout: layout)
        order = Self.emptyOrder(layout)
    }

    init(_ order: Order, slotCounts: SlotCounts) {
        self.order = order
        self.slotCounts = slotCounts
    }

    private static func emptyOrder(_ layout: CellLayout) -> Order {
        layout.classCount == 1 ? .same : .explicit(CellStore(cellBytes: MemoryLayout<UInt32>.size))
    }

    package func slot(at position: Int) -> Int {
        precondition(0..<count ~= position, "no such position")
        switch order {
        case .same: return position
        case .explicit(let slots): return Int(Self.numbers(slots)[position])
        }
    }

    package var ledger: Ledger {
        let fixed = MemoryLayout<Order>.size + slotCounts.storedBytes
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
    package func placement(
        of operation: StructuralOperation
    ) throws(StructureError) -> Placement {
        let position = Int(operation.position)
        switch operation.kind {
        case .append:
            return .added(slot: try slotCounts.addition(to: operation.cellClass))
        case .insert:
            try check(position, below: count + 1)
            return .added(slot: try slotCounts.addition(to: operation.cellClass))
        case .set:
            try check(position, below: count)
            return try slotCounts.replacement(
                of: slot(at: position), by: operation.cellClass)
        case .remove:
            try check(position, below: count)
            let slot = slot(at: position)
            return .removed(slot: slot, last: slotCounts.last(like: slot))
        }
    }

    package mutating func apply(
        _ operation: StructuralOperation
    ) throws(StructureError) -> Placement {
        defer { checkInvariants() }
        let placement = try placement(of: operation)
        let position = operation.kind == .append ? count : Int(operation.position)
        switch placement {
        case .added(let slot): insert(slot, at: position)
        case .replaced: break
        case .removed(let slot, let last): remove(slot, last: last, at: position)
        case .moved(let slot, let last, let new):
            withSlots { slots in
                if slot != last { Self.rename(UInt32(last), to: UInt32(slot), in: &slots) }
                withUnsafeBytes(of: UInt32(new)) { slots.replace(at: position, with: $0) }
            }
        }
        slotCounts.apply(placement)
        return placement
    }

    private func check(_ position: Int, below limit: Int) throws(StructureError) {
        guard position < limit else {
            throw .positionOutOfRange(position: position, limit: limit)
        }
    }

    private mutating func insert(_ slot: Int, at position: Int) {
        if case .same = order, position == count { return }
        withSlots { slots in
            withUnsafeBytes(of: UInt32(slot)) { slots.insert($0, at: position) }
        }
    }

    private mutating func remove(_ slot: Int, last: Int, at position: Int) {
        if case .same = order, slot == last { return }
        withSlots { slots in
            slots.remove(at: position)
            if slot != last { Self.rename(UInt32(last), to: UInt32(slot), in: &slots) }
        }
    }

    /// Changes the slot numbers, writing them down first where they are not, and forgets them where
    /// they say nothing.
    private mutating func withSlots(_ body: (inout CellStore) -> Void) {
        var slots: CellStore
        switch order {
        case .same: slots = Self.ascending(count)
        case .explicit(let stored): slots = stored
        }
        // The store must hold the only reference to its memory, or it would copy all of it.
        order = .same
        body(&slots)
        let isShort = slots.count <= 1 && slotCounts.layout.classCount == 1
        order = isShort ? .same : .explicit(slots)
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
