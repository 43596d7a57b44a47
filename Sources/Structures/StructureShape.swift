/// How large the values of a structure are, in bytes.
package enum ValueSize: Sendable, Hashable, Codable {
    /// All of one size, at least 1.
    case fixed(Int)
    /// From 0 to a limit.
    case upTo(Int)

    /// The largest.
    package var limit: Int {
        switch self {
        case .fixed(let bytes), .upTo(let bytes): bytes
        }
    }
}

/// Which structure, of which values: what decides the form of its elements and their cells.
///
/// An element is its key, where the structure has keys, and its value. Where sizes vary, a header of
/// 4 bytes stands before them: the key's size in the high 8 bits and the value's in the low 24,
/// little-endian. A cell is an element with zeros behind it up to the size of its class.
package struct StructureShape: Sendable, Hashable, Codable {
    package let kind: StructureKind
    package let values: ValueSize
    package let layout: CellLayout

    /// The bytes of the longest string key.
    package static let maximumKeyBytes = 255
    /// The bytes of the longest value.
    package static let maximumValueBytes = 1 << 20

    /// - Parameters:
    ///   - values: 1 to `maximumValueBytes`; of a set, the size of the elements.
    ///   - wordBytes: what a cell is a multiple of, for a code: 1, 2 or 4.
    package init(_ kind: StructureKind, values: ValueSize, wordBytes: Int = 1) {
        precondition(1...Self.maximumValueBytes ~= values.limit, "values have 1 byte to 1 MiB")
        self.kind = kind
        self.values = values
        let keyBytes = Self.keyLimit(kind.keys)
        if case .fixed(let bytes) = values, kind.keys != .string {
            layout = CellLayout(
                cellBytes: (keyBytes + bytes + wordBytes - 1) / wordBytes * wordBytes)
        } else {
            // Sizes of classes are multiples of 8, and so of every word.
            layout = CellLayout(elementsUpTo: Self.headerBytes + keyBytes + values.limit)
        }
    }

    /// The bytes of the longest key beside a value; the key of a set's element is all of it.
    private static func keyLimit(_ keys: StructureKind.Keys) -> Int {
        switch keys {
        case .none, .element: 0
        case .integer: IntegerKey.byteCount
        case .string: maximumKeyBytes
        }
    }

    /// Whether elements begin with a header that tells their sizes.
    package var hasHeaders: Bool {
        if case .fixed = values, kind.keys != .string { false } else { true }
    }

    static let headerBytes = 4

    /// The index of an empty structure.
    package func makeIndex() -> any AuxiliaryIndex {
        kind.keys == .none ? ListIndex(layout: layout) : BagIndex(layout: layout)
    }

    /// An index from its binary form. Throws `malformedIndex` for anything that `encode` does not
    /// produce.
    package func decodeIndex(_ bytes: ArraySlice<UInt8>) throws(StructureError)
        -> any AuxiliaryIndex
    {
        kind.keys == .none
            ? try ListIndex(decoding: bytes, layout: layout)
            : try BagIndex(decoding: bytes, layout: layout)
    }

    /// What finds elements by their keys, for cells that are there already; nil where the auxiliary
    /// index finds them.
    func makeLookup(for cells: Cells) throws(StructureError) -> (any KeyLookup)? {
        switch kind {
        case .list, .queue, .stack, .deque: nil
        case .map, .stringMap, .set: try HashLookup(of: self, cells: cells)
        case .sortedMap, .priorityQueue: try SortedLookup(of: self, cells: cells)
        }
    }
}
