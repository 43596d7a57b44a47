import CJerasure
import ErasureCode
import Foundation

/// The arithmetic of a recovery with raw Jerasure calls: sources multiplied by coefficients and
/// added into one result, in blocks that stay in the cache.
final class FloorDecode {
    private static let blockBytes = 65_536

    private let sources: [UnsafeMutableRawBufferPointer]
    private let bytes: Int
    private let multiply: Multiply

    private typealias Multiply =
        @convention(c) (
            UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutablePointer<CChar>?, Int32
        ) -> Void

    /// - Parameters:
    ///   - sources: how many regions are folded.
    ///   - bytes: the size of each region, a multiple of 8.
    ///   - wordBits: w of GF(2^w), one of 8, 16 and 32.
    init(sources: Int, bytes: Int, wordBits: Int) throws {
        multiply = try Self.multiplication(wordBits: wordBits)
        try Self.createFields()
        self.bytes = bytes
        self.sources = (0..<sources).map { index in
            let region = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 64)
            region.initializeMemory(as: UInt8.self, repeating: UInt8(index + 1))
            return region
        }
    }

    /// Throws where there is no such field.
    static func check(wordBits: Int) throws { _ = try multiplication(wordBits: wordBits) }

    private static func multiplication(wordBits: Int) throws -> Multiply {
        switch wordBits {
        case 8: galois_w08_region_multiply
        case 16: galois_w16_region_multiply
        case 32: galois_w32_region_multiply
        default:
            throw FloorError.parameter(
                name: "word bits", value: String(wordBits), allowed: "8, 16 or 32")
        }
    }

    /// Creates Jerasure's default fields, which it would create at the first use, with no lock.
    /// An erasure code has to exist for it, so that the whole process creates them only once.
    static func createFields() throws {
        _ = try ErasureCode(.vandermonde, primaries: 1, backups: 1, wordBits: 8)
    }

    deinit { for source in sources { source.deallocate() } }

    /// Decodes and returns the nanoseconds of each sample. The result's memory is fresh every
    /// time, as in a recovery, so its page faults count.
    func decode(samples: Int) throws -> [Int] {
        var durations = [Int](repeating: 0, count: samples)
        for sample in durations.indices {
            let start = floorClock()
            let result = mmap(
                nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
            guard let result, result != MAP_FAILED else {
                throw FloorError.call(
                    name: "mmap", on: "\(bytes) bytes", reason: String(cString: strerror(errno)))
            }
            for offset in stride(from: 0, to: bytes, by: Self.blockBytes) {
                let size = Int32(min(Self.blockBytes, bytes - offset))
                let target = (result + offset).assumingMemoryBound(to: CChar.self)
                for (index, source) in sources.enumerated() {
                    let region = source.baseAddress?.advanced(by: offset)
                        .assumingMemoryBound(to: CChar.self)
                    // Coefficient 1 would be a plain XOR.
                    multiply(region, Int32(index + 2), size, target, 1)
                }
            }
            durations[sample] = floorClock() - start
            munmap(result, bytes)
        }
        return durations
    }
}
