import CJerasure
import Glibc

extension ErasureCode {
    /// The most nodes of a code that Jerasure makes: it counts a matrix's entries in `int`.
    private static let jerasureNodes = 46_340

    /// How many primaries and backups together a field and Jerasure allow.
    package static func nodeLimit(wordBits: Int) -> Int {
        min(1 << wordBits, jerasureNodes)
    }

    /// The coding rows of the systematic generator matrix, in row-major order.
    static func generator(
        _ kind: Kind, primaries: Int, backups: Int, field: Field
    ) throws(ErasureCodeError) -> [UInt32] {
        if kind == .xor {
            guard backups == 1 else { throw .xorBackups(backups) }
            return Array(repeating: 1, count: primaries)
        }
        let (nodes, overflow) = primaries.addingReportingOverflow(backups)
        let limit = nodeLimit(wordBits: field.wordBits)
        guard !overflow, nodes <= limit else {
            throw .tooManyNodes(nodes: overflow ? .max : nodes, limit: limit)
        }
        let build =
            kind == .vandermonde
            ? reed_sol_vandermonde_coding_matrix : cauchy_original_coding_matrix
        guard let matrix = build(Int32(primaries), Int32(backups), Int32(field.wordBits)) else {
            throw .noGenerator
        }
        defer { free(matrix) }
        let rows = UnsafeBufferPointer(start: matrix, count: primaries * backups)
            .map(UInt32.init(bitPattern:))
        return kind == .cauchy ? withOnesInFirstRow(rows, primaries: primaries, field: field) : rows
    }

    /// Divides every column by its first entry, so that the first backup is XOR parity. What a
    /// matrix survives does not change. (Jerasure's own way to such a matrix also looks for entries
    /// with few ones, in O(f n^2), which pays only where words are multiplied bit by bit.)
    private static func withOnesInFirstRow(
        _ matrix: [UInt32], primaries: Int, field: Field
    ) -> [UInt32] {
        matrix.indices.map { field.quotient(matrix[$0], matrix[$0 % primaries]) }
    }
}
