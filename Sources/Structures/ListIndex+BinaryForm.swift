/// One byte that says which form follows, then, little-endian, the count as 32 bits, then, where the
/// order is explicit, the slots as 32 bits each.
extension ListIndex {
    private enum Form: UInt8 {
        case same = 0
        case explicit = 1
    }

    private static let headBytes = 1 + MemoryLayout<UInt32>.size

    package func encode(into bytes: inout [UInt8]) {
        switch order {
        case .same(let count):
            Self.encodeHead(.same, count: count, into: &bytes)
        case .explicit(let slots):
            bytes.reserveCapacity(bytes.count + Self.headBytes + slots.byteCount)
            Self.encodeHead(.explicit, count: slots.count, into: &bytes)
            for position in 0..<slots.count {
                Self.encode(Self.numbers(slots)[position], into: &bytes)
            }
        }
    }

    private static func encodeHead(_ form: Form, count: Int, into bytes: inout [UInt8]) {
        bytes.append(form.rawValue)
        encode(UInt32(count), into: &bytes)
    }

    private static func encode(_ number: UInt32, into bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    init(decoding bytes: ArraySlice<UInt8>) throws(StructureError) {
        guard bytes.count >= Self.headBytes, let form = Form(rawValue: bytes[bytes.startIndex])
        else { throw .malformedIndex }
        let count = Int(Self.number(in: bytes, at: 1))
        switch form {
        case .same:
            guard bytes.count == Self.headBytes else { throw .malformedIndex }
            self.init(.same(count: count))
        case .explicit:
            guard count >= 2, bytes.count == Self.headBytes + count * MemoryLayout<UInt32>.size
            else { throw .malformedIndex }
            self.init(.explicit(try Self.slots(in: bytes, count: count)))
        }
    }

    /// Reads a permutation of 0 ..< `count`.
    private static func slots(
        in bytes: ArraySlice<UInt8>, count: Int
    ) throws(StructureError) -> CellStore {
        let wordBytes = MemoryLayout<UInt32>.size
        let memory = CellMemory(capacity: count * wordBytes)
        let numbers = memory.base.bindMemory(to: UInt32.self, capacity: count)
        var isTaken = [Bool](repeating: false, count: count)
        for position in 0..<count {
            let slot = number(in: bytes, at: headBytes + position * wordBytes)
            guard slot < count, !isTaken[Int(slot)] else { throw .malformedIndex }
            isTaken[Int(slot)] = true
            numbers[position] = slot
        }
        return CellStore(cellBytes: wordBytes, adopting: memory, count: count)
    }

    private static func number(in bytes: ArraySlice<UInt8>, at offset: Int) -> UInt32 {
        bytes.withUnsafeBytes {
            UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
    }
}
