/// One byte that says which form follows, then the count of each size class, then, where the order
/// is explicit, the slot of each position as 32 bits, little-endian.
extension ListIndex {
    private enum Form: UInt8 {
        case same = 0
        case explicit = 1
    }

    package func encode(into bytes: inout [UInt8]) {
        switch order {
        case .same:
            bytes.append(Form.same.rawValue)
            slotCounts.encode(into: &bytes)
        case .explicit(let slots):
            bytes.reserveCapacity(bytes.count + 4 * slots.count + 64)
            bytes.append(Form.explicit.rawValue)
            slotCounts.encode(into: &bytes)
            let words = slots.numbers.map(\.littleEndian)
            words.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
    }

    init(decoding bytes: ArraySlice<UInt8>, layout: CellLayout) throws(StructureError) {
        guard let form = bytes.first.flatMap(Form.init(rawValue:)) else { throw .malformedIndex }
        var rest = bytes.dropFirst()
        let slotCounts = try SlotCounts(decoding: &rest, layout: layout)
        switch form {
        case .same:
            guard rest.isEmpty, layout.classCount == 1 else { throw .malformedIndex }
            self.init(.same, slotCounts: slotCounts)
        case .explicit:
            guard layout.classCount > 1 || slotCounts.total >= 2,
                rest.count == slotCounts.total * MemoryLayout<UInt32>.size
            else { throw .malformedIndex }
            self.init(
                .explicit(try Self.slots(in: rest, slotCounts)), slotCounts: slotCounts)
        }
    }

    /// Reads all slots of the classes, each once.
    private static func slots(
        in bytes: ArraySlice<UInt8>, _ slotCounts: SlotCounts
    ) throws(StructureError) -> SlotSequence {
        let layout = slotCounts.layout
        let numbers = bytes.withUnsafeBytes { words in
            (0..<slotCounts.total).map { position in
                UInt32(
                    littleEndian: words.loadUnaligned(
                        fromByteOffset: position * MemoryLayout<UInt32>.size, as: UInt32.self))
            }
        }
        var isTaken = slotCounts.counts.map { [Bool](repeating: false, count: $0) }
        for slot in numbers.lazy.map(Int.init) {
            guard slotCounts.contains(slot),
                !isTaken[layout.cellClass(of: slot)][layout.place(of: slot)]
            else { throw .malformedIndex }
            isTaken[layout.cellClass(of: slot)][layout.place(of: slot)] = true
        }
        return SlotSequence(numbers)
    }
}
