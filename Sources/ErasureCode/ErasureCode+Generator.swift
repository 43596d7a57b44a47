import CJerasure
import Glibc
import Synchronization

extension ErasureCode {
    /// The most nodes of a code that Jerasure makes: it counts a matrix's entries in `int`.
    private static let jerasureNodes = 46_340

    /// Jerasure fills global tables while it builds a Cauchy matrix, with no lock of its own.
    private static let building = Mutex(())

    /// How many primaries and backups together a field and Jerasure allow.
    package static func nodeLimit(wordBits: Int) -> Int {
        min(1 << wordBits, jerasureNodes)
    }

    /// The coding rows of Jerasure's systematic generator matrix, in row-major order.
    static func generator(
        _ kind: Kind, primaries: Int, backups: Int, wordBits: Int
    ) throws(ErasureCodeError) -> [UInt32] {
        let (nodes, overflow) = primaries.addingReportingOverflow(backups)
        let limit = nodeLimit(wordBits: wordBits)
        guard !overflow, nodes <= limit else {
            throw .tooManyNodes(nodes: overflow ? .max : nodes, limit: limit)
        }
        let n = Int32(primaries)
        let f = Int32(backups)
        let w = Int32(wordBits)
        let matrix = building.withLock { _ in
            switch kind {
            case .vandermonde: reed_sol_vandermonde_coding_matrix(n, f, w)
            case .cauchy: cauchy_good_general_coding_matrix(n, f, w)
            }
        }
        guard let matrix else { throw .noGenerator }
        defer { free(matrix) }
        return UnsafeBufferPointer(start: matrix, count: primaries * backups)
            .map(UInt32.init(bitPattern:))
    }
}
