extension ErasureCode {
    /// Solves for the data of the failed primaries.
    ///
    /// The codes c satisfy c = A x + B y, where x are the failed primaries' data, y the survivors',
    /// and A and B the generator's columns of each; signs do not matter in a field of
    /// characteristic 2. So it passes once over the regions for the syndromes c + B y, which costs a
    /// multiplication for each survivor and code, or an XOR where the generator has ones, and
    /// multiplies the syndromes by A⁻¹, a system of as many rows as primaries failed.
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
        if failed.isEmpty { return }
        guard let inverse = inverse(failed: failed, backups: codes.map(\.backup)) else {
            throw .singular(failed: failed, backups: codes.map(\.backup))
        }
        let syndromeRows = syndromeRows(
            survivors: survivors.map(\.primary), backups: codes.map(\.backup))
        let isParityFirst = failed.allSatisfy {
            coefficient(backup: codes[0].backup, primary: $0) == 1
        }
        solve(
            sources, syndromeRows: syndromeRows, inverse: inverse, isParityFirst: isParityFirst,
            into: outputs)
    }

    /// Block by block, the syndromes of the sources and what they give by the inverse; on all cores,
    /// since nodes that wait for the result leave them idle.
    ///
    /// - Parameter isParityFirst: whether the first syndrome is the sum of all outputs. Then that
    ///   gives the first output once the others are there, with no multiplication.
    private func solve(
        _ sources: [UnsafeRawBufferPointer], syndromeRows: [UInt32], inverse: [UInt32],
        isParityFirst: Bool, into outputs: [UnsafeMutableRawBufferPointer]
    ) {
        let first = isParityFirst ? 1 : 0
        let rows = Array(inverse.dropFirst(first * outputs.count))
        Self.withParts(of: outputs[0].count) { part in
            let scratch = UnsafeMutableRawBufferPointer.allocate(
                byteCount: outputs.count * Self.blockBytes, alignment: 16)
            defer { scratch.deallocate() }
            for range in Self.blocks(of: part) {
                let results = outputs.map { UnsafeMutableRawBufferPointer(rebasing: $0[range]) }
                var syndromes = outputs.indices.map {
                    UnsafeMutableRawBufferPointer(
                        start: scratch.baseAddress! + $0 * Self.blockBytes, count: range.count)
                }
                if isParityFirst { syndromes[0] = results[0] }
                combine(range, of: sources, coefficients: syndromeRows, into: syndromes)
                combine(
                    0..<range.count, of: syndromes.map { UnsafeRawBufferPointer($0) },
                    coefficients: rows, into: Array(results[first...]))
                guard isParityFirst else { continue }
                for other in results[1...] {
                    field.add(1, times: UnsafeRawBufferPointer(other), to: results[0].baseAddress!)
                }
            }
        }
    }

    /// A⁻¹, where A holds the generator's columns of the failed primaries; nil where A is singular.
    private func inverse(failed: [Int], backups: [Int]) -> [UInt32]? {
        let system = backups.flatMap { backup in
            failed.map { coefficient(backup: backup, primary: $0) }
        }
        return field.inverse(of: system, rows: failed.count)
    }

    /// (I B): one row per backup, with a coefficient for each code and then each survivor.
    private func syndromeRows(survivors: [Int], backups: [Int]) -> [UInt32] {
        backups.indices.flatMap { row in
            backups.indices.map { $0 == row ? 1 : 0 }
                + survivors.map { coefficient(backup: backups[row], primary: $0) }
        }
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
