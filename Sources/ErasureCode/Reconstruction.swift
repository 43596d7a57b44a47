/// How failed primaries' data follow from those of all others and from as many codes: computed once,
/// for any number of regions.
///
/// The codes c satisfy c = A x + B y, where x are the failed primaries' data, y the survivors', and A
/// and B the generator's columns of each; signs do not matter in a field of characteristic 2. So
/// x = A⁻¹ c + A⁻¹ B y, where A is a system of as many rows as primaries failed, or one less where
/// the first code is the sum of all. Only the failed primaries' rows are computed, in one pass over the
/// regions.
package struct Reconstruction: Sendable {
    private let field: Field
    private let failed: Int
    private let survivors: Int
    /// Row-major: of each failed primary, what the codes and then the survivors are multiplied by.
    private let coefficients: [UInt32]
    /// Whether the first output is still to have all others added to it.
    private let addsOthersToFirst: Bool

    /// - Parameters:
    ///   - failed: the primaries to reconstruct.
    ///   - survivors: all other primaries, in any order.
    ///   - backups: whose codes there are: at least as many as `failed`; the first so many are used.
    init(
        _ code: ErasureCode, failed: [Int], survivors: [Int], backups: [Int]
    ) throws(ErasureCodeError) {
        try code.checkNodes(failed: failed, survivors: survivors, backups)
        let field = code.field
        self.field = field
        self.failed = failed.count
        self.survivors = survivors.count
        let backups = Array(backups.prefix(failed.count))
        func rows(_ primaries: [Int]) -> [[UInt32]] {
            backups.map { backup in
                primaries.map { code.coefficient(backup: backup, primary: $0) }
            }
        }
        // (I B): one row per code.
        var sources = zip(backups.indices, rows(survivors)).map { row, coefficients in
            backups.indices.map { $0 == row ? 1 : 0 } + coefficients
        }
        var system = rows(failed)
        // A first code that is the sum of all, such as XOR parity, gives the first of the failed from
        // the others: it is taken from each other row as often as that row has the first, and leaves
        // a system of the others alone.
        addsOthersToFirst = system.first?.allSatisfy { $0 == 1 } ?? false
        var parity: [UInt32] = []
        if addsOthersToFirst {
            system.removeFirst()
            parity = sources.removeFirst()
            for row in system.indices {
                let first = system[row][0]
                system[row] = system[row].dropFirst().map { $0 ^ first }
                sources[row] = zip(sources[row], parity).map { $0 ^ field.product(first, $1) }
            }
        }
        coefficients = parity + (try Self.solve(system, sources, in: field, failed, backups))
    }

    /// A⁻¹ times the rows, row-major.
    private static func solve(
        _ system: [[UInt32]], _ rows: [[UInt32]], in field: Field, _ failed: [Int],
        _ backups: [Int]
    ) throws(ErasureCodeError) -> [UInt32] {
        if system.isEmpty { return [] }
        guard let inverse = field.inverse(of: Array(system.joined()), rows: system.count) else {
            throw .singular(failed: failed, backups: backups)
        }
        return system.indices.flatMap { row in
            rows[0].indices.map { column in
                rows.indices.reduce(0) { sum, index in
                    sum ^ field.product(inverse[row * rows.count + index], rows[index][column])
                }
            }
        }
    }

    /// Overwrites the outputs with the failed primaries' data.
    ///
    /// Regions are whole words at any address; where survivors or codes are shorter than an output the
    /// missing bytes count as zeros. Of each failed primary as much is computed as its output takes;
    /// what it has behind that counts as zeros, too, unless all outputs are of one length. Outputs do
    /// not overlap their sources.
    ///
    /// Costs a multiplication of a region for each failed primary and each source, or an XOR where
    /// the coefficient is one.
    ///
    /// - Parameters:
    ///   - codes: of the backups, in their order.
    ///   - survivors: the primaries' data, in their order.
    ///   - outputs: in the order of the failed primaries.
    /// - Throws: before any output is written.
    package func solve(
        codes: [UnsafeRawBufferPointer], survivors: [UnsafeRawBufferPointer],
        into outputs: [UnsafeMutableRawBufferPointer]
    ) throws(ErasureCodeError) {
        precondition(
            codes.count >= failed && survivors.count == self.survivors, "a region per source")
        let sources = Array(codes.prefix(failed)) + survivors
        try checkSizes(sources, outputs)
        field.combine(sources, coefficients: coefficients, into: outputs) { results in
            guard addsOthersToFirst else { return }
            for other in results.dropFirst() {
                let bytes = UnsafeRawBufferPointer(other).prefix(results[0].count)
                if bytes.isEmpty { continue }
                field.multiply(
                    UnsafeRawBufferPointer(rebasing: bytes), by: 1,
                    into: results[0].baseAddress!, .add)
            }
        }
    }

    private func checkSizes(
        _ sources: [UnsafeRawBufferPointer], _ outputs: [UnsafeMutableRawBufferPointer]
    ) throws(ErasureCodeError) {
        guard outputs.count == failed else {
            throw .outputs(count: outputs.count, failed: failed)
        }
        for bytes in outputs.map(\.count) + sources.map(\.count)
        where bytes % field.wordBytes != 0 {
            throw .partialWord(bytes: bytes, wordBytes: field.wordBytes)
        }
    }
}

extension ErasureCode {
    /// How the failed primaries' data are computed from what the others have.
    ///
    /// - Parameters:
    ///   - failed: the primaries to reconstruct.
    ///   - survivors: all other primaries, in the order in which their data will be given.
    ///   - backups: whose codes will be given: at least as many as `failed`; the first so many are
    ///     used.
    package func reconstruction(
        of failed: [Int], survivors: [Int], backups: [Int]
    ) throws(ErasureCodeError) -> Reconstruction {
        try Reconstruction(self, failed: failed, survivors: survivors, backups: backups)
    }

    fileprivate func checkNodes(
        failed: [Int], survivors: [Int], _ codes: [Int]
    ) throws(ErasureCodeError) {
        var isNamed = [Bool](repeating: false, count: primaries)
        for primary in failed + survivors {
            guard isNamed.indices.contains(primary) else { throw .unknownPrimary(primary) }
            guard !isNamed[primary] else { throw .duplicatePrimary(primary) }
            isNamed[primary] = true
        }
        if let missing = isNamed.firstIndex(of: false) { throw .missingPrimary(missing) }

        var isUsed = [Bool](repeating: false, count: backups)
        for backup in codes {
            guard isUsed.indices.contains(backup) else { throw .unknownBackup(backup) }
            guard !isUsed[backup] else { throw .duplicateBackup(backup) }
            isUsed[backup] = true
        }
        guard codes.count >= failed.count else {
            throw .tooFewCodes(codes: codes.count, failed: failed.count)
        }
    }
}
