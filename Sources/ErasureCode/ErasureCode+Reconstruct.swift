extension ErasureCode {
    /// Solves for the data of the failed primaries.
    ///
    /// The codes c satisfy c = A x + B y, where x are the failed primaries' data, y the survivors',
    /// and A and B the generator's columns of each; signs do not matter in a field of
    /// characteristic 2. So it passes once over the regions for the syndromes c + B y, which costs a
    /// multiplication for each survivor and code, or an XOR where the generator has ones, and
    /// multiplies the syndromes by A⁻¹, a system of as many rows as primaries failed, or one less where
    /// the first code is the sum of all.
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
        var system = codes.map { code in
            failed.map { coefficient(backup: code.backup, primary: $0) }
        }
        // A first code that is the sum of all, such as XOR parity, leaves a system without the first
        // of the failed: what it has of each other row is taken from that.
        let first = system[0].allSatisfy { $0 == 1 } ? system.map { $0[0] } : nil
        if let first {
            system = zip(system, first).dropFirst().map { row, first in
                row.dropFirst().map { $0 ^ first }
            }
        }
        guard let inverse = inverse(of: system) else {
            throw .singular(failed: failed, backups: codes.map(\.backup))
        }
        let syndromeRows = syndromeRows(
            survivors: survivors.map(\.primary), backups: codes.map(\.backup))
        solve(
            sources, syndromeRows: syndromeRows, parity: first, inverse: inverse, into: outputs)
    }

    /// Block by block, the syndromes of the sources and what they give by the inverse; on all cores,
    /// since nodes that wait for the result leave them idle.
    ///
    /// - Parameters:
    ///   - parity: where the first syndrome is the sum of all outputs, the first output's coefficient
    ///     in each syndrome: so often the first is added to each of the others, which then are of the
    ///     other outputs alone, and gives the first output once these are there.
    ///   - inverse: of the system of the outputs that are left.
    private func solve(
        _ sources: [UnsafeRawBufferPointer], syndromeRows: [UInt32], parity: [UInt32]?,
        inverse: [UInt32], into outputs: [UnsafeMutableRawBufferPointer]
    ) {
        let first = parity == nil ? 0 : 1
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
                if parity != nil { syndromes[0] = results[0] }
                combine(range, of: sources, coefficients: syndromeRows, into: syndromes)
                for (coefficient, other) in zip(parity ?? [], syndromes).dropFirst() {
                    field.add(
                        coefficient, times: UnsafeRawBufferPointer(syndromes[0]),
                        to: other.baseAddress!)
                }
                combine(
                    0..<range.count, of: syndromes[first...].map { UnsafeRawBufferPointer($0) },
                    coefficients: inverse, into: Array(results[first...]))
                for other in results.dropFirst() where parity != nil {
                    field.add(1, times: UnsafeRawBufferPointer(other), to: results[0].baseAddress!)
                }
            }
        }
    }

    /// Row-major; nil where the system is singular, empty where it is.
    private func inverse(of system: [[UInt32]]) -> [UInt32]? {
        system.isEmpty ? [] : field.inverse(of: Array(system.joined()), rows: system.count)
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
