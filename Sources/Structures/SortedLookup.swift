/// Slot numbers in the order of the keys in the cells; equal priorities in the order of their
/// values, and equal elements in that of their slots.
struct SortedLookup: KeyLookup {
    private let shape: StructureShape
    private var slots: SlotSequence

    /// - Complexity: O(count log count)
    init(of shape: StructureShape, cells: Cells) throws(StructureError) {
        self.shape = shape
        slots = SlotSequence()
        var numbers: [UInt32] = []
        numbers.reserveCapacity(cells.count)
        cells.withEachCell { slot, _ in numbers.append(UInt32(slot)) }
        numbers.sort { left, right in
            cells.withCell(Int(right)) { isBefore(Int(left), $0, Int(right), in: cells) }
        }
        if shape.kind != .priorityQueue {
            for (number, next) in zip(numbers, numbers.dropFirst()) {
                let isTwice = cells.withCell(Int(number)) { cell in
                    cells.withCell(Int(next)) { shape.key(in: cell).equals(shape.key(in: $0)) }
                }
                if isTwice { throw .malformedCells }
            }
        }
        slots = SlotSequence(numbers)
    }

    /// - Complexity: O(log count)
    func slot(of key: UnsafeRawBufferPointer, in cells: Cells) -> Int? {
        let position = firstPosition { slot in
            cells.withCell(slot) { !shape.key(in: $0).precedes(key) }
        }
        guard position < slots.count else { return nil }
        let slot = slots[position]
        return cells.withCell(slot) { shape.key(in: $0).equals(key) } ? slot : nil
    }

    func orderedSlots(in cells: Cells) -> [Int] { slots.numbers.map(Int.init) }

    /// - Complexity: O(1)
    func firstSlot(in cells: Cells) -> Int? { slots.count == 0 ? nil : slots[0] }

    var ledger: Ledger {
        slots.ledger + Ledger(auxiliary: MemoryLayout<SortedLookup>.size)
    }

    /// - Complexity: O(log count), and what `SlotSequence.insert` takes
    mutating func apply(_ placement: Placement, element: [UInt8], before cells: Cells) {
        switch placement {
        case .added(let slot):
            element.withUnsafeBytes { enter(slot, $0, cells) }
        case .replaced: break
        case .removed(let slot, let last):
            slots.remove(at: position(of: slot, in: cells))
            if slot != last { move(last, to: slot, cells) }
        case .moved(let slot, let last, let new):
            // Only a map's value changes its size, and no two keys of a map are equal, so that all
            // numbers keep their positions.
            let position = position(of: slot, in: cells)
            if slot != last { slots.replace(at: self.position(of: last, in: cells), with: slot) }
            slots.replace(at: position, with: new)
        }
    }

    private mutating func enter(_ slot: Int, _ cell: UnsafeRawBufferPointer, _ cells: Cells) {
        let position = firstPosition { !isBefore($0, cell, slot, in: cells) }
        slots.insert(slot, at: position)
    }

    /// Another number may stand elsewhere among equal elements.
    private mutating func move(_ slot: Int, to other: Int, _ cells: Cells) {
        slots.remove(at: position(of: slot, in: cells))
        cells.withCell(slot) { enter(other, $0, cells) }
    }

    private func position(of slot: Int, in cells: Cells) -> Int {
        cells.withCell(slot) { cell in firstPosition { !isBefore($0, cell, slot, in: cells) } }
    }

    /// The first position whose slot is `isBehind` a border; `count` where none is.
    private func firstPosition(where isBehind: (Int) -> Bool) -> Int {
        var low = 0
        var high = slots.count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(slots[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Whether the element in `slot` comes before one in `other`, of which `cell` are the bytes.
    private func isBefore(
        _ slot: Int, _ cell: UnsafeRawBufferPointer, _ other: Int, in cells: Cells
    ) -> Bool {
        let order = cells.withCell(slot) { content(of: $0).compare(content(of: cell)) }
        return order != 0 ? order < 0 : slot < other
    }

    /// A key and its value: what orders elements, for keys are all of one size.
    private func content(of cell: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let parts = shape.parts(of: cell)
        return UnsafeRawBufferPointer(rebasing: cell[parts.key..<parts.end])
    }
}
