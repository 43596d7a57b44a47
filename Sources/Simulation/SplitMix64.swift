/// A small generator of uniform 64-bit numbers whose outputs can also be taken out of turn.
///
/// Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014, Figure 16
/// (`nextLong`): output number i is a mix of `seed + i * gamma`, so that it needs none of the outputs
/// before it.
package struct SplitMix64: Sendable {
    private static let gamma: UInt64 = 0x9E37_79B9_7F4A_7C15

    private let seed: UInt64

    package init(seed: UInt64) { self.seed = seed }

    /// The output that stands at `index`, which counts from 0.
    package subscript(index: UInt64) -> UInt64 {
        Self.mix(seed &+ (index &+ 1) &* Self.gamma)
    }

    /// A number below `limit`, from the output at `index`: the high half of a product, which favours
    /// no value by more than `limit` in 2^64.
    package func number(below limit: Int, at index: UInt64) -> Int {
        Int(self[index].multipliedFullWidth(by: UInt64(limit)).high)
    }

    /// Bytes from the outputs 0, 1, and so on, each little-endian.
    package func bytes(count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        for index in 0..<UInt64((count + 7) / 8) {
            let word = self[index].littleEndian
            withUnsafeBytes(of: word) { bytes.append(contentsOf: $0.prefix(count - bytes.count)) }
        }
        return bytes
    }

    /// Another generator, of which the outputs do not depend on those of this one.
    package func child(_ number: UInt64) -> SplitMix64 {
        SplitMix64(seed: Self.mix(self[number]))
    }

    /// Stafford's variant 13 of the 64-bit finalizer of MurmurHash3.
    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
