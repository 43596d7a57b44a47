/// The count of each class as 32 bits, little-endian.
extension SlotCounts {
    package func encode(into bytes: inout [UInt8]) {
        for count in counts {
            withUnsafeBytes(of: UInt32(count).littleEndian) { bytes.append(contentsOf: $0) }
        }
    }

    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }

    /// Takes the counts from the front of `bytes`.
    package init(
        decoding bytes: inout ArraySlice<UInt8>, layout: CellLayout
    ) throws(StructureError) {
        let wordBytes = MemoryLayout<UInt32>.size
        guard bytes.count >= layout.classCount * wordBytes else { throw .malformedIndex }
        let counts = bytes.withUnsafeBytes { words in
            (0..<layout.classCount).map {
                Int(
                    UInt32(
                        littleEndian: words.loadUnaligned(
                            fromByteOffset: $0 * wordBytes, as: UInt32.self)))
            }
        }
        try self.init(layout: layout, counts: counts)
        bytes = bytes.dropFirst(layout.classCount * wordBytes)
    }

    /// What the counts take in memory, without what the allocator may round up to.
    var storedBytes: Int {
        MemoryLayout<SlotCounts>.size + counts.count * MemoryLayout<Int>.stride
    }
}
