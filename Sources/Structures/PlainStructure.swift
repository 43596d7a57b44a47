/// A structure in its plain form, as replicas hold it.
package protocol PlainStructure: Sendable {
    /// The number of elements.
    var count: Int { get }

    /// Performs an operation. Throws, and changes nothing, where it is impossible.
    mutating func apply(_ operation: Operation) throws(StructureError)

    /// What an operation of `OperationKind.reads` gives. Throws where there is nothing to read, as a
    /// removal of the same element would.
    ///
    /// - Complexity: of `read` as of the structure's removal or less: O(1), O(log count) for a sorted
    ///   map; of `readAll` O(count), or O(count log count) where the structure has no order.
    func read(_ operation: Operation) throws(StructureError) -> [UInt8]

    /// All elements, one behind the other, without padding: in the structure's own order, or where
    /// it has none, in the order of their bytes.
    func elements() -> [UInt8]

    /// The elements as they are sent to another replica; `encodeIndex` is the other part.
    var cells: Cells { get }

    /// Appends what `StructureShape.decodePlain` needs beside the cells.
    func encodeIndex(into bytes: inout [UInt8])

    var ledger: Ledger { get }
}

extension StructureShape {
    /// An empty structure in its plain form.
    package func makePlain() -> any PlainStructure {
        makePlain(CellStore(cellBytes: layout.cellBytes[0]))
            ?? PlainIndexed(FusibleStructure(self))
    }

    /// A structure that another replica has sent. Throws where index and cells contradict each
    /// other.
    package func decodePlain(
        index bytes: ArraySlice<UInt8>, cells: UnsafeRawBufferPointer
    ) throws(StructureError) -> any PlainStructure {
        if keepsCellsInOrder {
            var rest = bytes
            let counts = try SlotCounts(decoding: &rest, layout: layout)
            guard rest.isEmpty else { throw .malformedIndex }
            return makePlain(try Cells(copying: cells, counts: counts)[class: 0])!
        }
        let index = try decodeIndex(bytes)
        return PlainIndexed(
            try FusibleStructure(
                self, index: index, cells: try Cells(copying: cells, counts: index.slotCounts)))
    }

    /// Whether elements can stand one behind the other in their order, so that no index is needed.
    private var keepsCellsInOrder: Bool { kind.keys == .none && !hasHeaders }

    /// The elements in these cells; nil where a structure needs more than an order.
    private func makePlain(_ store: CellStore) -> (any PlainStructure)? {
        guard keepsCellsInOrder else { return nil }
        switch kind {
        case .queue, .deque: return PlainQueue(self, store: store)
        default: return PlainList(self, store: store)
        }
    }

    /// The cell that holds an operation's value, where cells are of one size.
    func cell(_ operation: Operation) throws(StructureError) -> [UInt8] {
        let element = try element(key: operation.key, value: operation.value)
        let padding = layout.cellBytes[0] - element.count
        return padding == 0 ? element : element + repeatElement(0, count: padding)
    }

    /// All elements of one size in cells of one size, without padding.
    func elements(in store: CellStore) -> [UInt8] {
        let size = values.limit
        if size == store.cellBytes { return store.withBytes { [UInt8]($0) } }
        return (0..<store.count).flatMap { store[$0].prefix(size) }
    }
}

extension PlainStructure {
    /// The counts of the cells are enough where their order is the elements'.
    func encodeIndex(into bytes: inout [UInt8]) {
        withUnsafeBytes(of: UInt32(count).littleEndian) { bytes.append(contentsOf: $0) }
    }
}

/// A structure whose elements have keys or sizes of their own: there is no plainer form than cells
/// and what finds them.
struct PlainIndexed: PlainStructure {
    private var structure: FusibleStructure

    init(_ structure: FusibleStructure) { self.structure = structure }

    var count: Int { structure.count }
    var cells: Cells { structure.cells }
    var ledger: Ledger { structure.ledger }

    mutating func apply(_ operation: Operation) throws(StructureError) {
        _ = try structure.apply(operation)
    }

    func read(_ operation: Operation) throws(StructureError) -> [UInt8] {
        try structure.read(operation)
    }

    func elements() -> [UInt8] { structure.elements() }

    func encodeIndex(into bytes: inout [UInt8]) { structure.index.encode(into: &bytes) }
}
