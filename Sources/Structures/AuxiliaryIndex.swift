/// Which slots an operation changes.
package enum Placement: Equatable, Sendable {
    /// A new cell stands in `slot`, behind the last of its class.
    case added(slot: Int)
    /// The cell in `slot` has another value.
    case replaced(slot: Int)
    /// The cell in `slot` is gone, and the one in `last` has moved there. They may be the same.
    case removed(slot: Int, last: Int)
    /// The element has changed its size class: as `removed`, and then `added` in `to`.
    case moved(slot: Int, last: Int, to: Int)

    /// The slots whose cells change, in the order in which deltas are sent: a hole before the last
    /// slot, which becomes blank, before a new one.
    package func withTouchedSlots(_ body: (Int) -> Void) {
        switch self {
        case .added(let slot), .replaced(let slot): body(slot)
        case .removed(let slot, let last):
            if slot != last { body(slot) }
            body(last)
        case .moved(let slot, let last, let new):
            if slot != last { body(slot) }
            body(last)
            body(new)
        }
    }

    /// The bytes of all deltas.
    package func deltaBytes(_ layout: CellLayout) -> Int {
        var sum = 0
        withTouchedSlots { sum += layout.cellBytes(of: $0) }
        return sum
    }
}

/// Leads from an order of elements to slots (Balasubramanian and Garg, TPDS 2013). The primary keeps
/// one, and each fused backup keeps the same, so that order survives a crash.
package protocol AuxiliaryIndex: Sendable {
    /// The number of elements in each size class.
    var slotCounts: SlotCounts { get }

    /// What an operation would do. Throws where it is impossible.
    func placement(
        of operation: StructuralOperation
    ) throws(StructureError) -> Placement

    /// Follows an operation. Throws, and changes nothing, where it is impossible.
    mutating func apply(_ operation: StructuralOperation) throws(StructureError) -> Placement

    /// The slot of the element that is `position`-th in the index's order.
    func slot(at position: Int) -> Int

    /// What the index takes, its fixed part included: `auxiliary` for what is in use, `slack` for
    /// spare capacity.
    var ledger: Ledger { get }

    /// Appends the index's binary form; `StructureShape.decodeIndex` reads it.
    func encode(into bytes: inout [UInt8])
}

extension AuxiliaryIndex {
    /// The number of elements.
    package var count: Int { slotCounts.total }
}
