import SeededGenerator
import Structures
import Testing

/// Every kind of structure, in every form, against the model.
struct StructureTests {
    /// Every sequence of a few operations, possible and impossible ones.
    @Test(arguments: everyShape)
    func everyShortSequence(shape: StructureShape) throws {
        var refused = 0
        func extend(_ trial: Trial, _ parity: Parity, _ label: String, by remaining: Int) throws {
            for operation in shape.alphabet(count: trial.model.count) {
                // Copies, so that earlier states share memory with later ones.
                var next = trial
                var following = parity
                let name = "\(label) \(operation.kind)@\(operation.position)\(operation.key)"
                let change = next.apply(operation)
                if let change {
                    try following.apply(change, of: 0)
                } else {
                    refused += 1
                }
                #expect(next.agrees, "\(name)")
                #expect(following.agrees(with: [next.fusible]), "\(name)")
                if change != nil, remaining > 1 {
                    try extend(next, following, name, by: remaining - 1)
                }
            }
            #expect(trial.agrees, "\(label) after its copies changed")
        }
        try extend(Trial(shape), Parity(shape, primaries: 1), "", by: 3)
        #expect(refused > 0)
    }

    /// Two primaries and their parity, which grow to some dozens of elements, shrink and grow again.
    @Test(arguments: everyShape)
    func longRuns(shape: StructureShape) throws {
        var generator = SeededGenerator(seed: shape.seed)
        var trials = [Trial(shape), Trial(shape)]
        var parity = Parity(shape, primaries: 2)
        var refused = 0
        // Few priorities, so that some elements are the same.
        let keys = shape.kind == .priorityQueue ? 3 : 40
        for step in 0..<400 {
            let primary = Int.random(in: 0...1, using: &generator)
            let operation = shape.operation(
                count: trials[primary].model.count, growing: step % 200 < 100, keys: keys,
                &generator)
            if let change = trials[primary].apply(operation) {
                try parity.apply(change, of: primary)
            } else {
                refused += 1
            }
            #expect(trials[primary].agrees, "step \(step) \(operation)")
            if step % 20 == 0 || trials[primary].model.count < 3 {
                #expect(parity.agrees(with: trials.map(\.fusible)), "step \(step)")
                #expect(try trials[primary].survivesTransfer(), "step \(step)")
            }
        }
        #expect(parity.agrees(with: trials.map(\.fusible)))
        #expect(
            parity.code.capacityBytes
                <= 2 * parity.code.byteCount + 64 * parity.code.layout.classCount)
        #expect(refused < 200)
    }

    /// Later changes do not show in a copy, although it shares memory.
    @Test(arguments: everyShape)
    func copiesAreIndependent(shape: StructureShape) throws {
        var generator = SeededGenerator(seed: shape.seed)
        var trial = Trial(shape)
        for _ in 0..<100 {
            let copy = trial
            let before = (copy.fusible.cells.bytes, copy.plain.cells.bytes)
            for _ in 0..<4 {
                _ = trial.apply(
                    shape.operation(
                        count: trial.model.count, growing: copy.model.count < 8, keys: 40,
                        &generator))
            }
            #expect(copy.agrees)
            #expect(before == (copy.fusible.cells.bytes, copy.plain.cells.bytes))
        }
    }
}

extension StructureShape {
    /// Operations that a structure of `count` elements takes, and some that it refuses.
    fileprivate func alphabet(count: Int) -> [Operation] {
        var generator = SeededGenerator(seed: 5)
        let value = value(&generator)
        var operations = [Operation(kind == .list ? .enqueue : .append, value: value)]
        for operation in kind.operations {
            let keys = bringsKey(operation) ? [1, 7].map(key) : [[]]
            let usesPosition = kind == .list && operation != .append
            let last = usesPosition ? UInt32(count) + (operation == .insert ? 1 : 0) : 0
            // Of two sizes, where they vary.
            var contents = bringsValue(operation) ? [value, value.reversed() + value] : [[]]
            if case .fixed = values, bringsValue(operation), operation != .set {
                contents.removeLast()
            }
            for (key, content) in keys.flatMap({ key in contents.map { (key, $0) } }) {
                for position in 0...last {
                    operations.append(
                        Operation(operation, at: position, key: key, value: content))
                }
            }
        }
        operations += impossibleOperations(value: value)
        return operations
    }

    private func impossibleOperations(value: [UInt8]) -> [Operation] {
        let operation = kind.operations[0]
        let key = bringsKey(operation) ? self.key(1) : []
        let long = [UInt8](repeating: 1, count: values.limit + 1)
        return kind == .set
            ? [Operation(operation, key: long), Operation(operation, key: key, value: [1])]
            : [
                Operation(operation, key: key, value: long),
                Operation(
                    operation, key: key + [UInt8](repeating: 1, count: 256), value: value),
            ]
    }
}
