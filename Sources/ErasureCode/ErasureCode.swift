/// A systematic (n, f) erasure code over GF(2^w).
package struct ErasureCode: Sendable {
    /// How the generator matrix is built.
    package enum Kind: String, Sendable, Codable, CaseIterable {
        case vandermonde
        case cauchy
    }
}
