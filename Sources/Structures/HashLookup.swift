/// A hash table of slot numbers with open addressing, for the keys in the cells.
struct HashLookup: KeyLookup {
    init(of shape: StructureShape, cells: Cells) throws(StructureError) {}
    func slot(of key: UnsafeRawBufferPointer, in cells: Cells) -> Int? { nil }
    func orderedSlots(in cells: Cells) -> [Int] { [] }
    func firstSlot(in cells: Cells) -> Int? { nil }
    mutating func apply(_ placement: Placement, element: [UInt8], before cells: Cells) {}
    var ledger: Ledger { Ledger() }
}
