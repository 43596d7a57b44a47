import ErasureCode
import SeededGenerator
import Testing

struct ReconstructTests {
    /// Every choice of failed primaries and of backups, for every shape up to (5, 3).
    @Test(arguments: wordSizes, matrixKinds)
    func everyErasureOfSmallShapes(wordBits: Int, kind: ErasureCode.Kind) throws {
        var generator = SeededGenerator(seed: 1)
        var solved = 0
        for primaries in 1...5 {
            for backups in 1...3 {
                let code = try ErasureCode(
                    kind, primaries: primaries, backups: backups, wordBits: wordBits)
                let data = (0..<primaries).map { _ in
                    generator.bytes(Int.random(in: 0...9, using: &generator) * code.wordBytes)
                }
                let count = data.map(\.count).max()!
                let codes = (0..<backups).map { code.encoding(data, of: $0, count: count) }
                for failed in subsets(of: primaries) where failed.count <= backups {
                    for chosen in subsets(of: backups) where chosen.count == failed.count {
                        let recovered = try code.recovered(
                            data, codes: codes, failed: failed.reversed(), backups: chosen,
                            count: count)
                        solved += 1
                        #expect(
                            recovered == failed.reversed().map { padded(data[$0], to: count) },
                            "n \(primaries) f \(backups) failed \(failed) backups \(chosen)")
                    }
                }
            }
        }
        // A shape has binomial(n + f, f) ways to lose k primaries and choose k backups.
        #expect(solved == 200)
    }

    /// Of each failed primary as much as it had, from one reconstruction for many regions.
    @Test(arguments: wordSizes, matrixKinds)
    func outputsOfDifferentLengths(wordBits: Int, kind: ErasureCode.Kind) throws {
        var generator = SeededGenerator(seed: 8)
        let code = try ErasureCode(kind, primaries: 5, backups: 3, wordBits: wordBits)
        for failed in [[0, 1, 2], [4, 0, 2], [3, 1]] {
            let survivors = (0..<5).filter { !failed.contains($0) }
            // With the first code, which is the sum of all, and without it.
            for backups in [Array(0..<failed.count), Array(3 - failed.count..<3)] {
                let reconstruction = try code.reconstruction(
                    of: failed, survivors: survivors, backups: backups)
                for lengths in [
                    [0, 40, 64, 8, 100_000], [100_000, 8, 0, 64, 40], [8, 8, 8, 8, 8],
                ] {
                    let data = lengths.map { generator.bytes($0) }
                    let codes = backups.map {
                        Region(code.encoding(data, of: $0, count: lengths.max()!))
                    }
                    let cells = survivors.map { Region(data[$0], offset: 8) }
                    let outputs = failed.map {
                        Region([UInt8](repeating: 0xff, count: lengths[$0]), offset: 8)
                    }
                    try reconstruction.solve(
                        codes: codes.map(\.readable), survivors: cells.map(\.readable),
                        into: outputs.map(\.mutable))
                    #expect(
                        outputs.map(\.bytes) == failed.map { data[$0] },
                        "failed \(failed) backups \(backups) lengths \(lengths)")
                }
            }
        }
    }

    @Test(arguments: wordSizes)
    func parityGivesEveryPrimaryBack(wordBits: Int) throws {
        var generator = SeededGenerator(seed: 6)
        for primaries in [1, 2, 5, 300] {
            let code = try ErasureCode(.xor, primaries: primaries, backups: 1, wordBits: wordBits)
            let data = (0..<primaries).map { _ in generator.bytes(20) }
            let codes = code.encoding(data, of: 0, count: 20)
            #expect(
                codes
                    == data.reduce(into: padded([], to: 20)) { sum, bytes in
                        sum = zip(sum, bytes).map { $0 ^ $1 }
                    })
            for failed in 0..<primaries {
                let recovered = try code.recovered(
                    data, codes: [codes], failed: [failed], backups: [0], count: 20, offset: 3)
                #expect(recovered == [data[failed]], "n \(primaries) failed \(failed)")
            }
        }
    }

    /// A thousand primaries: every coefficient of a failed one takes part in the system.
    @Test(arguments: [16, 32])
    func aThousandPrimaries(wordBits: Int) throws {
        var generator = SeededGenerator(seed: 7)
        let code = try ErasureCode(.cauchy, primaries: 1_000, backups: 4, wordBits: wordBits)
        let data = (0..<1_000).map { _ in
            generator.bytes(8 * Int.random(in: 0...4, using: &generator))
        }
        let codes = (0..<4).map { code.encoding(data, of: $0, count: 32) }
        for failed in [[999], [0, 500], [3, 998, 4], [700, 1, 2, 300]] {
            let recovered = try code.recovered(
                data, codes: codes, failed: failed,
                backups: Array((4 - failed.count)..<4), count: 32)
            #expect(recovered == failed.map { padded(data[$0], to: 32) }, "failed \(failed)")
        }
    }

    @Test func aFullFieldOfPrimaries() throws {
        var generator = SeededGenerator(seed: 2)
        for backups in 1...4 {
            let primaries = 256 - backups
            let code = try ErasureCode(
                .cauchy, primaries: primaries, backups: backups, wordBits: 8)
            let data = (0..<primaries).map { _ in generator.bytes(24) }
            let codes = (0..<backups).map { code.encoding(data, of: $0, count: 24) }
            for _ in 0..<20 {
                let failed = Array((0..<primaries).shuffled(using: &generator).prefix(backups))
                let recovered = try code.recovered(
                    data, codes: codes, failed: failed, backups: Array(0..<backups), count: 24)
                #expect(recovered == failed.map { data[$0] }, "failed \(failed)")
            }
        }
    }

    @Test(arguments: matrixKinds)
    func twoHundredPrimaries(kind: ErasureCode.Kind) throws {
        var generator = SeededGenerator(seed: 3)
        let code = try ErasureCode(kind, primaries: 200, backups: 3, wordBits: 8)
        let data = (0..<200).map { _ in generator.bytes(40) }
        let codes = (0..<3).map { code.encoding(data, of: $0, count: 40) }
        for failed in [[0, 1, 2], [199, 0, 100], [57, 58, 59]] {
            let recovered = try code.recovered(
                data, codes: codes, failed: failed, backups: [2, 0, 1], count: 40)
            #expect(recovered == failed.map { data[$0] })
        }
    }

    /// Longer than a block, at odd addresses, with sources that end in different blocks.
    @Test(arguments: wordSizes, [0, 1, 5])
    func longRegions(wordBits: Int, offset: Int) throws {
        var generator = SeededGenerator(seed: 4)
        let code = try ErasureCode(.cauchy, primaries: 4, backups: 3, wordBits: wordBits)
        let data = [200_004, 131_072, 65_532, 0].map { generator.bytes($0) }
        let codes = (0..<3).map { code.encoding(data, of: $0, count: 200_004) }
        for (failed, backups) in [([1], [2]), ([0, 2], [1, 2]), ([3, 0, 1], [0, 1, 2])] {
            let recovered = try code.recovered(
                data, codes: codes, failed: failed, backups: backups, count: 200_004,
                offset: offset)
            #expect(recovered == failed.map { padded(data[$0], to: 200_004) }, "\(failed)")
        }
    }

    /// Long enough that several cores share the work.
    @Test func regionsForAllCores() throws {
        var generator = SeededGenerator(seed: 5)
        let code = try ErasureCode(.vandermonde, primaries: 3, backups: 2, wordBits: 8)
        let count = 2_300_001
        let data = [count, 70_000, count - 65_536].map { generator.bytes($0) }
        let codes = (0..<2).map { code.encoding(data, of: $0, count: count) }
        for (failed, backups) in [([1], [1]), ([0, 2], [0, 1]), ([2, 1], [1, 0])] {
            let recovered = try code.recovered(
                data, codes: codes, failed: failed, backups: backups, count: count)
            #expect(
                recovered == failed.map { padded(data[$0], to: count) }, "\(failed) \(backups)")
        }
    }

    @Test func outputsMayBeShorterThanTheirSources() throws {
        let code = try ErasureCode(.vandermonde, primaries: 2, backups: 2, wordBits: 16)
        let data: [[UInt8]] = [[1, 2], [3, 4, 5, 6, 7, 8]]
        let codes = (0..<2).map { code.encoding(data, of: $0, count: 6) }
        #expect(
            try code.recovered(data, codes: codes, failed: [0], backups: [1], count: 2) == [[1, 2]])
        #expect(
            try code.recovered(data, codes: codes, failed: [1], backups: [1], count: 4)
                == [[3, 4, 5, 6]])
    }

    @Test func codesBeyondTheFailedAreIgnored() throws {
        let code = try ErasureCode(.vandermonde, primaries: 2, backups: 2, wordBits: 8)
        let data: [[UInt8]] = [[1, 2], [3, 4]]
        let codes = [code.encoding(data, of: 0, count: 2), [9, 9]]
        #expect(
            try code.recovered(data, codes: codes, failed: [1], backups: [0, 1], count: 2)
                == [[3, 4]])
        #expect(try code.recovered(data, codes: codes, failed: [], backups: [], count: 2) == [])
    }

    /// What the harness relies on: a decoder that uses another code gives other bytes.
    @Test(arguments: wordSizes)
    func aWrongCoefficientIsSeen(wordBits: Int) throws {
        var generator = SeededGenerator(seed: 5)
        let code = try ErasureCode(.vandermonde, primaries: 3, backups: 2, wordBits: wordBits)
        let data = (0..<3).map { _ in generator.bytes(16) }
        let codes = (0..<2).map { code.encoding(data, of: $0, count: 16) }
        var planted = 0
        for backup in 0..<2 {
            for primary in 0..<3 {
                var rows = (0..<2).map { row in
                    (0..<3).map { code.coefficient(backup: row, primary: $0) }
                }
                rows[backup][primary] ^= 0x10
                let wrong = try ErasureCode(generator: rows, wordBits: wordBits)
                let recovered = try wrong.recovered(
                    data, codes: codes, failed: [0, 2], backups: [0, 1], count: 16)
                #expect(recovered != [data[0], data[2]], "g[\(backup)][\(primary)]")
                planted += 1
            }
        }
        #expect(planted == 6)
    }
}
