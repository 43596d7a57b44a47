import Structures
import Testing

/// Petrou, Thompson, Bloomfield and Mistry (Warwick, 2022), Tables 1, 3 and 4: three lists.
struct PublishedTests {
    private let insertions: [[(value: UInt16, index: UInt32)]] = [
        [(123, 0), (456, 1), (125, 1), (256, 3)],
        [(456, 0), (420, 0), (420, 0)],
        [(789, 0), (126, 0), (127, 0)],
    ]

    private func listsAfterTable1() throws -> [Trial] {
        try insertions.map { list in
            var trial = Trial(cellBytes: 2)
            for (value, index) in list {
                try trial.apply(Operation(.insert, at: index, value: bytes(value)))
                #expect(trial.agrees)
            }
            return trial
        }
    }

    /// The report prints [126, 127, 789] for the third list. Its own operations put 127 in front.
    @Test func table1() throws {
        let lists = try listsAfterTable1()
        #expect(numbers(lists) == [[123, 125, 456, 256], [420, 420, 456], [127, 126, 789]])
    }

    /// The report prints 125 for index 2 of the first list, where its operations leave 456.
    @Test func table3() throws {
        let lists = try listsAfterTable1()
        for (list, index, value) in [(0, 0, 123), (0, 2, 456), (2, 2, 789), (1, 1, 420)] {
            #expect(try lists[list].fusible.read(at: index) == bytes(UInt16(value)))
        }
        #expect(throws: StructureError.positionOutOfRange(position: 4, limit: 3)) {
            try lists[1].fusible.read(at: 4)
        }
    }

    /// The report prints [126] for the third list, as a consequence of its Table 1.
    @Test func table4() throws {
        var lists = try listsAfterTable1()
        for (list, index) in [(0, 0), (1, 2), (2, 1), (2, 1)] {
            try lists[list].apply(Operation(.remove, at: UInt32(index)))
            #expect(lists[list].agrees)
        }
        #expect(throws: StructureError.positionOutOfRange(position: 3, limit: 3)) {
            try lists[0].fusible.apply(Operation(.remove, at: 3))
        }
        #expect(numbers(lists) == [[125, 456, 256], [420, 420], [127]])
    }

    private func bytes(_ value: UInt16) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)]
    }

    private func numbers(_ lists: [Trial]) -> [[UInt16]] {
        lists.map { trial in
            let elements = trial.fusible.elements()
            return stride(from: 0, to: elements.count, by: 2).map {
                UInt16(elements[$0]) | UInt16(elements[$0 + 1]) << 8
            }
        }
    }
}
