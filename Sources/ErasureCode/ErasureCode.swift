/// A systematic (n, f) erasure code over GF(2^w): n primaries keep their data as it is, and each of
/// f backups keeps one linear combination of all of them.
///
/// Any f of the n + f may be lost (the code is MDS). The matrices and the arithmetic are Jerasure's
/// (Plank and Greenan, 2014); fused backups that hold such codes are Balasubramanian and Garg's
/// (TPDS 2013).
///
/// A value that never changes, so that threads may share it.
package struct ErasureCode: Sendable {
    /// How the generator matrix is built.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        /// Row 0 is all ones, so that one backup is XOR parity. Takes O(n^3) to build: slow beyond
        /// a few hundred primaries.
        case vandermonde
        /// Takes O(f n) to build. Row 0 is all ones here too.
        case cauchy
        /// Parity: one backup, and all coefficients are one. Takes any number of primaries.
        case xor
    }

    /// The number of primaries n.
    package let primaries: Int
    /// The number of backups f.
    package let backups: Int
    /// g[j][i] at j * n + i.
    let generator: [UInt32]
    let field: Field

    /// A code with one of Jerasure's generator matrices, or XOR parity.
    ///
    /// - Parameters:
    ///   - primaries: n, at least 1
    ///   - backups: f, at least 1, and no more than 1 for `xor`; for the others n + f is at most
    ///     `nodeLimit(wordBits:)`
    ///   - wordBits: 8, 16 or 32
    package init(
        _ kind: Kind, primaries: Int, backups: Int, wordBits: Int
    ) throws(ErasureCodeError) {
        field = try Field(wordBits: wordBits)
        guard primaries >= 1 else { throw .primaries(primaries) }
        guard backups >= 1 else { throw .backups(backups) }
        self.primaries = primaries
        self.backups = backups
        generator = try Self.generator(
            kind, primaries: primaries, backups: backups, field: field)
    }

    /// A code with any generator: `rows[j][i]` is what backup j multiplies primary i by.
    ///
    /// Nothing is proved about what it survives.
    package init(generator rows: [[UInt32]], wordBits: Int) throws(ErasureCodeError) {
        field = try Field(wordBits: wordBits)
        backups = rows.count
        guard let first = rows.first else { throw .backups(0) }
        primaries = first.count
        guard primaries >= 1 else { throw .primaries(0) }
        for (backup, row) in rows.enumerated() {
            guard row.count == primaries else {
                throw .raggedGenerator(backup: backup, count: row.count, expected: primaries)
            }
            for (primary, coefficient) in row.enumerated() where !field.contains(coefficient) {
                throw .coefficientOutOfField(
                    backup: backup, primary: primary, coefficient: coefficient)
            }
        }
        generator = rows.flatMap { $0 }
    }

    /// The word size w of the field.
    package var wordBits: Int { field.wordBits }

    /// What all sizes are multiples of.
    package var wordBytes: Int { field.wordBytes }

    /// g[j][i]: what backup j multiplies the data of primary i by.
    package func coefficient(backup: Int, primary: Int) -> UInt32 {
        precondition(0..<backups ~= backup, "no such backup")
        precondition(0..<primaries ~= primary, "no such primary")
        return generator[backup * primaries + primary]
    }
}
