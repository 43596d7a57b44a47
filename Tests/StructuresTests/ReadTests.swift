import Structures
import Testing

/// What reads give. That all forms give it in every state, `StructureTests` sees.
struct ReadTests {
    private static let sizes: [ValueSize] = [.fixed(2), .upTo(9)]

    private static func integer(_ number: Int64) -> [UInt8] { IntegerKey.bytes(number) }

    /// All forms after some updates.
    private static func trial(
        _ kind: StructureKind, _ values: ValueSize, _ updates: [Operation]
    ) -> Trial {
        // A word size that leaves padding behind elements of one size.
        var trial = Trial(StructureShape(kind, values: values, wordBytes: 4))
        for update in updates {
            let change = trial.apply(update)
            #expect(change != nil, "\(update)")
        }
        #expect(trial.agrees)
        return trial
    }

    @Test(arguments: sizes)
    func ofAListGivesThePosition(values: ValueSize) throws {
        let list = Self.trial(
            .list, values,
            [
                Operation(.append, value: [1, 1]), Operation(.append, value: [3, 3]),
                Operation(.insert, at: 1, value: [2, 2]),
            ])
        for position in 0..<3 as Range<UInt32> {
            let value = [UInt8](repeating: UInt8(position) + 1, count: 2)
            #expect(try list.plain.read(Operation(.read, at: position)) == value)
        }
        #expect(throws: StructureError.positionOutOfRange(position: 3, limit: 3)) {
            try list.plain.read(Operation(.read, at: 3))
        }
        #expect(throws: StructureError.positionOutOfRange(position: Int(UInt32.max), limit: 3)) {
            try list.fusible.read(Operation(.read, at: .max))
        }
    }

    /// What a read gives is what a removal takes.
    @Test(
        arguments: [
            (StructureKind.queue, OperationKind.enqueue, OperationKind.dequeue, [1, 2, 3]),
            (.stack, .push, .pop, [3, 2, 1]), (.deque, .pushBack, .popFront, [1, 2, 3]),
            (.deque, .pushFront, .popFront, [3, 2, 1]),
        ] as [(StructureKind, OperationKind, OperationKind, [UInt8])], sizes)
    func givesTheElementThatComesNext(
        of structure: (
            kind: StructureKind, adding: OperationKind, removing: OperationKind, order: [UInt8]
        ), values: ValueSize
    ) throws {
        var trial = Self.trial(
            structure.kind, values,
            [1, 2, 3].map { Operation(structure.adding, value: [$0, $0]) })
        for next in structure.order {
            #expect(try trial.plain.read(Operation(.read)) == [next, next])
            #expect(trial.agrees)
            _ = trial.apply(Operation(structure.removing))
        }
        #expect(throws: StructureError.empty) { try trial.plain.read(Operation(.read)) }
        #expect(try trial.plain.read(Operation(.readAll)) == [])
        #expect(trial.agrees)
    }

    @Test(arguments: sizes)
    func ofAPriorityQueueGivesTheLeast(values: ValueSize) throws {
        let queue = Self.trial(
            .priorityQueue, values,
            [
                Operation(.push, key: Self.integer(5), value: [5, 5]),
                Operation(.push, key: Self.integer(-2), value: [9, 9]),
                Operation(.push, key: Self.integer(-2), value: [8, 8]),
            ])
        #expect(try queue.plain.read(Operation(.read)) == Self.integer(-2) + [8, 8])
    }

    @Test(arguments: [StructureKind.map, .sortedMap, .stringMap], sizes)
    func ofAMapGivesTheKeysValue(kind: StructureKind, values: ValueSize) throws {
        let map = Self.trial(
            kind, values,
            [
                Operation(.put, key: Self.integer(1), value: [1, 1]),
                Operation(.put, key: Self.integer(2), value: [2, 2]),
                Operation(.put, key: Self.integer(1), value: [4, 4]),
            ])
        #expect(try map.plain.read(Operation(.read, key: Self.integer(1))) == [4, 4])
        #expect(throws: StructureError.missingKey(Self.integer(3))) {
            try map.plain.read(Operation(.read, key: Self.integer(3)))
        }
        guard kind != .stringMap else { return }
        #expect(throws: StructureError.wrongKeySize(actual: 1, expected: 8)) {
            try map.plain.read(Operation(.read, key: [1]))
        }
    }

    @Test(arguments: sizes)
    func ofASetGivesTheElement(values: ValueSize) throws {
        let set = Self.trial(.set, values, [Operation(.insert, key: [7, 8])])
        #expect(try set.plain.read(Operation(.read, key: [7, 8])) == [7, 8])
        #expect(throws: StructureError.missingKey([8, 7])) {
            try set.plain.read(Operation(.read, key: [8, 7]))
        }
    }

    /// Neither is a read applied, nor does an update read.
    @Test(arguments: everyShape)
    func readsAndUpdatesAreNotMixedUp(shape: StructureShape) throws {
        var trial = Trial(shape)
        for kind in OperationKind.reads {
            let change = trial.apply(Operation(kind))
            #expect(change == nil)
            #expect(throws: StructureError.noSuchOperation(kind, shape.kind)) {
                try trial.plain.apply(Operation(kind))
            }
        }
        for kind in shape.kind.operations {
            let update = Operation(kind)
            let error = StructureError.noSuchOperation(kind, shape.kind)
            #expect(throws: error) { try trial.plain.read(update) }
            #expect(throws: error) { try trial.fusible.read(update) }
            #expect(throws: error) { try trial.model.read(update) }
        }
    }
}
