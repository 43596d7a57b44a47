import Structures
import Testing

/// Petrou, Thompson, Bloomfield and Mistry (Warwick, 2022), Tables 1 to 4: three lists and three
/// maps.
struct PublishedTests {
    private let insertions: [[(value: UInt16, index: UInt32)]] = [
        [(123, 0), (456, 1), (125, 1), (256, 3)],
        [(456, 0), (420, 0), (420, 0)],
        [(789, 0), (126, 0), (127, 0)],
    ]
    private let puts: [[(key: Int64, value: UInt16)]] = [
        [(100, 1234), (200, 9600), (100, 7121), (579, 420)],
        [(1, 6), (2, 42), (57, 96), (59, 12)],
        [(5, 1), (6, 2), (7, 4), (8, 3)],
    ]

    private func listsAfterTable1() -> [Trial] {
        insertions.map { list in
            var trial = Trial(StructureShape(.list, values: .fixed(2)))
            for (value, index) in list {
                #expect(trial.apply(Operation(.insert, at: index, value: bytes(value))) != nil)
            }
            #expect(trial.agrees)
            return trial
        }
    }

    private func mapsAfterTable2() -> [Trial] {
        puts.map { map in
            var trial = Trial(StructureShape(.map, values: .fixed(2)))
            for (key, value) in map {
                let put = Operation(.put, key: IntegerKey.bytes(key), value: bytes(value))
                #expect(trial.apply(put) != nil)
            }
            #expect(trial.agrees)
            return trial
        }
    }

    /// The report prints [126, 127, 789] for the third list. Its own operations put 127 in front.
    @Test func table1() {
        #expect(
            numbers(listsAfterTable1()) == [
                [123, 125, 456, 256], [420, 420, 456], [127, 126, 789],
            ])
    }

    @Test func table2() throws {
        var maps = mapsAfterTable2()
        #expect(
            entries(maps) == [
                [100: 7121, 200: 9600, 579: 420], [1: 6, 2: 42, 57: 96, 59: 12],
                [5: 1, 6: 2, 7: 4, 8: 3],
            ])
        for (map, key) in [(0, 100), (0, 579), (2, 7)] {
            #expect(maps[map].apply(Operation(.remove, key: IntegerKey.bytes(Int64(key)))) != nil)
            #expect(maps[map].agrees)
        }
        let missing = IntegerKey.bytes(100)
        #expect(throws: StructureError.missingKey(missing)) {
            try maps[0].fusible.apply(Operation(.remove, key: missing))
        }
        #expect(
            entries(maps) == [[200: 9600], [1: 6, 2: 42, 57: 96, 59: 12], [5: 1, 6: 2, 8: 3]])
    }

    /// The report prints 125 for index 2 of the first list, where its operations leave 456.
    @Test func table3() throws {
        let lists = listsAfterTable1()
        for (list, index, value) in [(0, 0, 123), (0, 2, 456), (2, 2, 789), (1, 1, 420)] {
            #expect(try lists[list].fusible.value(at: index) == bytes(UInt16(value)))
        }
        #expect(throws: StructureError.positionOutOfRange(position: 4, limit: 3)) {
            try lists[1].fusible.value(at: 4)
        }
        let maps = mapsAfterTable2()
        for (map, key, value) in [(0, 100, 7121), (1, 57, 96), (2, 8, 3)] {
            let read = try maps[map].fusible.value(of: IntegerKey.bytes(Int64(key)))
            #expect(read == bytes(UInt16(value)))
        }
        #expect(try maps[0].fusible.value(of: IntegerKey.bytes(7)) == nil)
    }

    /// The report prints [126] for the third list, as a consequence of its Table 1.
    @Test func table4() {
        var lists = listsAfterTable1()
        for (list, index) in [(0, 0), (1, 2), (2, 1), (2, 1)] {
            #expect(lists[list].apply(Operation(.remove, at: UInt32(index))) != nil)
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

    private func number(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        UInt16(bytes.first!) | UInt16(bytes.last!) << 8
    }

    private func numbers(_ lists: [Trial]) -> [[UInt16]] {
        lists.map { trial in
            let elements = trial.fusible.elements()
            return stride(from: 0, to: elements.count, by: 2).map { number(elements[$0..<$0 + 2]) }
        }
    }

    private func entries(_ maps: [Trial]) -> [[Int64: UInt16]] {
        maps.map { trial in
            let elements = trial.fusible.elements()
            return Dictionary(
                uniqueKeysWithValues: stride(from: 0, to: elements.count, by: 10).map {
                    (IntegerKey.number(elements[$0..<$0 + 8]), number(elements[$0 + 8..<$0 + 10]))
                })
        }
    }
}
