/// What one operation changed at the primary, as a fused backup needs it.
package struct Change: Equatable, Sendable {
    package var structural: StructuralOperation
    package var placement: Placement
    /// New XOR old of each cell that changed, one behind the other: the cell in the slot that was
    /// added or replaced; or, after a removal, the cell in the slot of the removed element (where it
    /// was not the last) and then the one in the last slot, which is blank now. That is one or two
    /// cells, and the placement says of which slots.
    package var deltas: [UInt8]
}

/// A primary's structure: elements in dense cells, and the index that gives their order.
package struct FusibleStructure: Sendable {
    package private(set) var index: any AuxiliaryIndex
    package private(set) var cells: CellStore

    /// An empty structure.
    ///
    /// - Parameter cellBytes: the size of every value
    package init(kind: StructureKind, cellBytes: Int) {
        self.init(index: kind.makeIndex(), cells: CellStore(cellBytes: cellBytes))
    }

    /// A structure that was recovered. Index and cells must be of one count.
    package init(index: any AuxiliaryIndex, cells: CellStore) {
        precondition(index.count == cells.count, "every element has a cell")
        self.index = index
        self.cells = cells
    }

    package var ledger: Ledger { index.ledger + cells.ledger }

    /// Performs an operation. Throws, and changes nothing, where it is impossible.
    package mutating func apply(_ operation: Operation) throws(StructureError) -> Change {
        try operation.checkValue(cellBytes: cells.cellBytes)
        let placement = try index.apply(operation.structural)
        let deltas =
            switch placement {
            case .added: append(operation.value)
            case .replaced(let slot): replace(slot, by: operation.value)
            case .removed(let slot, let last): remove(slot, last: last)
            }
        return Change(structural: operation.structural, placement: placement, deltas: deltas)
    }

    /// The element that is `position`-th in the structure's own order.
    package func read(at position: Int) throws(StructureError) -> [UInt8] {
        guard 0..<index.count ~= position else {
            throw .positionOutOfRange(position: position, limit: index.count)
        }
        return cells[index.slot(at: position)]
    }

    /// All elements, one behind the other, in the structure's own order.
    package func elements() -> [UInt8] {
        let cellBytes = cells.cellBytes
        return cells.withBytes { bytes in
            [UInt8](unsafeUninitializedCapacity: bytes.count) { result, count in
                for position in 0..<index.count {
                    let slot = index.slot(at: position)
                    (UnsafeMutableRawPointer(result.baseAddress!) + position * cellBytes)
                        .copyMemory(
                            from: bytes.baseAddress! + slot * cellBytes, byteCount: cellBytes)
                }
                count = bytes.count
            }
        }
    }
}

// MARK: - Cells and their deltas

extension FusibleStructure {
    private mutating func append(_ value: [UInt8]) -> [UInt8] {
        value.withUnsafeBytes { cells.append($0) }
        return value
    }

    private mutating func replace(_ slot: Int, by value: [UInt8]) -> [UInt8] {
        var delta = cells[slot]
        delta.add(value)
        value.withUnsafeBytes { cells.replace(at: slot, with: $0) }
        return delta
    }

    private mutating func remove(_ slot: Int, last: Int) -> [UInt8] {
        let lastCell = cells[last]
        var deltas = lastCell
        if slot != last {
            deltas.add(cells[slot])
            deltas += lastCell
            lastCell.withUnsafeBytes { cells.replace(at: slot, with: $0) }
        }
        cells.resize(to: last)
        return deltas
    }
}

extension [UInt8] {
    /// XOR with bytes of the same number.
    fileprivate mutating func add(_ other: [UInt8]) {
        withUnsafeMutableBufferPointer { bytes in
            for index in 0..<bytes.count { bytes[index] ^= other[index] }
        }
    }
}
