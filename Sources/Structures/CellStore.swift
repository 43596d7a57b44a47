/// Cells of one size, dense in slots 0 ..< `count`.
///
/// A value: its memory may be shared with copies and with messages, and is copied before the first
/// change after that. Capacity grows by a quarter and is given back when less than half is used.
package struct CellStore: Sendable {
    package let cellBytes: Int
    package private(set) var count: Int
    /// The first `byteCount` bytes are the cells. Who keeps a reference may read them for as long
    /// as it likes: the store then copies them before it changes them.
    package private(set) var memory: CellMemory

    /// An empty store.
    ///
    /// - Parameter cellBytes: at least 1
    package init(cellBytes: Int) {
        self.init(cellBytes: cellBytes, adopting: CellMemory(capacity: 0), count: 0)
    }

    /// An empty store with memory for so many cells.
    init(cellBytes: Int, reserving count: Int) {
        self.init(
            cellBytes: cellBytes, adopting: CellMemory(capacity: count * cellBytes), count: 0)
    }

    /// A store of cells that stand in `memory` already.
    package init(cellBytes: Int, adopting memory: CellMemory, count: Int) {
        precondition(cellBytes >= 1, "a cell has at least one byte")
        precondition(
            count >= 0 && count.multipliedReportingOverflow(by: cellBytes).overflow == false
                && count * cellBytes <= memory.capacity, "the memory holds all cells")
        self.cellBytes = cellBytes
        self.memory = memory
        self.count = count
    }

    package var byteCount: Int { count * cellBytes }

    package var capacityBytes: Int { memory.capacity }

    package var ledger: Ledger {
        Ledger(
            payload: byteCount, slack: capacityBytes - byteCount,
            protocolState: CellMemory.objectBytes)
    }

    /// All cells, in the order of their slots.
    package func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: memory.base, count: byteCount))
    }

    /// All cells, to be changed in place.
    package mutating func withMutableBytes<Result, Failure: Error>(
        _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeMutableRawBufferPointer(start: uniqueBase(), count: byteCount))
    }

    /// The bytes of one cell.
    package subscript(slot: Int) -> [UInt8] {
        precondition(0..<count ~= slot, "no such slot")
        return [UInt8](
            UnsafeRawBufferPointer(start: memory.base + slot * cellBytes, count: cellBytes))
    }
}

// MARK: - Changes

extension CellStore {
    /// Adds a cell in slot `count`.
    package mutating func append(_ cell: UnsafeRawBufferPointer) {
        insert(cell, at: count)
    }

    /// Adds whole cells behind the last one.
    mutating func append(cells: UnsafeRawBufferPointer) {
        precondition(cells.count.isMultiple(of: cellBytes), "a store holds whole cells")
        reserve(count + cells.count / cellBytes)
        memory.write(cells, at: byteCount)
        count += cells.count / cellBytes
        checkInvariants()
    }

    /// Adds a cell in `slot`; the cells from there on move one slot up.
    package mutating func insert(_ cell: UnsafeRawBufferPointer, at slot: Int) {
        precondition(0...count ~= slot, "no such slot")
        precondition(cell.count == cellBytes, "a cell has the store's size")
        reserve(count + 1)
        let place = memory.base + slot * cellBytes
        (place + cellBytes).copyMemory(from: place, byteCount: (count - slot) * cellBytes)
        place.copyMemory(from: cell.baseAddress!, byteCount: cellBytes)
        count += 1
        checkInvariants()
    }

    /// Overwrites the cell in `slot`.
    package mutating func replace(at slot: Int, with cell: UnsafeRawBufferPointer) {
        precondition(0..<count ~= slot, "no such slot")
        precondition(cell.count == cellBytes, "a cell has the store's size")
        (uniqueBase() + slot * cellBytes)
            .copyMemory(from: cell.baseAddress!, byteCount: cellBytes)
    }

    /// The bytes of one cell, to be changed in place.
    mutating func withMutableCell(
        at slot: Int, _ body: (UnsafeMutableRawBufferPointer) -> Void
    ) {
        precondition(0..<count ~= slot, "no such slot")
        body(
            UnsafeMutableRawBufferPointer(start: uniqueBase() + slot * cellBytes, count: cellBytes))
    }

    /// Removes the cell in `slot`; the cells behind it move one slot down.
    package mutating func remove(at slot: Int) {
        precondition(0..<count ~= slot, "no such slot")
        if slot < count - 1 {
            let place = uniqueBase() + slot * cellBytes
            place.copyMemory(
                from: place + cellBytes, byteCount: (count - 1 - slot) * cellBytes)
        }
        resize(to: count - 1)
    }

    /// Grows with cells of zeros, or drops the last cells.
    package mutating func resize(to newCount: Int) {
        precondition(newCount >= 0, "no negative number of cells")
        if newCount > count {
            reserve(newCount)
            (memory.base + byteCount).initializeMemory(
                as: UInt8.self, repeating: 0, count: (newCount - count) * cellBytes)
        }
        count = newCount
        giveBack()
        checkInvariants()
    }
}

// MARK: - Memory

extension CellStore {
    /// The memory's address, once nobody else refers to it.
    private mutating func uniqueBase() -> UnsafeMutableRawPointer {
        if !isKnownUniquelyReferenced(&memory) { move(toCapacity: memory.capacity) }
        return memory.base
    }

    /// Makes the memory unshared and large enough for `needed` cells.
    private mutating func reserve(_ needed: Int) {
        let neededBytes = needed * cellBytes
        if neededBytes > memory.capacity {
            move(toCapacity: max(neededBytes, memory.capacity + memory.capacity / 4))
        } else {
            _ = uniqueBase()
        }
    }

    /// Leaves a quarter spare, so that a store about one size is not moved again and again.
    private mutating func giveBack() {
        let target = CellMemory.rounded(byteCount + byteCount / 4)
        if byteCount < memory.capacity / 2 && target < memory.capacity {
            move(toCapacity: target)
        }
    }

    /// Copies the cells to memory of their own of at least `capacity` bytes.
    private mutating func move(toCapacity capacity: Int) {
        let target = CellMemory(capacity: CellMemory.rounded(capacity))
        withBytes { target.write($0, at: 0) }
        memory = target
    }
}
