/// Slot numbers in the order of the keys in the cells.
struct SortedLookup: KeyLookup {
    init(of shape: StructureShape, cells: Cells) throws(StructureError) {}
    func slot(of key: UnsafeRawBufferPointer, in cells: Cells) -> Int? { nil }
    func orderedSlots(in cells: Cells) -> [Int] { [] }
    func firstSlot(in cells: Cells) -> Int? { nil }
    mutating func apply(_ placement: Placement, element: [UInt8], before cells: Cells) {}
    var ledger: Ledger { Ledger() }
}
