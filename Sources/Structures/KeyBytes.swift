import Glibc

/// Keys and elements as bytes in cells.
extension UnsafeRawBufferPointer {
    /// A hash that is the same in every process: eight bytes at a time are multiplied in, and the
    /// two halves of the product folded, as in Wang Yi's wyhash (2019).
    var fixedHash: UInt64 {
        var hash = Self.fold(UInt64(count) ^ 0xa076_1d64_78bd_642f, 0xe703_7ed1_a0b4_28db)
        var offset = 0
        while offset + 8 <= count {
            hash = Self.fold(
                hash ^ loadUnaligned(fromByteOffset: offset, as: UInt64.self),
                0x8ebc_6af0_9c88_c6e3)
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < count {
            rest = rest << 8 | UInt64(self[offset])
            offset += 1
        }
        return Self.fold(hash ^ rest, 0x5899_65cc_7537_4cc3)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    /// Whether the bytes are the same.
    @inline(__always)
    func equals(_ other: UnsafeRawBufferPointer) -> Bool {
        count == other.count && (count == 0 || memcmp(baseAddress!, other.baseAddress!, count) == 0)
    }

    /// Whether these bytes come first: at the first difference the smaller byte, else the shorter.
    @inline(__always)
    func precedes(_ other: UnsafeRawBufferPointer) -> Bool { compare(other) < 0 }

    /// Negative where these bytes come first, 0 where they are equal.
    @inline(__always)
    func compare(_ other: UnsafeRawBufferPointer) -> Int {
        let shared = Swift.min(count, other.count)
        let order = shared == 0 ? 0 : Int(memcmp(baseAddress!, other.baseAddress!, shared))
        return order != 0 ? order : count - other.count
    }
}
