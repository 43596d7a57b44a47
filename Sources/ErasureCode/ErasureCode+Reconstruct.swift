extension ErasureCode {
    /// Solves for the data of the failed primaries.
    ///
    /// Inverts one system of as many rows as primaries failed, folds it into one coefficient per
    /// source and output, and then passes once over the regions. Where XOR parity replaces one
    /// primary, every coefficient is 1 and nothing is multiplied.
    ///
    /// Regions are whole words at any address; where survivors or codes are shorter than the
    /// outputs the missing bytes count as zeros, and where they are longer only their beginning is
    /// used. Outputs do not overlap their sources.
    ///
    /// - Parameters:
    ///   - failed: the primaries to reconstruct
    ///   - survivors: all other primaries, in any order
    ///   - codes: at least as many as `failed`; the first so many are used
    ///   - outputs: in the order of `failed`, all of one length
    /// - Throws: before any output is written
    package func reconstruct(
        failed: [Int],
        survivors: [(primary: Int, cells: UnsafeRawBufferPointer)],
        codes: [(backup: Int, words: UnsafeRawBufferPointer)],
        into outputs: [UnsafeMutableRawBufferPointer]
    ) throws(ErasureCodeError) {
        try checkNodes(failed: failed, survivors: survivors.map(\.primary), codes.map(\.backup))
        let codes = codes.prefix(failed.count)
        let sources = codes.map(\.words) + survivors.map(\.cells)
        try checkSizes(failed: failed, sources: sources, outputs: outputs)
        let coefficients = try decodingRows(
            failed: failed, survivors: survivors.map(\.primary), backups: codes.map(\.backup))
        combine(sources, coefficients: coefficients, into: outputs)
    }

    /// One row per failed primary with a coefficient for each code and then each survivor.
    ///
    /// The codes c of the backups satisfy c = A x + B y, where x are the failed primaries' data, y
    /// the survivors', and A and B the generator's columns of each. So x = A⁻¹ c + A⁻¹ B y; signs
    /// do not matter in a field of characteristic 2.
    private func decodingRows(
        failed: [Int], survivors: [Int], backups: [Int]
    ) throws(ErasureCodeError) -> [UInt32] {
        let rows = failed.count
        if rows == 0 { return [] }
        let system = backups.flatMap { backup in
            failed.map { coefficient(backup: backup, primary: $0) }
        }
        guard let inverse = field.inverse(of: system, rows: rows) else {
            throw .singular(failed: failed, backups: backups)
        }
        var result: [UInt32] = []
        result.reserveCapacity(rows * (rows + survivors.count))
        for row in 0..<rows {
            let inverseRow = inverse[row * rows..<(row + 1) * rows]
            result += inverseRow
            for survivor in survivors {
                result.append(
                    zip(inverseRow, backups).reduce(0) { sum, term in
                        let (factor, backup) = term
                        let entry = coefficient(backup: backup, primary: survivor)
                        return sum ^ field.product(factor, entry)
                    })
            }
        }
        return result
    }

    private func checkNodes(
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

    private func checkSizes(
        failed: [Int], sources: [UnsafeRawBufferPointer], outputs: [UnsafeMutableRawBufferPointer]
    ) throws(ErasureCodeError) {
        guard outputs.count == failed.count else {
            throw .outputs(count: outputs.count, failed: failed.count)
        }
        let expected = outputs.first?.count ?? 0
        for output in outputs where output.count != expected {
            throw .outputBytes(output.count, expected: expected)
        }
        for bytes in [expected] + sources.map(\.count) where bytes % wordBytes != 0 {
            throw .partialWord(bytes: bytes, wordBytes: wordBytes)
        }
    }
}
