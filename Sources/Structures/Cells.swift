/// The cells of a structure, or the code words of a fused backup: one dense store per size class.
package struct Cells: Sendable {
    package let layout: CellLayout
    private var stores: [CellStore]

    /// No cells.
    package init(layout: CellLayout) {
        self.layout = layout
        stores = layout.cellBytes.map(CellStore.init(cellBytes:))
    }

    /// Cells of a region that belongs to somebody else: those of the first class, then those of the
    /// second, and so on. Throws where the region has another size.
    package init(
        copying bytes: UnsafeRawBufferPointer, counts: SlotCounts
    ) throws(StructureError) {
        guard bytes.count == counts.byteCount else { throw .malformedCells }
        layout = counts.layout
        var offset = 0
        stores = zip(layout.cellBytes, counts.counts).map { size, count in
            defer { offset += size * count }
            return CellStore(
                cellBytes: size,
                copying: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + size * count]))
        }
    }

    /// No cells, but memory for so many.
    init(reserving counts: SlotCounts) {
        layout = counts.layout
        stores = zip(layout.cellBytes, counts.counts).map(CellStore.init(cellBytes:reserving:))
    }

    /// - Parameter stores: one per class of the layout, of its size.
    package init(layout: CellLayout, stores: [CellStore]) {
        precondition(stores.map(\.cellBytes) == layout.cellBytes, "one store per size class")
        self.layout = layout
        self.stores = stores
    }

    package var count: Int { stores.reduce(0) { $0 + $1.count } }
    package var byteCount: Int { stores.reduce(0) { $0 + $1.byteCount } }
    package var capacityBytes: Int { stores.reduce(0) { $0 + $1.capacityBytes } }

    /// Per class, the number of cells.
    package var counts: [Int] { stores.map(\.count) }

    package var slotCounts: SlotCounts {
        SlotCounts(trusting: counts, layout: layout)
    }

    /// The store of a size class.
    package subscript(class cellClass: Int) -> CellStore { stores[cellClass] }

    package var ledger: Ledger {
        var ledger = stores.map(\.ledger).reduce(Ledger(), +)
        ledger.protocolState +=
            MemoryLayout<Cells>.size + stores.count * MemoryLayout<CellStore>.stride
        return ledger
    }

    /// The cell in a slot, while `body` runs.
    @inline(__always)
    package func withCell<Result, Failure: Error>(
        _ slot: Int, _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let store = stores[layout.cellClass(of: slot)]
        let place = layout.place(of: slot)
        precondition(place < store.count, "no such slot")
        return try body(
            UnsafeRawBufferPointer(
                start: store.memory.base + place * store.cellBytes, count: store.cellBytes))
    }

    /// All cells with their slots, class by class.
    package func withEachCell<Failure: Error>(
        _ body: (Int, UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        for (cellClass, store) in stores.enumerated() {
            for place in 0..<store.count {
                try body(
                    layout.slot(place, in: cellClass),
                    UnsafeRawBufferPointer(
                        start: store.memory.base + place * store.cellBytes,
                        count: store.cellBytes))
            }
        }
    }

    /// All cells in one piece, those of the first class first. With one class the memory is the
    /// store's own; it stays as it is while somebody refers to it.
    package var contiguous: (memory: CellMemory, byteCount: Int) {
        if stores.count == 1 { return (stores[0].memory, stores[0].byteCount) }
        let memory = CellMemory(capacity: byteCount)
        var offset = 0
        for store in stores {
            (memory.base + offset).copyMemory(from: store.memory.base, byteCount: store.byteCount)
            offset += store.byteCount
        }
        return (memory, offset)
    }
}

// MARK: - Changes

extension Cells {
    /// Performs a change.
    ///
    /// - Parameters:
    ///   - element: what the added or replaced cell holds, at most as long as it; zeros follow.
    ///   - deltas: gets new XOR old of each touched cell, in the placement's order, appended.
    package mutating func apply(
        _ placement: Placement, element: [UInt8], deltas: inout [UInt8]
    ) {
        switch placement {
        case .added(let slot): add(element, at: slot, &deltas)
        case .replaced(let slot):
            append(element, paddedFor: slot, to: &deltas)
            exchange(slot, &deltas)
        case .removed(let slot, let last): remove(slot, last: last, &deltas)
        case .moved(let slot, let last, let new):
            remove(slot, last: last, &deltas)
            add(element, at: new, &deltas)
        }
    }

    /// Adds whole cells to a class, behind the last one.
    mutating func append(_ bytes: UnsafeRawBufferPointer, toClass cellClass: Int) {
        stores[cellClass].append(cells: bytes)
    }

    /// Grows a class with cells of zeros, or drops its last cells.
    package mutating func resize(_ cellClass: Int, to count: Int) {
        stores[cellClass].resize(to: count)
    }

    /// All cells of a class, to be changed in place.
    package mutating func withMutableBytes<Result, Failure: Error>(
        ofClass cellClass: Int,
        _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try stores[cellClass].withMutableBytes(body)
    }

    private mutating func add(_ element: [UInt8], at slot: Int, _ deltas: inout [UInt8]) {
        append(element, paddedFor: slot, to: &deltas)
        let size = layout.cellBytes(of: slot)
        deltas.withUnsafeBytes {
            stores[layout.cellClass(of: slot)].append(
                UnsafeRawBufferPointer(rebasing: $0.suffix(size)))
        }
    }

    private mutating func remove(_ slot: Int, last: Int, _ deltas: inout [UInt8]) {
        append(cellAt: last, to: &deltas)
        if slot != last {
            exchange(slot, &deltas)
            append(cellAt: last, to: &deltas)
        }
        stores[layout.cellClass(of: slot)].resize(to: layout.place(of: last))
    }

    private func append(_ element: [UInt8], paddedFor slot: Int, to deltas: inout [UInt8]) {
        deltas += element
        deltas += repeatElement(0, count: layout.cellBytes(of: slot) - element.count)
    }

    private func append(cellAt slot: Int, to deltas: inout [UInt8]) {
        withCell(slot) { deltas.append(contentsOf: $0) }
    }

    /// Puts what stands last in `deltas` into a slot, and leaves there new XOR old.
    private mutating func exchange(_ slot: Int, _ deltas: inout [UInt8]) {
        let size = layout.cellBytes(of: slot)
        deltas.withUnsafeMutableBytes { deltas in
            let delta = UnsafeMutableRawBufferPointer(rebasing: deltas.suffix(size))
            stores[layout.cellClass(of: slot)].withMutableCell(at: layout.place(of: slot)) { cell in
                for index in 0..<size {
                    let new = delta[index]
                    delta[index] = new ^ cell[index]
                    cell[index] = new
                }
            }
        }
    }
}
