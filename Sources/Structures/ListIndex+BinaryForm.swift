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
            bytes.reserveCapacity(bytes.count + slots.byteCount + 64)
            bytes.append(Form.explicit.rawValue)
            slotCounts.encode(into: &bytes)
            for position in 0..<slots.count {
                let number = Self.numbers(slots)[position].littleEndian
                withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
            }
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
    ) throws(StructureError) -> CellStore {
        let wordBytes = MemoryLayout<UInt32>.size
        let layout = slotCounts.layout
        let count = slotCounts.total
        let memory = CellMemory(capacity: count * wordBytes)
        let numbers = memory.base.bindMemory(to: UInt32.self, capacity: count)
        var isTaken = slotCounts.counts.map { [Bool](repeating: false, count: $0) }
        for position in 0..<count {
            let number = number(in: bytes, at: position * wordBytes)
            let slot = Int(number)
            guard slotCounts.contains(slot),
                !isTaken[layout.cellClass(of: slot)][layout.place(of: slot)]
            else { throw .malformedIndex }
            isTaken[layout.cellClass(of: slot)][layout.place(of: slot)] = true
            numbers[position] = number
        }
        return CellStore(cellBytes: wordBytes, adopting: memory, count: count)
    }

    private static func number(in bytes: ArraySlice<UInt8>, at offset: Int) -> UInt32 {
        bytes.withUnsafeBytes {
            UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
    }
}
