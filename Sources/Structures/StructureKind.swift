/// The data structures that a group can hold.
package enum StructureKind: String, Sendable, Codable, CaseIterable {
    case list
}

extension StructureKind {
    /// The index of an empty structure.
    package func makeIndex() -> any AuxiliaryIndex {
        switch self {
        case .list: ListIndex()
        }
    }

    /// An index from its binary form. Throws `malformedIndex` for anything that `encode` does not
    /// produce.
    package func decodeIndex(
        _ bytes: ArraySlice<UInt8>
    ) throws(StructureError) -> any AuxiliaryIndex {
        switch self {
        case .list: try ListIndex(decoding: bytes)
        }
    }

    /// An empty structure in its plain form.
    ///
    /// - Parameter cellBytes: the size of every value
    package func makePlain(cellBytes: Int) -> any PlainStructure {
        switch self {
        case .list: PlainList(cellBytes: cellBytes)
        }
    }
}
