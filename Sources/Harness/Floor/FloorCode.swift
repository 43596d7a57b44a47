import ErasureCode
import Foundation

/// The erasure code's own decoding, and memcpy beside it. Memory is touched before the clock starts.
enum FloorCode {
    /// The word size of the code: the smallest for a thousand primaries.
    private static let wordBits = 16

    /// Decodes `failed` of `primaries` primaries from as many codes and all others' data, each of
    /// `bytes` bytes. Returns the nanoseconds of each sample.
    static func reconstruct(
        failed: Int, primaries: Int, bytes: Int, samples: Int
    ) throws -> [Int] {
        let code = try ErasureCode(
            .cauchy, primaries: primaries, backups: failed, wordBits: wordBits)
        let memory = Regions(count: primaries + failed, bytes: bytes)
        let codes = (0..<failed).map { memory[$0] }
        let survivors = (failed..<primaries).map { memory[$0] }
        let outputs = (primaries..<primaries + failed).map {
            UnsafeMutableRawBufferPointer(mutating: memory[$0])
        }
        return try (0..<samples).map { _ in
            let start = floorClock()
            try code.reconstruction(
                of: Array(0..<failed), survivors: Array(failed..<primaries),
                backups: Array(0..<failed)
            ).solve(codes: codes, survivors: survivors, into: outputs)
            return floorClock() - start
        }
    }

    /// Copies `sources` regions of `bytes` bytes to as many others.
    static func copy(sources: Int, bytes: Int, samples: Int) -> [Int] {
        let memory = Regions(count: 2 * sources, bytes: bytes)
        return (0..<samples).map { _ in
            let start = floorClock()
            for source in 0..<sources {
                UnsafeMutableRawBufferPointer(mutating: memory[sources + source])
                    .copyMemory(from: memory[source])
            }
            return floorClock() - start
        }
    }

    /// Regions of one size, filled.
    private final class Regions {
        private let regions: [UnsafeMutableRawBufferPointer]

        init(count: Int, bytes: Int) {
            regions = (0..<count).map { index in
                let region = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes, alignment: 64)
                region.initializeMemory(as: UInt8.self, repeating: UInt8(truncatingIfNeeded: index))
                return region
            }
        }

        deinit { for region in regions { region.deallocate() } }

        subscript(index: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(regions[index]) }
    }
}
