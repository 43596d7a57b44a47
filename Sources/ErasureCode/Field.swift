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

    /// - Parameter divisor: not zero.
    func quotient(_ dividend: UInt32, _ divisor: UInt32) -> UInt32 {
        let quotient = galois_single_divide(
            Int32(bitPattern: dividend), Int32(bitPattern: divisor), Int32(wordBits))
        return UInt32(bitPattern: quotient)
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

    /// Whether a product is added to what stands at its destination or replaces it.
    enum Mode { case add, replace }

    /// Adds coefficient × source to what stands at `destination`, or replaces it, for whole words at
    /// any address.
    ///
    /// - Parameter destination: as many bytes as `source`; the two do not overlap.
    func multiply(
        _ source: UnsafeRawBufferPointer, by coefficient: UInt32,
        into destination: UnsafeMutableRawPointer, _ mode: Mode
    ) {
        if source.isEmpty || coefficient == 0 && mode == .add { return }
        for start in stride(from: 0, to: source.count, by: Self.chunkBytes) {
            let end = min(start + Self.chunkBytes, source.count)
            multiplyChunk(
                UnsafeRawBufferPointer(rebasing: source[start..<end]), by: coefficient,
                into: destination + start, mode)
        }
    }

    private func multiplyChunk(
        _ source: UnsafeRawBufferPointer, by coefficient: UInt32,
        into destination: UnsafeMutableRawPointer, _ mode: Mode
    ) {
        let from = UInt(bitPattern: source.baseAddress)
        let to = UInt(bitPattern: destination)
        if coefficient == 1 {
            copyOrAdd(source, to: destination, mode)
        } else if source.count <= longestByWord || to & UInt(wordBytes - 1) != 0 {
            multiplyByWord(source, by: coefficient, into: destination, mode)
        } else if (from ^ to) & 15 == 0 {
            multiplyRegion(source, by: coefficient, into: destination, mode)
        } else {
            multiplyThroughScratch(source, by: coefficient, into: destination, mode)
        }
    }

    /// The longest region that is multiplied word by word. gf-complete writes past the end of a
    /// region that stops before the first multiple of 16; and it prepares every region, which takes
    /// nothing at w = 8, but as long as these bytes at w = 16 (150 ns) and w = 32 (600 ns).
    private var longestByWord: Int {
        switch wordBits {
        case 8: 15
        case 16: 64
        default: 512
        }
    }

    private func multiplyByWord(
        _ source: UnsafeRawBufferPointer, by coefficient: UInt32,
        into destination: UnsafeMutableRawPointer, _ mode: Mode
    ) {
        switch wordBits {
        case 8: multiplyByWord(UInt8.self, source, by: coefficient, into: destination, mode)
        case 16: multiplyByWord(UInt16.self, source, by: coefficient, into: destination, mode)
        default: multiplyByWord(UInt32.self, source, by: coefficient, into: destination, mode)
        }
    }

    private func multiplyByWord<Word: FixedWidthInteger & UnsignedInteger>(
        _ type: Word.Type, _ source: UnsafeRawBufferPointer, by coefficient: UInt32,
        into destination: UnsafeMutableRawPointer, _ mode: Mode
    ) {
        for offset in stride(from: 0, to: source.count, by: MemoryLayout<Word>.size) {
            let word = UInt32(source.loadUnaligned(fromByteOffset: offset, as: Word.self))
            let product = Word(truncatingIfNeeded: product(coefficient, word))
            let old =
                mode == .add
                ? destination.loadUnaligned(fromByteOffset: offset, as: Word.self) : 0
            destination.storeBytes(of: old ^ product, toByteOffset: offset, as: Word.self)
        }
    }

    /// Copies the source, block by block, to where it lies like the destination modulo 16: else
    /// gf-complete ends the process.
    private func multiplyThroughScratch(
        _ source: UnsafeRawBufferPointer, by coefficient: UInt32,
        into destination: UnsafeMutableRawPointer, _ mode: Mode
    ) {
        let offset = Int(bitPattern: destination) & 15
        withUnsafeTemporaryAllocation(byteCount: Self.scratchBytes + 16, alignment: 16) { scratch in
            for start in stride(from: 0, to: source.count, by: Self.scratchBytes) {
                let block = source[start..<min(start + Self.scratchBytes, source.count)]
                let copy = UnsafeMutableRawBufferPointer(
                    rebasing: scratch[offset..<offset + block.count])
                copy.copyMemory(from: UnsafeRawBufferPointer(rebasing: block))
                multiplyChunk(
                    UnsafeRawBufferPointer(copy), by: coefficient, into: destination + start, mode)
            }
        }
    }

    /// A copy, or XOR by the one region function that takes any address and any length.
    private func copyOrAdd(
        _ source: UnsafeRawBufferPointer, to destination: UnsafeMutableRawPointer, _ mode: Mode
    ) {
        switch mode {
        case .replace:
            destination.copyMemory(from: source.baseAddress!, byteCount: source.count)
        case .add:
            galois_region_xor(
                chars(source.baseAddress!), chars(UnsafeRawPointer(destination)),
                Int32(source.count))
        }
    }

    private func multiplyRegion(
        _ source: UnsafeRawBufferPointer, by coefficient: UInt32,
        into destination: UnsafeMutableRawPointer, _ mode: Mode
    ) {
        let from = chars(source.baseAddress!)
        let to = chars(UnsafeRawPointer(destination))
        let factor = Int32(bitPattern: coefficient)
        let count = Int32(source.count)
        let adds: Int32 = mode == .add ? 1 : 0
        switch wordBits {
        case 8: galois_w08_region_multiply(from, factor, count, to, adds)
        case 16: galois_w16_region_multiply(from, factor, count, to, adds)
        default: galois_w32_region_multiply(from, factor, count, to, adds)
        }
    }

    /// Jerasure declares all regions as `char *`; it does not write to its sources.
    private func chars(_ pointer: UnsafeRawPointer) -> UnsafeMutablePointer<CChar> {
        UnsafeMutableRawPointer(mutating: pointer).assumingMemoryBound(to: CChar.self)
    }
}
