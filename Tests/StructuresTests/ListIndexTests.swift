import SeededGenerator
import Structures
import Testing

struct ListIndexTests {
    private let shape = StructureShape(.list, values: .fixed(8))
    private let empty = StructureShape(.list, values: .fixed(8)).makeIndex()

    /// An index after these operations.
    private func index(_ operations: StructuralOperation...) throws -> any AuxiliaryIndex {
        var index = empty
        for operation in operations { _ = try index.apply(operation) }
        return index
    }

    @Test func placements() throws {
        var index = empty
        #expect(try index.apply(StructuralOperation(.append)) == .added(slot: 0))
        #expect(try index.apply(StructuralOperation(.insert, at: 0)) == .added(slot: 1))
        #expect(try index.apply(StructuralOperation(.insert, at: 1)) == .added(slot: 2))
        #expect(index.slots == [1, 2, 0])
        #expect(try index.apply(StructuralOperation(.set, at: 2)) == .replaced(slot: 0))
        #expect(
            try index.apply(StructuralOperation(.remove, at: 2)) == .removed(slot: 0, last: 2))
        #expect(index.slots == [1, 0])
    }

    /// Long enough for the vectorized search to find the last slot at every position.
    @Test func removalsFindTheLastSlotAnywhere() throws {
        for count in 1...70 {
            for place in 0..<count {
                var index = empty
                for _ in 1..<max(1, count) { _ = try index.apply(StructuralOperation(.append)) }
                _ = try index.apply(StructuralOperation(.insert, at: UInt32(place)))
                let removed = place == 0 ? count - 1 : 0
                var expected = index.slots
                let slot = expected.remove(at: removed)
                if let last = expected.firstIndex(of: count - 1) { expected[last] = slot }
                let placement = try index.apply(StructuralOperation(.remove, at: UInt32(removed)))
                #expect(placement == .removed(slot: slot, last: count - 1))
                #expect(index.slots == expected, "count \(count) place \(place)")
            }
        }
    }

    @Test func anIndexOfAppendsTakesNoMemory() throws {
        var index = empty
        for _ in 0..<10_000 { _ = try index.apply(StructuralOperation(.append)) }
        #expect(index.ledger == empty.ledger)
        #expect(index.ledger.total <= 80)
        #expect(index.encoded == [0, 0x10, 0x27, 0, 0])

        _ = try index.apply(StructuralOperation(.insert, at: 10_000))
        _ = try index.apply(StructuralOperation(.set, at: 5))
        _ = try index.apply(StructuralOperation(.remove, at: 10_000))
        #expect(index.ledger == empty.ledger)
    }

    @Test func otherwiseFourBytesAnElement() throws {
        var index = empty
        for _ in 0..<10_000 { _ = try index.apply(StructuralOperation(.insert, at: 0)) }
        let fixed = empty.ledger.total + 64
        #expect(index.ledger.auxiliary >= 40_000)
        #expect(index.ledger.auxiliary <= 40_000 + fixed)
        #expect(index.ledger.slack <= 10_000 + fixed)
        #expect(index.encoded.count == 5 + 40_000)

        for _ in 0..<9_000 { _ = try index.apply(StructuralOperation(.remove, at: 0)) }
        #expect(index.ledger.total <= 8_192 + fixed + 128)
        for _ in 0..<999 { _ = try index.apply(StructuralOperation(.remove, at: 0)) }
        #expect(index.count == 1)
        #expect(index.ledger == empty.ledger)
        #expect(index.slots == [0])
    }

    /// Long enough for the order to stand in many chunks, and to begin and end within one.
    @Test(arguments: [0.0, 0.02, 0.5, 0.98, 1.0])
    func ordersOfManyChunks(place: Double) throws {
        var generator = SeededGenerator(seed: 11)
        var index = empty
        var slots: [Int] = []
        for (rounds, removals) in [(9_000, 1), (9_000, 9), (4_000, 4)] {
            for round in 0..<rounds {
                let isRemoval =
                    !slots.isEmpty && Int.random(in: 0..<10, using: &generator) < removals
                let spread = Int.random(in: -20...20, using: &generator)
                let limit = slots.count - (isRemoval ? 1 : 0)
                let position = min(max(0, Int(place * Double(limit)) + spread), limit)
                let operation = StructuralOperation(
                    isRemoval ? .remove : .insert, at: UInt32(position))
                let placement = try index.apply(operation)
                if isRemoval {
                    let slot = slots.remove(at: position)
                    #expect(placement == .removed(slot: slot, last: slots.count))
                    if let last = slots.firstIndex(of: slots.count) { slots[last] = slot }
                } else {
                    #expect(placement == .added(slot: slots.count))
                    slots.insert(slots.count, at: position)
                }
                if round % 500 == 0 { #expect(index.slots == slots, "round \(round)") }
            }
            #expect(index.slots == slots)
            let decoded = try shape.decodeIndex(index.encoded[...])
            #expect(decoded.slots == slots)
            #expect(index.ledger.auxiliary <= 4 * slots.count + 80)
            #expect(index.ledger.slack <= 2 * 8_192)
        }
    }

    @Test func impossibleOperationsChangeNothing() throws {
        var index = try index(
            StructuralOperation(.append), StructuralOperation(.insert, at: 0))
        let before = index.encoded
        for (kind, position, limit) in [
            (StructuralOperation.Kind.insert, 3, 3), (.set, 2, 2), (.remove, 2, 2),
            (.remove, 1 << 31, 2),
        ] {
            #expect(throws: StructureError.positionOutOfRange(position: position, limit: limit)) {
                try index.apply(StructuralOperation(kind, at: UInt32(position)))
            }
            #expect(index.encoded == before)
        }
    }

    @Test func aSlotNumberHas32Bits() throws {
        let full: [UInt8] = [0, 0xff, 0xff, 0xff, 0xff]
        var index = try shape.decodeIndex(full[...])
        #expect(index.count == Int(UInt32.max))
        #expect(throws: StructureError.full) { try index.apply(StructuralOperation(.append)) }
        #expect(throws: StructureError.full) {
            try index.apply(StructuralOperation(.insert, at: 7))
        }
        #expect(index.encoded == full)
        _ = try index.apply(StructuralOperation(.remove, at: .max - 1))
        #expect(try index.apply(StructuralOperation(.append)) == .added(slot: Int(UInt32.max) - 1))
    }

    @Test func binaryForm() throws {
        let index = try index(
            StructuralOperation(.append), StructuralOperation(.insert, at: 0),
            StructuralOperation(.insert, at: 1))
        #expect(index.encoded == [1, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0])
        #expect(empty.encoded == [0, 0, 0, 0, 0])

        // From the middle of other bytes.
        let bytes = [9, 9, 9] + index.encoded + [9]
        let decoded = try shape.decodeIndex(bytes[3..<20])
        #expect(decoded.slots == [1, 2, 0])
        #expect(decoded.encoded == index.encoded)
    }

    @Test func malformedBytesAreRefused() throws {
        let index = try index(
            StructuralOperation(.append), StructuralOperation(.insert, at: 0),
            StructuralOperation(.insert, at: 1))
        var malformed = (0..<index.encoded.count).map { Array(index.encoded.prefix($0)) }
        malformed += [
            index.encoded + [0],
            [0, 3, 0, 0, 0, 0],  // something behind the count
            [2, 0, 0, 0, 0],  // no such form
            [1, 0, 0, 0, 0],  // so short an order is never explicit
            [1, 1, 0, 0, 0, 0, 0, 0, 0],
            [1, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0],  // a slot twice
            [1, 2, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0],  // a slot beyond the count
            [1, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x80],
            [1, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],  // more slots than bytes
        ]
        for bytes in malformed {
            #expect(throws: StructureError.malformedIndex, "\(bytes)") {
                try shape.decodeIndex(bytes[...])
            }
        }
    }

    @Test func copiesAreIndependent() throws {
        var index = try index(
            StructuralOperation(.append), StructuralOperation(.insert, at: 0),
            StructuralOperation(.insert, at: 0))
        let copy = index
        _ = try index.apply(StructuralOperation(.remove, at: 1))
        #expect(copy.slots == [2, 1, 0])
        #expect(index.slots == [1, 0])
    }
}
