import SeededGenerator
import Structures
import Testing

/// What a structure takes beside its elements.
struct MemoryTests {
    private static let count = 100_000

    /// Adds to a structure, or removes from it.
    private func apply(
        _ kind: OperationKind, to structure: inout FusibleStructure, key: Int,
        _ generator: inout SeededGenerator
    ) throws {
        let shape = structure.shape
        let count = UInt32(structure.count)
        let position = UInt32.random(in: 0..<max(1, count), using: &generator)
        let bytes = IntegerKey.bytes(Int64(key))
        _ = try structure.apply(
            Operation(
                kind, at: shape.kind == .list ? position : 0,
                key: shape.bringsKey(kind) ? bytes : [],
                value: shape.bringsValue(kind) ? generator.bytes(8) : []))
    }

    /// At most 4 bytes for an element that has a position, 8 for one that has a key; spare memory
    /// is less than a third of it all, and goes with the elements.
    @Test(arguments: [
        (StructureKind.list, OperationKind.insert, OperationKind.remove, 4),
        (.queue, .enqueue, .dequeue, 4), (.deque, .pushFront, .popBack, 4),
        (.stack, .push, .pop, 0),
        (.map, .put, .remove, 8), (.stringMap, .put, .remove, 8), (.set, .insert, .remove, 8),
        (.sortedMap, .put, .remove, 4), (.priorityQueue, .push, .pop, 4),
    ])
    func indexes(
        kind: StructureKind, adding: OperationKind, removing: OperationKind, elementBytes: Int
    ) throws {
        var generator = SeededGenerator(seed: 9)
        var structure = FusibleStructure(StructureShape(kind, values: .fixed(8)))
        let fixed = structure.ledger.total + 1_000
        func check() {
            let ledger = structure.ledger
            #expect(ledger.auxiliary <= elementBytes * structure.count + fixed)
            #expect(ledger.protocolState <= structure.count / 30 + fixed)
            // Cells that were just given back keep a quarter spare; those that go on shrinking, as
            // much as they hold. Chunks of an order have 16 KiB to spare, a hash table none.
            #expect(ledger.slack <= structure.cells.byteCount + 17_000 + fixed)
        }
        // Keys from all over, so that a sorted structure moves its order.
        func key(_ number: Int) -> Int { number &* 0x9e37_79b1 & 0x7fff_ffff }
        for number in 0..<Self.count {
            try apply(adding, to: &structure, key: key(number), &generator)
            if number % 9_973 == 0 { check() }
        }
        for number in 0..<500 {
            try apply(removing, to: &structure, key: key(number), &generator)
            try apply(adding, to: &structure, key: key(number), &generator)
        }
        check()
        #expect(structure.count == Self.count)
        let isEmptiedFast = kind != .list && kind != .priorityQueue
        guard isEmptiedFast else { return }
        for number in 0..<Self.count {
            try apply(removing, to: &structure, key: key(number), &generator)
            if number % 9_973 == 0 { check() }
        }
        #expect(structure.ledger.total <= fixed)
    }

    @Test(arguments: [
        (StructureKind.list, OperationKind.append, OperationKind.remove),
        (.queue, .enqueue, .dequeue), (.stack, .push, .pop), (.deque, .pushFront, .popBack),
    ])
    func plainForms(kind: StructureKind, adding: OperationKind, removing: OperationKind) throws {
        let value = [UInt8](repeating: 1, count: 100)
        var structure = StructureShape(kind, values: .fixed(value.count)).makePlain()
        let fixed = structure.ledger
        for _ in 0..<2_000 {
            try structure.apply(Operation(adding, value: value))
            #expect(structure.ledger.slack <= max(structure.ledger.payload / 4, 100) + 64)
        }
        for _ in 0..<3_000 {
            try structure.apply(Operation(removing))
            try structure.apply(Operation(adding, value: value))
        }
        #expect(structure.ledger.payload == 200_000)
        #expect(structure.ledger.slack <= 50_064)
        while structure.count > 0 {
            try structure.apply(Operation(removing))
            #expect(structure.ledger.slack <= max(structure.ledger.payload, 100) + 64)
        }
        #expect(structure.ledger == fixed)
    }
}
