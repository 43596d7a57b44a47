/// A structure in its plain form, as replicas and the model of a run hold it.
package protocol PlainStructure: Sendable {
    /// The number of elements.
    var count: Int { get }

    /// Performs an operation. Throws, and changes nothing, where it is impossible.
    mutating func apply(_ operation: Operation) throws(StructureError)

    /// The element that is `position`-th in the structure's own order.
    func read(at position: Int) throws(StructureError) -> [UInt8]

    /// All elements, one behind the other, in the structure's own order.
    func elements() -> [UInt8]

    /// The whole state, to be sent to another replica and installed there.
    var cells: CellStore { get set }

    var ledger: Ledger { get }
}

/// A list whose elements stand one behind the other.
package struct PlainList: PlainStructure {
    package var cells: CellStore

    /// An empty list.
    ///
    /// - Parameter cellBytes: the size of every value
    package init(cellBytes: Int) { cells = CellStore(cellBytes: cellBytes) }

    package var count: Int { cells.count }

    package var ledger: Ledger { cells.ledger }

    package mutating func apply(_ operation: Operation) throws(StructureError) {
        try operation.checkValue(cellBytes: cells.cellBytes)
        let position = Int(operation.structural.position)
        switch operation.structural.kind {
        case .append:
            try insert(operation.value, at: count)
        case .insert:
            try insert(operation.value, at: position)
        case .set:
            try check(position, below: count)
            operation.value.withUnsafeBytes { cells.replace(at: position, with: $0) }
        case .remove:
            try check(position, below: count)
            cells.remove(at: position)
        }
    }

    package func read(at position: Int) throws(StructureError) -> [UInt8] {
        try check(position, below: count)
        return cells[position]
    }

    package func elements() -> [UInt8] { cells.withBytes { [UInt8]($0) } }

    private mutating func insert(_ value: [UInt8], at position: Int) throws(StructureError) {
        try check(position, below: count + 1)
        guard count < ListIndex.maximumCount else { throw .full }
        value.withUnsafeBytes { cells.insert($0, at: position) }
    }

    private func check(_ position: Int, below limit: Int) throws(StructureError) {
        guard 0..<limit ~= position else {
            throw .positionOutOfRange(position: position, limit: limit)
        }
    }
}

extension Operation {
    /// Throws where the value does not fill a cell, or there is one and none is wanted.
    func checkValue(cellBytes: Int) throws(StructureError) {
        let expected = structural.kind.hasValue ? cellBytes : 0
        guard value.count == expected else {
            throw .wrongValueSize(actual: value.count, expected: expected)
        }
    }
}
