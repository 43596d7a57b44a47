import Structures
import Testing

@testable import Harness

/// Traces with a target size, and traces with operations that must be refused.
struct TraceTargetTests {
    private static func mixes(of structure: StructureKind) -> [String: [OperationWeight]] {
        func mix(_ weight: (OperationKind) -> Int) -> [OperationWeight] {
            structure.mixable.map { OperationWeight(kind: $0, weight: weight($0)) }
        }
        return [
            "the default": structure.defaultMix,
            "nothing but additions": mix { $0.adds ? 1 : 0 },
            "nothing but removals": mix { $0.removes ? 1 : 0 },
            "many removals": mix { $0.adds ? 1 : $0.isRead ? 0 : 5 },
            "many reads": mix { $0.isRead ? 2 : 1 },
        ]
    }

    @Test(
        arguments: StructureKind.allCases,
        [Distribution.uniform, .sequential, .zipfian(theta: 0.99), .latest(theta: 0.99)])
    func aStructureGrowsToItsTargetAndStaysThere(
        _ structure: StructureKind, _ distribution: Distribution
    ) throws {
        for (name, mix) in Self.mixes(of: structure) {
            let plan = TraceTests.plan(
                structure, mix: mix, targetSize: 300,
                keys: KeyPlan(space: 400, distribution: distribution), positions: distribution)
            var trace = Trace(plan: plan, group: 0)
            var model = ModelStructure(plan.shape)
            for count in 1...300 {
                try model.apply(trace.next())
                try #require(model.count == count, "\(name)")
            }
            var removals = 0
            for _ in 0..<2000 {
                let operation = trace.next()
                if operation.kind.removes { removals += 1 }
                try model.carryOut(operation)
                try #require(297...303 ~= model.count, "\(name)")
            }
            #expect(removals > 50, "\(name)")
        }
    }

    @Test func aTargetNeedsNoAdditionInTheMix() throws {
        let plan = TraceTests.plan(
            mix: [OperationWeight(kind: .set, weight: 1)], targetSize: 50)
        let kinds = TraceTests.operations(200, of: plan).map(\.kind)
        #expect(kinds[..<50].allSatisfy { $0 == .append })
        #expect(kinds[50...].allSatisfy { $0 == .set })
    }

    @Test(arguments: StructureKind.allCases)
    func aStructureThatIsOnlyReadGrowsToItsTargetFirst(_ structure: StructureKind) {
        let plan = TraceTests.plan(
            structure, mix: OperationKind.reads.map { OperationWeight(kind: $0, weight: 1) },
            targetSize: 50)
        let kinds = TraceTests.operations(200, of: plan).map(\.kind)
        #expect(kinds[..<50].allSatisfy { $0 == structure.operations[0] })
        #expect(Set(kinds[50...]) == [.read, .readAll])
    }

    @Test func theSmallestTargetHolds() throws {
        let plan = TraceTests.plan(.map, targetSize: 1, keys: KeyPlan(space: 1))
        var trace = Trace(plan: plan, group: 0)
        var model = ModelStructure(plan.shape)
        for _ in 0..<200 {
            try model.apply(trace.next())
            #expect(0...2 ~= model.count)
        }
    }

    /// A one-byte set can have 256 elements, and all of them are found.
    @Test func allElementsOfASmallSetAreFound() throws {
        let plan = TraceTests.plan(.set, values: 1, targetSize: 256)
        #expect(plan.keyLimit == 256)
        let elements = TraceTests.operations(256, of: plan).map(\.key)
        #expect(Set(elements) == Set((0...255).map { [UInt8($0)] }))
    }

    @Test(arguments: StructureKind.allCases, [ValueSizes.fixed(1), .spread(1...40, .uniform)])
    func whatMustBeRefusedIsAndNothingElse(
        _ structure: StructureKind, _ values: ValueSizes
    ) throws {
        let mix = structure.defaultMix + [OperationWeight(kind: .read, weight: 1)]
        let plan = TraceTests.plan(
            structure, mix: mix, values: values, invalid: 1, keys: KeyPlan(space: 200))
        var trace = Trace(plan: plan, group: 0)
        var model = ModelStructure(plan.shape)
        var refused = 0
        var refusedReads = 0
        var reasons: Set<String> = []
        for _ in 0..<2000 {
            let operation = trace.next()
            let before = model.count
            do {
                try model.carryOut(operation)
                #expect(!trace.mustBeRefused, "\(operation.kind)")
            } catch {
                #expect(trace.mustBeRefused, "\(operation.kind): \(error)")
                #expect(model.count == before)
                refused += 1
                if operation.kind == .read { refusedReads += 1 }
                reasons.insert(String("\(error)".prefix { $0 != "(" }))
            }
            #expect(model.count == trace.elementCount)
        }
        let weights = mix.reduce(1) { $0 + $1.weight }
        let expected = 2000 / weights
        #expect((expected * 8 / 10...expected * 12 / 10) ~= refused)
        let ownFault =
            structure == .list
            ? "positionOutOfRange" : structure.hasDifferentKeys ? "missingKey" : nil
        if let ownFault { #expect(reasons.contains(ownFault)) }
        #expect(reasons.count >= (ownFault == nil ? 1 : 2))
        // The others have none to refuse once they have an element.
        if ownFault != nil { #expect(refusedReads > 0) }
    }

    @Test func theEmptyQueueIsAskedForElements() {
        let plan = TraceTests.plan(
            .queue, mix: [OperationWeight(kind: .enqueue, weight: 1)], invalid: 1_000_000)
        var model = ModelStructure(plan.shape)
        var reasons: Set<String> = []
        for operation in TraceTests.operations(20, of: plan) {
            do { try model.apply(operation) } catch { reasons.insert("\(error)") }
        }
        #expect(reasons.contains("empty"))
    }

    /// The trace without invalid operations is the same but for them being left out, in the shares
    /// of the others.
    @Test func invalidOperationsChangeNothing() {
        let plan = TraceTests.plan(invalid: 3)
        var trace = Trace(plan: plan, group: 0)
        var counts: [OperationKind: Int] = [:]
        for _ in 0..<17_000 {
            let operation = trace.next()
            if !trace.mustBeRefused { counts[operation.kind, default: 0] += 1 }
        }
        for entry in TraceTests.everything {
            let share = Double(counts[entry.kind] ?? 0) / 14_000
            #expect(abs(share - Double(entry.weight) / 14) < 0.02)
        }
    }
}
