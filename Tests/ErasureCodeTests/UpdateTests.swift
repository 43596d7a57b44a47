import ErasureCode
import SeededGenerator
import Testing

struct UpdateTests {
    /// Regions below and above what is multiplied word by word, with both ends at every distance from a multiple of 16: nothing
    /// outside is written, and the products are those of the field.
    @Test(arguments: wordSizes)
    func anySizeAtAnyAddress(wordBits: Int) throws {
        var generator = SeededGenerator(seed: 11)
        let reference = ReferenceField(wordBits: wordBits)
        for coefficient in [0, 1, UInt32(truncatingIfNeeded: 0x9e37_79b9) >> (32 - wordBits)] {
            let code = try ErasureCode(generator: [[coefficient]], wordBits: wordBits)
            for words in Array(1...33) + [129, 131] {
                let delta = generator.bytes(words * code.wordBytes)
                let before = generator.bytes(words * code.wordBytes)
                let after = zip(before, reference.product(coefficient, delta)).map { $0 ^ $1 }
                for offsets in 0..<256 {
                    let source = Region(delta, offset: offsets & 15)
                    let target = Region(before, offset: offsets >> 4)
                    code.apply(delta: source.readable, of: 0, to: target.mutable, of: 0)
                    let isRight =
                        target.bytes == after && source.bytes == delta && target.guardsAreIntact
                        && source.guardsAreIntact
                    #expect(
                        isRight, "coefficient \(coefficient) words \(words) offsets \(offsets)")
                }
            }
        }
    }

    @Test(arguments: wordSizes, [(0, 0), (3, 3), (4, 4), (0, 1), (9, 2)])
    func longRegions(wordBits: Int, offsets: (Int, Int)) throws {
        var generator = SeededGenerator(seed: 12)
        let code = try ErasureCode(generator: [[0x53]], wordBits: wordBits)
        let delta = generator.bytes(20_004)
        let before = generator.bytes(20_004)
        let product = ReferenceField(wordBits: wordBits).product(0x53, delta)
        let source = Region(delta, offset: offsets.0)
        let target = Region(before, offset: offsets.1)
        code.apply(delta: source.readable, of: 0, to: target.mutable, of: 0)
        #expect(target.bytes == zip(before, product).map { $0 ^ $1 })
        #expect(target.guardsAreIntact)
    }

    @Test(arguments: wordSizes, matrixKinds)
    func deltasLeadToTheFreshEncoding(wordBits: Int, kind: ErasureCode.Kind) throws {
        var generator = SeededGenerator(seed: 13)
        let code = try ErasureCode(kind, primaries: 4, backups: 3, wordBits: wordBits)
        let cellBytes = 2 * code.wordBytes
        var data = [[UInt8]](repeating: [UInt8](repeating: 0, count: 10 * cellBytes), count: 4)
        let codes = (0..<3).map { _ in Region(data[0]) }
        for update in 0..<300 {
            let primary = Int.random(in: 0..<4, using: &generator)
            let start = Int.random(in: 0..<10, using: &generator) * cellBytes
            let cell = generator.bytes(cellBytes)
            let delta = Region(zip(data[primary][start..<start + cellBytes], cell).map { $0 ^ $1 })
            data[primary].replaceSubrange(start..<start + cellBytes, with: cell)
            for backup in 0..<3 {
                let slot = codes[backup].mutable[start..<start + cellBytes]
                code.apply(
                    delta: delta.readable, of: primary,
                    to: UnsafeMutableRawBufferPointer(rebasing: slot), of: backup)
            }
            if update % 50 == 49 {
                for backup in 0..<3 {
                    let fresh = code.encoding(data, of: backup, count: 10 * cellBytes)
                    #expect(codes[backup].bytes == fresh, "update \(update) backup \(backup)")
                }
            }
        }
    }

    @Test(arguments: wordSizes)
    func encodingIsTheSumOfProducts(wordBits: Int) throws {
        var generator = SeededGenerator(seed: 14)
        let reference = ReferenceField(wordBits: wordBits)
        let code = try ErasureCode(.cauchy, primaries: 3, backups: 3, wordBits: wordBits)
        let data = [12, 4, 20].map { generator.bytes($0) }
        for backup in 0..<3 {
            var sum = [UInt8](repeating: 0, count: 20)
            for primary in 0..<3 {
                let coefficient = code.coefficient(backup: backup, primary: primary)
                let product = reference.product(coefficient, padded(data[primary], to: 20))
                sum = zip(sum, product).map { $0 ^ $1 }
            }
            #expect(code.encoding(data, of: backup, count: 20) == sum)
        }
    }

    @Test func emptyRegions() throws {
        let code = try ErasureCode(.vandermonde, primaries: 1, backups: 1, wordBits: 32)
        code.apply(
            delta: UnsafeRawBufferPointer(start: nil, count: 0), of: 0,
            to: UnsafeMutableRawBufferPointer(start: nil, count: 0), of: 0)
        #expect(code.encoding([[]], of: 0, count: 0) == [])
    }

    /// Codes are made and used on several threads at once; the answers stay the same.
    @Test func manyThreads() async throws {
        let expected = try Self.encodings()
        let answers = await withTaskGroup(of: [[UInt8]]?.self) { group in
            for _ in 0..<16 { group.addTask { try? Self.encodings() } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 16)
        #expect(answers.allSatisfy { $0 == expected })
    }

    private static func encodings() throws -> [[UInt8]] {
        var generator = SeededGenerator(seed: 15)
        return try wordSizes.flatMap { wordBits in
            try matrixKinds.map { kind in
                let code = try ErasureCode(kind, primaries: 6, backups: 3, wordBits: wordBits)
                return code.encoding((0..<6).map { _ in generator.bytes(400) }, of: 2, count: 400)
            }
        }
    }
}
