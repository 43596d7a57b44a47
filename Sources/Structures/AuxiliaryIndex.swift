/// Where an operation puts things among the dense slots.
package enum Placement: Equatable, Sendable {
    /// A new cell stands in `slot`, which was the count.
    case added(slot: Int)
    /// The cell in `slot` has another value.
    case replaced(slot: Int)
    /// The cell in `slot` is gone, and the one in `last` has moved there. They may be the same.
    case removed(slot: Int, last: Int)
}

/// Leads from a structure's own addressing to slots (Balasubramanian and Garg, TPDS 2013). The
/// primary keeps one, and each fused backup keeps the same, so that order survives a crash.
package protocol AuxiliaryIndex: Sendable {
    /// The number of elements. Their slots are 0 ..< `count`.
    var count: Int { get }

    /// Follows an operation. Throws, and changes nothing, where it is impossible.
    mutating func apply(_ operation: StructuralOperation) throws(StructureError) -> Placement

    /// The slot of the element that is `position`-th in the structure's own order.
    func slot(at position: Int) -> Int

    /// What the index takes, its fixed part included: `auxiliary` for what is in use, `slack` for
    /// spare capacity.
    var ledger: Ledger { get }

    /// Appends the index's binary form; `StructureKind.decodeIndex` reads it.
    func encode(into bytes: inout [UInt8])
}
