import CJerasure

/// Arithmetic in GF(2^w) with w = 8, 16 or 32, by Jerasure and gf-complete.
///
/// Words are read in the byte order of the machine. May be used by several threads at once where
/// gf-complete multiplies with SIMD instructions (SSSE3 or NEON): without them it keeps lazily
/// built tables in the shared field.
struct Field: Sendable {
    let wordBits: Int

    var wordBytes: Int { wordBits / 8 }

    /// Jerasure keeps one global field per word size and creates it on first use with no lock, so
    /// all are created here, once. Even XOR goes through the field of 32 bits.
    private static let areReady: Bool = [8, 16, 32].allSatisfy { wordBits in
        galois_init_default_field(Int32(wordBits)) == 0
    }

    init(wordBits: Int) throws(ErasureCodeError) {
        guard [8, 16, 32].contains(wordBits) else { throw .wordBits(wordBits) }
        precondition(Self.areReady, "gf-complete could not create its default fields")
        self.wordBits = wordBits
    }

    func contains(_ element: UInt32) -> Bool {
        wordBits == 32 || element >> UInt32(wordBits) == 0
    }

    func product(_ left: UInt32, _ right: UInt32) -> UInt32 {
        let product = galois_single_multiply(
            Int32(bitPattern: left), Int32(bitPattern: right), Int32(wordBits))
        return UInt32(bitPattern: product)
    }

    /// The inverse of a square matrix in row-major order, or nil where it is singular.
    func inverse(of matrix: [UInt32], rows: Int) -> [UInt32]? {
        var scratch = matrix.map(Int32.init(bitPattern:))
        var inverse = [Int32](repeating: 0, count: matrix.count)
        let status = jerasure_invert_matrix(&scratch, &inverse, Int32(rows), Int32(wordBits))
        return status == 0 ? inverse.map(UInt32.init(bitPattern:)) : nil
    }
}

extension Field {
    /// Bytes of the aligned block that regions of other alignment go through; stays in L1.
    private static let scratchBytes = 16 << 10
    /// The longest region for one call: C counts in `int`.
    private static let chunkBytes = 1 << 30

    /// Adds coefficient × source to `destination`, for whole words at any address.
    ///
    /// - Parameter destination: as many bytes as `source`; the two do not overlap.
    func add(
        _ coefficient: UInt32, times source: UnsafeRawBufferPointer,
        to destination: UnsafeMutableRawPointer
    ) {
        if coefficient == 0 || source.isEmpty { return }
        for start in stride(from: 0, to: source.count, by: Self.chunkBytes) {
            let end = min(start + Self.chunkBytes, source.count)
            addChunk(
                coefficient, times: UnsafeRawBufferPointer(rebasing: source[start..<end]),
                to: destination + start)
        }
    }

    private func addChunk(
        _ coefficient: UInt32, times source: UnsafeRawBufferPointer,
        to destination: UnsafeMutableRawPointer
    ) {
        if coefficient == 1 {
            addPlain(source, to: destination)
        } else if canMultiplyInPlace(source, destination) {
            multiply(source.baseAddress!, source.count, by: coefficient, into: destination, add: 1)
        } else {
            addThroughScratch(coefficient, times: source, to: destination)
        }
    }

    /// gf-complete ends the process unless both regions lie alike modulo 16 and on a word, and
    /// writes past the end of a region that stops before the first multiple of 16.
    private func canMultiplyInPlace(
        _ source: UnsafeRawBufferPointer, _ destination: UnsafeMutableRawPointer
    ) -> Bool {
        let from = UInt(bitPattern: source.baseAddress)
        let to = UInt(bitPattern: destination)
        return (from ^ to) & 15 == 0 && to & UInt(wordBytes - 1) == 0 && source.count >= 16
    }

    private func addThroughScratch(
        _ coefficient: UInt32, times source: UnsafeRawBufferPointer,
        to destination: UnsafeMutableRawPointer
    ) {
        let blockBytes = min(source.count, Self.scratchBytes)
        withUnsafeTemporaryAllocation(byteCount: blockBytes, alignment: 16) { scratch in
            for start in stride(from: 0, to: source.count, by: blockBytes) {
                let count = min(blockBytes, source.count - start)
                scratch.copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: source[start..<start + count]))
                let base = scratch.baseAddress!
                multiply(base, count, by: coefficient, into: base, add: 0)
                addPlain(UnsafeRawBufferPointer(start: base, count: count), to: destination + start)
            }
        }
    }

    /// XOR; the one region function that takes any address and any length.
    private func addPlain(_ source: UnsafeRawBufferPointer, to destination: UnsafeMutableRawPointer)
    {
        galois_region_xor(
            chars(source.baseAddress!), chars(UnsafeRawPointer(destination)), Int32(source.count))
    }

    private func multiply(
        _ source: UnsafeRawPointer, _ count: Int, by coefficient: UInt32,
        into destination: UnsafeMutableRawPointer, add: Int32
    ) {
        let from = chars(source)
        let to = chars(UnsafeRawPointer(destination))
        let factor = Int32(bitPattern: coefficient)
        switch wordBits {
        case 8: galois_w08_region_multiply(from, factor, Int32(count), to, add)
        case 16: galois_w16_region_multiply(from, factor, Int32(count), to, add)
        default: galois_w32_region_multiply(from, factor, Int32(count), to, add)
        }
    }

    /// Jerasure declares all regions as `char *`; it does not write to its sources.
    private func chars(_ pointer: UnsafeRawPointer) -> UnsafeMutablePointer<CChar> {
        UnsafeMutableRawPointer(mutating: pointer).assumingMemoryBound(to: CChar.self)
    }
}
