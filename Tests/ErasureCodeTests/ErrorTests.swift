import ErasureCode
import Testing

struct ErrorTests {
    @Test(arguments: matrixKinds)
    func impossibleCodes(kind: ErasureCode.Kind) {
        func error(_ primaries: Int, _ backups: Int, _ wordBits: Int) -> ErasureCodeError? {
            #expect(throws: ErasureCodeError.self) {
                try ErasureCode(kind, primaries: primaries, backups: backups, wordBits: wordBits)
            }
        }
        for wordBits in [-8, 0, 4, 12, 64] {
            #expect(error(3, 1, wordBits) == .wordBits(wordBits))
        }
        #expect(error(0, 1, 8) == .primaries(0))
        #expect(error(3, -1, 16) == .backups(-1))
        #expect(error(255, 2, 8) == .tooManyNodes(nodes: 257, limit: 256))
        #expect(error(46_340, 1, 16) == .tooManyNodes(nodes: 46_341, limit: 46_340))
        #expect(error(.max, 1, 32) == .tooManyNodes(nodes: .max, limit: 46_340))
    }

    @Test func impossibleGenerators() {
        func error(_ rows: [[UInt32]], _ wordBits: Int) -> ErasureCodeError? {
            #expect(throws: ErasureCodeError.self) {
                try ErasureCode(generator: rows, wordBits: wordBits)
            }
        }
        #expect(error([[1]], 9) == .wordBits(9))
        #expect(error([], 8) == .backups(0))
        #expect(error([[]], 8) == .primaries(0))
        #expect(
            error([[1, 2], [3]], 8) == .raggedGenerator(backup: 1, count: 1, expected: 2))
        #expect(
            error([[1, 256]], 8)
                == .coefficientOutOfField(backup: 0, primary: 1, coefficient: 256))
        #expect(
            error([[1], [65_536]], 16)
                == .coefficientOutOfField(backup: 1, primary: 0, coefficient: 65_536))
    }

    @Test func parityIsForOneBackup() throws {
        for backups in [-1, 0, 2, 3, .max] {
            let error: ErasureCodeError = backups < 1 ? .backups(backups) : .xorBackups(backups)
            #expect(throws: error) {
                try ErasureCode(.xor, primaries: 3, backups: backups, wordBits: 8)
            }
        }
        for wordBits in wordSizes {
            let code = try ErasureCode(.xor, primaries: 1_000, backups: 1, wordBits: wordBits)
            #expect((0..<1_000).allSatisfy { code.coefficient(backup: 0, primary: $0) == 1 })
        }
    }

    @Test(arguments: matrixKinds)
    func theFirstRowIsXor(kind: ErasureCode.Kind) throws {
        for wordBits in wordSizes {
            let code = try ErasureCode(kind, primaries: 5, backups: 2, wordBits: wordBits)
            #expect((0..<5).allSatisfy { code.coefficient(backup: 0, primary: $0) == 1 })
            #expect((0..<5).contains { code.coefficient(backup: 1, primary: $0) != 1 })
            #expect(code.wordBytes == wordBits / 8)
        }
    }

    @Test func aGeneratorOfAnyRowsIsKept() throws {
        let code = try ErasureCode(generator: [[1, 2], [0, 0xffff_ffff]], wordBits: 32)
        #expect(code.primaries == 2 && code.backups == 2 && code.wordBits == 32)
        #expect(code.coefficient(backup: 1, primary: 1) == 0xffff_ffff)
        #expect(code.coefficient(backup: 0, primary: 1) == 2)
    }

    @Test func impossibleReconstructions() throws {
        let code = try ErasureCode(.vandermonde, primaries: 3, backups: 2, wordBits: 16)
        func error(
            failed: [Int] = [0], survivors: [Int] = [1, 2], backups: [Int] = [0],
            outputs: [Int] = [8], sourceBytes: Int = 8
        ) -> ErasureCodeError? {
            let source = Region([UInt8](repeating: 1, count: sourceBytes))
            let targets = outputs.map { Region([UInt8](repeating: 7, count: $0)) }
            let error = #expect(throws: ErasureCodeError.self) {
                try code.reconstruction(of: failed, survivors: survivors, backups: backups).solve(
                    codes: backups.map { _ in source.readable },
                    survivors: survivors.map { _ in source.readable }, into: targets.map(\.mutable))
            }
            #expect(targets.allSatisfy { $0.bytes.allSatisfy { $0 == 7 } })
            return error
        }
        #expect(error(failed: [3]) == .unknownPrimary(3))
        #expect(error(survivors: [1, -1]) == .unknownPrimary(-1))
        #expect(error(survivors: [0, 1, 2]) == .duplicatePrimary(0))
        #expect(error(failed: [0, 0]) == .duplicatePrimary(0))
        #expect(error(survivors: [2]) == .missingPrimary(1))
        #expect(error(backups: [2]) == .unknownBackup(2))
        #expect(error(backups: [1, 1]) == .duplicateBackup(1))
        #expect(error(backups: []) == .tooFewCodes(codes: 0, failed: 1))
        #expect(error(outputs: []) == .outputs(count: 0, failed: 1))
        #expect(
            error(failed: [0, 1], survivors: [2], backups: [0, 1], outputs: [8, 7])
                == .partialWord(bytes: 7, wordBytes: 2))
        #expect(error(outputs: [7]) == .partialWord(bytes: 7, wordBytes: 2))
        #expect(error(sourceBytes: 5) == .partialWord(bytes: 5, wordBytes: 2))
    }

    @Test func aCodeThatIsNotMDS() throws {
        let code = try ErasureCode(generator: [[1, 2], [1, 2]], wordBits: 8)
        #expect(throws: ErasureCodeError.singular(failed: [0, 1], backups: [0, 1])) {
            try code.recovered(
                [[1], [2]], codes: [[0], [0]], failed: [0, 1], backups: [0, 1], count: 1)
        }
    }
}
