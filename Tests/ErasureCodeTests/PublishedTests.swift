import ErasureCode
import Testing

/// Petrou, Thompson, Bloomfield and Mistry (Warwick, 2022), Figure 4: three lists of 16-bit words, three backups.
struct PublishedTests {
    private let lists: [[UInt16]] = [[123, 456, 789], [555, 456], [789]]
    /// The list index that stands in each slot.
    private let slotHoldsIndex = [[0, 1, 2], [1, 0], [0]]
    private let codes: [[UInt16]] = [[678, 995, 789], [41143, 37571, 789], [61441, 61955, 789]]

    private var cells: [[UInt8]] {
        zip(lists, slotHoldsIndex).map { list, indices in bytes(indices.map { list[$0] }) }
    }

    @Test func encodesFigure4() throws {
        let code = try ErasureCode(.vandermonde, primaries: 3, backups: 3, wordBits: 16)
        for backup in 0..<3 {
            #expect(code.encoding(cells, of: backup, count: 6) == bytes(codes[backup]))
        }
    }

    @Test func decodesFigure4() throws {
        let code = try ErasureCode(.vandermonde, primaries: 3, backups: 3, wordBits: 16)
        let recovered = try code.recovered(
            cells, codes: codes.map(bytes), failed: [0, 1, 2], backups: [0, 1, 2], count: 6)
        #expect(recovered == cells.map { padded($0, to: 6) })
    }

    private func bytes(_ words: [UInt16]) -> [UInt8] {
        words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    }
}
