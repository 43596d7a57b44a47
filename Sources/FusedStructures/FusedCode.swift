import ErasureCode

/// The erasure code that fills the backups of a cluster.
///
///     let cluster = try FusedCluster<FusedList<UInt16>>(
///         primaries: 3, faults: 3, code: .vandermonde(wordBits: 16))
public enum FusedCode: Hashable, Sendable {
    /// What is fastest for the number of servers: words of 8 bits up to 256 servers, else of 16,
    /// and a Vandermonde matrix up to 256 servers, else a Cauchy one.
    case automatic
    /// Reed-Solomon with a Vandermonde matrix and words of 8, 16 or 32 bits.
    case vandermonde(wordBits: Int)
    /// Reed-Solomon with a Cauchy matrix and words of 8, 16 or 32 bits.
    case cauchy(wordBits: Int)

    func make(primaries: Int, faults: Int) throws(FusedError) -> ErasureCode {
        let (kind, wordBits) = choice(primaries: primaries, faults: faults)
        do throws(ErasureCodeError) {
            return try ErasureCode(kind, primaries: primaries, backups: faults, wordBits: wordBits)
        } catch .primaries(let count) {
            throw .invalidCluster("a cluster has at least 1 primary, not \(count)")
        } catch .backups(let count) {
            throw .invalidCluster("a cluster tolerates at least 1 fault, not \(count)")
        } catch .wordBits(let bits) {
            throw .invalidCluster("a code has words of 8, 16 or 32 bits, not \(bits)")
        } catch .tooManyNodes(let nodes, let limit) {
            throw .invalidCluster(
                "a cluster with this code has at most \(limit) servers, not \(nodes)")
        } catch {
            throw .invalidCluster("the code cannot be made: \(error)")
        }
    }

    private func choice(primaries: Int, faults: Int) -> (ErasureCode.Kind, wordBits: Int) {
        switch self {
        case .automatic:
            let (servers, overflow) = primaries.addingReportingOverflow(faults)
            let isSmall = !overflow && servers <= ErasureCode.nodeLimit(wordBits: 8)
            return isSmall ? (.vandermonde, 8) : (.cauchy, 16)
        case .vandermonde(let wordBits): return (.vandermonde, wordBits)
        case .cauchy(let wordBits): return (.cauchy, wordBits)
        }
    }
}
