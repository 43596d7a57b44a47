import SeededGenerator
import Structures
import Testing

struct ListTests {
    /// Every sequence of up to five operations.
    @Test func everyShortSequence() throws {
        var steps = 0
        func extend(_ trial: Trial, _ label: String, by remaining: Int) throws {
            for operation in possibleOperations(
                count: trial.model.count, value: [UInt8(truncatingIfNeeded: steps), 0xab])
            {
                // A copy, so that earlier states share memory with later ones.
                var next = trial
                try next.apply(operation)
                steps += 1
                let name = "\(label) \(operation.structural.kind)@\(operation.structural.position)"
                #expect(next.agrees, "\(name)")
                if remaining > 1 { try extend(next, name, by: remaining - 1) }
            }
            #expect(trial.agrees, "\(label) after its copies changed")
        }
        try extend(Trial(cellBytes: 2), "", by: 5)
        #expect(steps == 5_462)
    }

    /// Runs that grow to some hundreds of elements, shrink to none, and grow again.
    @Test(arguments: [1, 8, 40], [UInt64(1), 2, 3])
    func longRuns(cellBytes: Int, seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var trial = Trial(cellBytes: cellBytes)
        let growing: [OperationKind] = [.append, .insert, .insert, .set, .remove]
        let shrinking: [OperationKind] = [.insert, .set, .remove, .remove, .remove]
        for step in 0..<3_000 {
            let operation = generator.operation(
                count: trial.model.count, cellBytes: cellBytes,
                kinds: step / 500 % 2 == 0 ? growing : shrinking)
            try trial.apply(operation)
            if step % 20 == 0 || trial.model.count < 3 {
                #expect(trial.agrees, "seed \(seed) step \(step)")
            }
            if !trial.model.isEmpty {
                let position = Int.random(in: 0..<trial.model.count, using: &generator)
                #expect(try trial.fusible.read(at: position) == trial.model[position])
                #expect(try trial.plain.read(at: position) == trial.model[position])
            }
        }
        #expect(trial.agrees)
    }

    @Test func impossibleOperationsChangeNothing() throws {
        var trial = Trial(cellBytes: 2)
        for value in 0..<4 { try trial.apply(Operation(.insert, value: [UInt8(value), 1])) }
        func expect(_ error: StructureError, _ operation: Operation) {
            #expect(throws: error) { try trial.fusible.apply(operation) }
            #expect(throws: error) { try trial.plain.apply(operation) }
            #expect(trial.agrees)
        }
        for position in [4, 5, UInt32.max] {
            let beyond = StructureError.positionOutOfRange(position: Int(position), limit: 4)
            expect(beyond, Operation(.set, at: position, value: [1, 2]))
            expect(beyond, Operation(.remove, at: position))
            #expect(throws: beyond) { try trial.fusible.read(at: Int(position)) }
            #expect(throws: beyond) { try trial.plain.read(at: Int(position)) }
        }
        #expect(throws: StructureError.positionOutOfRange(position: -1, limit: 4)) {
            try trial.fusible.read(at: -1)
        }
        expect(
            .positionOutOfRange(position: 5, limit: 5), Operation(.insert, at: 5, value: [1, 2]))
        for kind in [OperationKind.append, .insert, .set] {
            expect(.wrongValueSize(actual: 1, expected: 2), Operation(kind, value: [1]))
            expect(.wrongValueSize(actual: 0, expected: 2), Operation(kind))
            expect(.wrongValueSize(actual: 3, expected: 2), Operation(kind, value: [1, 2, 3]))
        }
        expect(.wrongValueSize(actual: 2, expected: 0), Operation(.remove, value: [1, 2]))
    }

    @Test func deltas() throws {
        var list = FusibleStructure(kind: .list, cellBytes: 1)
        func expect(_ operation: Operation, _ placement: Placement, _ deltas: [UInt8]) throws {
            let change = try list.apply(operation)
            #expect(change.structural == operation.structural)
            #expect(change.placement == placement)
            #expect(change.deltas == deltas)
        }
        try expect(Operation(.append, value: [1]), .added(slot: 0), [1])
        try expect(Operation(.insert, at: 1, value: [2]), .added(slot: 1), [2])
        try expect(Operation(.append, value: [4]), .added(slot: 2), [4])
        try expect(Operation(.set, at: 1, value: [9]), .replaced(slot: 1), [2 ^ 9])
        try expect(Operation(.remove, at: 0), .removed(slot: 0, last: 2), [1 ^ 4, 4])
        try expect(Operation(.remove, at: 0), .removed(slot: 1, last: 1), [9])
        #expect(list.elements() == [4])
    }

    @Test func recoveredStructuresGoOn() throws {
        var generator = SeededGenerator(seed: 7)
        var trial = Trial(cellBytes: 8)
        for _ in 0..<200 {
            let operation = generator.operation(
                count: trial.model.count, cellBytes: 8, kinds: OperationKind.allCases)
            try trial.apply(operation)
        }
        let index = try StructureKind.list.decodeIndex(trial.fusible.index.encoded[...])
        let bytes = trial.mirror.cells
        let memory = CellMemory(capacity: bytes.count)
        memory.base.copyMemory(from: bytes, byteCount: bytes.count)
        let cells = CellStore(cellBytes: 8, adopting: memory, count: bytes.count / 8)
        trial.fusible = FusibleStructure(index: index, cells: cells)
        #expect(trial.agrees)
        for _ in 0..<200 {
            let operation = generator.operation(
                count: trial.model.count, cellBytes: 8, kinds: OperationKind.allCases)
            try trial.apply(operation)
        }
        #expect(trial.agrees)
    }
}
