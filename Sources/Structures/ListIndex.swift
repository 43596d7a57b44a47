/// The auxiliary index of a structure whose operations make the order of its elements: a slot number
/// of 4 bytes per position, or nothing at all while every element stands in the slot of its position,
/// as in a list of elements of one size that was only appended to.
package struct ListIndex: AuxiliaryIndex {
    enum Order {
        /// Position and slot are the same. Only where there is one size class.
        case same
        /// The slots of all positions.
        case explicit(SlotSequence)
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
        layout.classCount == 1 ? .same : .explicit(SlotSequence())
    }

    package func slot(at position: Int) -> Int {
        precondition(0..<count ~= position, "no such position")
        switch order {
        case .same: return position
        case .explicit(let slots): return slots[position]
        }
    }

    package var ledger: Ledger {
        let fixed = Ledger(auxiliary: MemoryLayout<Order>.size + slotCounts.storedBytes)
        switch order {
        case .same: return fixed
        case .explicit(let slots): return fixed + slots.ledger
        }
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
                if slot != last { slots.rename(last, to: slot) }
                slots.replace(at: position, with: new)
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
            slots.insert(slot, at: position)
        }
    }

    private mutating func remove(_ slot: Int, last: Int, at position: Int) {
        if case .same = order, slot == last { return }
        withSlots { slots in
            slots.remove(at: position)
            if slot != last { slots.rename(last, to: slot) }
        }
    }

    /// Changes the slot numbers, writing them down first where they are not, and forgets them where
    /// they say nothing.
    private mutating func withSlots(_ body: (inout SlotSequence) -> Void) {
        var slots: SlotSequence
        switch order {
        case .same: slots = SlotSequence((0..<UInt32(count)).map { $0 })
        case .explicit(let stored): slots = stored
        }
        // The sequence must hold the only reference to its memory, or it would copy it.
        order = .same
        body(&slots)
        let isShort = slots.count <= 1 && slotCounts.layout.classCount == 1
        order = isShort ? .same : .explicit(slots)
    }
}
