/// A hash table of slot numbers with open addressing: linear probing, and deletion that shifts later
/// entries back (Knuth, The Art of Computer Programming, volume 3, section 6.4, algorithm R). It
/// keeps no keys and no hashes, for the keys are in the cells.
///
/// Between half and three quarters of the table are in use, so an element takes 5.3 to 8 bytes.
struct HashLookup: KeyLookup {
    private let shape: StructureShape
    private var count: Int
    /// Slot numbers; `blank` where there is none.
    private var table: [UInt32]

    /// No slot has this number, see `CellLayout.maximumCount`.
    private static let blank = UInt32.max
    private static let minimumCapacity = 16

    /// - Complexity: O(count), expected
    init(of shape: StructureShape, cells: Cells) throws(StructureError) {
        self.shape = shape
        count = cells.count
        table = Self.blankTable(for: count)
        try cells.withEachCell { (slot, cell) throws(StructureError) in
            let place = place(of: shape.key(in: cell), in: cells)
            guard table[place] == Self.blank else { throw .malformedCells }
            table[place] = UInt32(slot)
        }
    }

    /// - Complexity: O(1), expected
    func slot(of key: UnsafeRawBufferPointer, in cells: Cells) -> Int? {
        let entry = table[place(of: key, in: cells)]
        return entry == Self.blank ? nil : Int(entry)
    }

    /// - Complexity: O(count log count)
    func orderedSlots(in cells: Cells) -> [Int] {
        var slots: [Int] = []
        slots.reserveCapacity(count)
        cells.withEachCell { slot, _ in slots.append(slot) }
        slots.sort { left, right in
            cells.withCell(left) { left in
                cells.withCell(right) { shape.element(in: left).precedes(shape.element(in: $0)) }
            }
        }
        return slots
    }

    func firstSlot(in cells: Cells) -> Int? { nil }

    var ledger: Ledger {
        Ledger(
            auxiliary: MemoryLayout<HashLookup>.size
                + table.count * MemoryLayout<UInt32>.stride)
    }
}

// MARK: - Changes

extension HashLookup {
    /// - Complexity: O(1), expected and amortised
    mutating func apply(_ placement: Placement, element: [UInt8], before cells: Cells) {
        let isSparse = 2 * count < table.count && table.count > Self.minimumCapacity
        if isSparse { rebuild(for: count, cells) }
        switch placement {
        case .added(let slot):
            if 4 * (count + 1) > 3 * table.count { rebuild(for: count + 1, cells) }
            element.withUnsafeBytes { put(slot, shape.key(in: $0)) }
            count += 1
        case .replaced: break
        case .removed(let slot, let last):
            remove(at: place(of: slot, in: cells), cells)
            if slot != last { table[place(of: last, in: cells)] = UInt32(slot) }
            count -= 1
        case .moved(let slot, let last, let new):
            table[place(of: slot, in: cells)] = UInt32(new)
            if slot != last { table[place(of: last, in: cells)] = UInt32(slot) }
        }
    }

    private mutating func rebuild(for count: Int, _ cells: Cells) {
        table = Self.blankTable(for: count)
        cells.withEachCell { slot, cell in put(slot, shape.key(in: cell)) }
    }

    private static func blankTable(for count: Int) -> [UInt32] {
        Array(repeating: blank, count: max(minimumCapacity, count * 5 / 3 + 1))
    }

    /// Enters a slot whose key is not there yet.
    private mutating func put(_ slot: Int, _ key: UnsafeRawBufferPointer) {
        var place = home(of: key)
        while table[place] != Self.blank { place = following(place) }
        table[place] = UInt32(slot)
    }

    /// Blanks an entry so that no search for a later one stops at it.
    private mutating func remove(at place: Int, _ cells: Cells) {
        var hole = place
        var next = following(hole)
        while table[next] != Self.blank {
            let home = cells.withCell(Int(table[next])) { self.home(of: shape.key(in: $0)) }
            if distance(from: home, to: next) >= distance(from: hole, to: next) {
                table[hole] = table[next]
                hole = next
            }
            next = following(next)
        }
        table[hole] = Self.blank
    }
}

// MARK: - Search

extension HashLookup {
    /// Where the key's entry is, or the blank where it would be.
    private func place(of key: UnsafeRawBufferPointer, in cells: Cells) -> Int {
        var place = home(of: key)
        while table[place] != Self.blank {
            let isEqual = cells.withCell(Int(table[place])) { shape.key(in: $0).equals(key) }
            if isEqual { break }
            place = following(place)
        }
        return place
    }

    /// Where the entry of a slot is, which must be there.
    private func place(of slot: Int, in cells: Cells) -> Int {
        var place = cells.withCell(slot) { home(of: shape.key(in: $0)) }
        while table[place] != UInt32(slot) {
            precondition(table[place] != Self.blank, "every slot has an entry")
            place = following(place)
        }
        return place
    }

    /// Where the search for a key begins.
    @inline(__always)
    private func home(of key: UnsafeRawBufferPointer) -> Int {
        Int(UInt64(table.count).multipliedFullWidth(by: key.fixedHash).high)
    }

    @inline(__always)
    private func following(_ place: Int) -> Int { place + 1 == table.count ? 0 : place + 1 }

    private func distance(from start: Int, to end: Int) -> Int {
        end >= start ? end - start : end - start + table.count
    }
}
