/// Cells of one size in an order that changes at its ends: a ring, so that no cell moves when one
/// comes or goes. Capacity grows by a quarter and is given back when less than half is used.
struct CellRing: Sendable {
    enum End { case front, back }

    let cellBytes: Int
    private(set) var count: Int
    private var memory: CellMemory
    /// Where in the memory the first cell is, in cells.
    private var begin = 0

    /// A ring of a store's cells.
    init(_ store: CellStore) {
        cellBytes = store.cellBytes
        count = store.count
        memory = store.memory
    }

    /// The cells in their order, from slot 0 on.
    ///
    /// - Complexity: O(count), but O(1) where the memory begins with the first cell
    var store: CellStore {
        let ordered = begin == 0 ? memory : copy(toCapacity: count * cellBytes)
        return CellStore(cellBytes: cellBytes, adopting: ordered, count: count)
    }

    /// The bytes of the first cell, which must be there.
    var first: [UInt8] {
        precondition(count > 0, "no cell")
        return [UInt8](
            UnsafeRawBufferPointer(start: memory.base + begin * cellBytes, count: cellBytes))
    }

    var ledger: Ledger {
        Ledger(
            payload: count * cellBytes, slack: memory.capacity - count * cellBytes,
            protocolState: CellMemory.objectBytes)
    }

    /// - Complexity: O(1), amortised
    mutating func add(_ cell: UnsafeRawBufferPointer, at end: End) {
        precondition(cell.count == cellBytes, "a cell has the ring's size")
        if count == capacity {
            move(toCapacity: max((count + 1) * cellBytes, memory.capacity + memory.capacity / 4))
        } else if !isKnownUniquelyReferenced(&memory) {
            move(toCapacity: memory.capacity)
        }
        if end == .front { begin = begin == 0 ? capacity - 1 : begin - 1 }
        let place = (begin + (end == .front ? 0 : count)) % capacity
        (memory.base + place * cellBytes).copyMemory(from: cell.baseAddress!, byteCount: cellBytes)
        count += 1
    }

    /// - Complexity: O(1), amortised
    mutating func remove(at end: End) {
        precondition(count > 0, "no cell")
        if end == .front { begin = (begin + 1) % capacity }
        count -= 1
        let target = CellMemory.rounded(count * cellBytes * 5 / 4)
        if 2 * count * cellBytes < memory.capacity && target < memory.capacity {
            move(toCapacity: target)
        }
    }

    private var capacity: Int { memory.capacity / cellBytes }

    private mutating func move(toCapacity capacity: Int) {
        memory = copy(toCapacity: CellMemory.rounded(capacity))
        begin = 0
    }

    /// The cells in their order, in other memory.
    private func copy(toCapacity capacity: Int) -> CellMemory {
        let target = CellMemory(capacity: capacity)
        let upToEnd = min(count, self.capacity - begin) * cellBytes
        target.base.copyMemory(from: memory.base + begin * cellBytes, byteCount: upToEnd)
        (target.base + upToEnd).copyMemory(
            from: memory.base, byteCount: count * cellBytes - upToEnd)
        return target
    }
}
