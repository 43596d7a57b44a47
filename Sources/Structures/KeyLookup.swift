/// Finds the slots of elements by the keys in their cells. The primary and each replica keep one; a
/// fused backup needs none, since keys are coded with their values.
protocol KeyLookup: Sendable {
    /// For cells that are there already. Throws `malformedCells` where two have the same key and the
    /// structure has each key once.
    init(of shape: StructureShape, cells: Cells) throws(StructureError)

    /// The slot of the element with that key; of a priority queue, of the first with that priority.
    func slot(of key: UnsafeRawBufferPointer, in cells: Cells) -> Int?

    /// The slots of all elements, in the order of the structure: of the keys where it is sorted;
    /// else the order that a stranger to the structure can make, too: of the elements' bytes.
    func orderedSlots(in cells: Cells) -> [Int]

    /// The slot of the first element in the structure's order; nil where it is empty.
    func firstSlot(in cells: Cells) -> Int?

    /// Takes in what is to happen to the cells.
    ///
    /// - Parameters:
    ///   - placement: not yet carried out on `cells`.
    ///   - element: what the added or replaced cell will hold.
    mutating func apply(_ placement: Placement, element: [UInt8], before cells: Cells)

    /// As an index's: `auxiliary` for what is in use, `slack` for spare capacity.
    var ledger: Ledger { get }
}
