import ErasureCode
import Glibc

/// The shapes that tests run through.
let wordSizes = [8, 16, 32]

/// The kinds of code that have as many backups as one likes.
let matrixKinds: [ErasureCode.Kind] = [.vandermonde, .cauchy]

/// Memory at a chosen distance from a multiple of 64, between guards that nobody may write to.
final class Region {
    let count: Int
    private let offset: Int
    private let block: UnsafeMutableRawBufferPointer
    private static let guardBytes = 64
    private static let guardByte: UInt8 = 0xa5

    init(_ bytes: [UInt8], offset: Int = 0) {
        count = bytes.count
        self.offset = Self.guardBytes + offset
        block = .allocate(byteCount: self.offset + count + Self.guardBytes, alignment: 64)
        block.initializeMemory(as: UInt8.self, repeating: Self.guardByte)
        mutable.copyBytes(from: bytes)
    }

    deinit { block.deallocate() }

    var mutable: UnsafeMutableRawBufferPointer { .init(rebasing: block[offset..<offset + count]) }
    var readable: UnsafeRawBufferPointer { UnsafeRawBufferPointer(mutable) }
    var bytes: [UInt8] { [UInt8](readable) }

    var guardsAreIntact: Bool {
        hasOnlyGuardBytes(block[..<offset]) && hasOnlyGuardBytes(block[(offset + count)...])
    }

    /// Compares the bytes with themselves, one further on.
    private func hasOnlyGuardBytes(_ bytes: Slice<UnsafeMutableRawBufferPointer>) -> Bool {
        let base = block.baseAddress! + bytes.startIndex
        return bytes.first == Self.guardByte && memcmp(base, base + 1, bytes.count - 1) == 0
    }
}

/// GF(2^w) by shifting and adding, with gf-complete's default polynomials.
struct ReferenceField {
    let wordBits: Int

    func product(_ left: UInt32, _ right: UInt32) -> UInt32 {
        let polynomial: UInt64 = [8: 0x11d, 16: 0x1_100b, 32: 0x1_0040_0007][wordBits]!
        var shifted = UInt64(left)
        var sum: UInt64 = 0
        for bit in 0..<wordBits {
            if right >> UInt32(bit) & 1 == 1 { sum ^= shifted }
            shifted <<= 1
            if shifted >> UInt64(wordBits) & 1 == 1 { shifted ^= polynomial }
        }
        return UInt32(sum)
    }

    /// coefficient × bytes, word by word.
    func product(_ coefficient: UInt32, _ bytes: [UInt8]) -> [UInt8] {
        let wordBytes = wordBits / 8
        var result: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: wordBytes) {
            let word = bytes[start..<start + wordBytes].reversed().reduce(0) {
                $0 << 8 | UInt32($1)
            }
            let product = product(coefficient, word)
            for index in 0..<wordBytes {
                result.append(UInt8(truncatingIfNeeded: product >> UInt32(8 * index)))
            }
        }
        return result
    }
}

extension ErasureCode {
    /// The encoding of all data, `count` bytes long, from regions at their natural alignment.
    func encoding(_ data: [[UInt8]], of backup: Int, count: Int) -> [UInt8] {
        let regions = data.map { Region($0) }
        let codes = Region([UInt8](repeating: 0xff, count: count))
        encode(regions.map(\.readable), into: codes.mutable, of: backup)
        return codes.bytes
    }

    /// Encodes, loses the failed primaries, and reconstructs them as `count` bytes each.
    func recovered(
        _ data: [[UInt8]], codes: [[UInt8]], failed: [Int], backups: [Int], count: Int,
        offset: Int = 0
    ) throws(ErasureCodeError) -> [[UInt8]] {
        let survivors = data.indices.filter { !failed.contains($0) }
        let cells = survivors.map { Region(data[$0], offset: $0 + offset) }
        let words = backups.map { Region(codes[$0], offset: $0 * offset) }
        let outputs = failed.map { _ in
            Region([UInt8](repeating: 0xff, count: count), offset: offset)
        }
        try reconstruction(
            of: failed, survivors: survivors, backups: backups
        ).solve(
            codes: words.map(\.readable), survivors: cells.map(\.readable),
            into: outputs.map(\.mutable))
        return withExtendedLifetime((cells, words)) { outputs.map(\.bytes) }
    }
}

/// `bytes` followed by zeros, or its beginning.
func padded(_ bytes: [UInt8], to count: Int) -> [UInt8] {
    Array(bytes.prefix(count)) + [UInt8](repeating: 0, count: max(0, count - bytes.count))
}

/// Every subset of 0..<count, in order of size.
func subsets(of count: Int) -> [[Int]] {
    (0..<1 << count).map { mask in (0..<count).filter { mask >> $0 & 1 == 1 } }
        .sorted { ($0.count, $0.reduce(0, +)) < ($1.count, $1.reduce(0, +)) }
}
