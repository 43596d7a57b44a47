/// The auxiliary index of a structure whose elements are found by what is in their cells, as those
/// of a map are: it keeps nothing but their number. Its order is that of the slots, and a position
/// is a slot number.
package struct BagIndex: AuxiliaryIndex {
    package private(set) var slotCounts: SlotCounts

    /// The index of an empty structure.
    package init(layout: CellLayout) { slotCounts = SlotCounts(layout: layout) }

    package func placement(
        of operation: StructuralOperation
    ) throws(StructureError) -> Placement {
        let slot = Int(operation.position)
        switch operation.kind {
        case .append:
            return .added(slot: try slotCounts.addition(to: operation.cellClass))
        case .set:
            try check(slot)
            return try slotCounts.replacement(of: slot, by: operation.cellClass)
        case .remove:
            try check(slot)
            return .removed(slot: slot, last: slotCounts.last(like: slot))
        case .insert:
            throw .positionOutOfRange(position: slot, limit: 0)
        }
    }

    package mutating func apply(
        _ operation: StructuralOperation
    ) throws(StructureError) -> Placement {
        let placement = try placement(of: operation)
        slotCounts.apply(placement)
        return placement
    }

    private func check(_ slot: Int) throws(StructureError) {
        guard slotCounts.contains(slot) else {
            throw .positionOutOfRange(position: slot, limit: count)
        }
    }

    /// - Complexity: O(number of size classes)
    package func slot(at position: Int) -> Int {
        var place = position
        for (cellClass, count) in slotCounts.counts.enumerated() {
            if place < count { return slotCounts.layout.slot(place, in: cellClass) }
            place -= count
        }
        preconditionFailure("no such position")
    }

    package var ledger: Ledger { Ledger(auxiliary: slotCounts.storedBytes) }

    package func encode(into bytes: inout [UInt8]) { slotCounts.encode(into: &bytes) }

    init(decoding bytes: ArraySlice<UInt8>, layout: CellLayout) throws(StructureError) {
        var rest = bytes
        slotCounts = try SlotCounts(decoding: &rest, layout: layout)
        guard rest.isEmpty else { throw .malformedIndex }
    }
}
