import Structures
import Testing

@testable import Harness

struct TraceTests {
    private static let everything = [
        OperationWeight(kind: .append, weight: 5), OperationWeight(kind: .insert, weight: 3),
        OperationWeight(kind: .set, weight: 4), OperationWeight(kind: .remove, weight: 2),
    ]

    private static func trace(
        seed: UInt64 = 2016, group: Int = 0, mix: [OperationWeight] = everything,
        valueBytes: Int = 8
    ) -> Trace {
        Trace(seed: seed, group: group, mix: mix, valueBytes: valueBytes)
    }

    private static func operations(_ count: Int, of trace: Trace) -> [Operation] {
        var trace = trace
        return (0..<count).map { _ in trace.next() }
    }

    /// The published outputs for the seed 1234567.
    @Test func generatorIsSplitMix64() {
        let generator = SplitMix64(seed: 1_234_567)
        #expect(
            (0..<5).map { generator[$0] } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ])
        #expect(generator.bytes(count: 9).count == 9)
        #expect(generator.bytes(count: 9).prefix(8) == generator.bytes(count: 8)[...])
    }

    @Test func aSeedGivesOneTrace() {
        #expect(
            Self.operations(500, of: Self.trace()) == Self.operations(500, of: Self.trace()))
        #expect(
            Self.operations(50, of: Self.trace())
                != Self.operations(50, of: Self.trace(seed: 2017)))
        #expect(
            Self.operations(50, of: Self.trace()) != Self.operations(50, of: Self.trace(group: 1)))
    }

    /// The mechanism, the faults and the rest of a plan have no part in the trace.
    @Test func mechanismsShareATrace() {
        func plan(_ mechanism: String, faults: Int) -> RunPlan {
            RunPlan(
                experiment: "test", mechanism: mechanism, groups: 2, faults: faults,
                workload: Workload(operations: 100, mix: Self.everything), seed: 7)
        }
        let fusion = Trace(plan: plan("fusion", faults: 1), group: 1)
        let replication = Trace(plan: plan("replication", faults: 3), group: 1)
        #expect(Self.operations(200, of: fusion) == Self.operations(200, of: replication))
    }

    @Test(arguments: [0, 1, 7, 100, 499])
    func skippingIsTakingAndForgetting(_ count: Int) {
        var skipped = Self.trace()
        skipped.skip(count)
        let all = Self.operations(500, of: Self.trace())
        #expect(Self.operations(500 - count, of: skipped) == Array(all[count...]))
    }

    /// Results stay comparable only while the generator stays as it is. The numbers come from a
    /// program of its own that follows the descriptions of `SplitMix64` and `Trace`.
    @Test func firstOperationsAreAsEver() {
        let first = Self.operations(8, of: Self.trace())
        #expect(
            first.map(\.kind) == [
                .append, .remove, .append, .append, .set, .remove, .append, .append,
            ])
        #expect(first.map(\.position) == [0, 0, 0, 0, 1, 1, 0, 0])
        let value: [UInt8] = [244, 206, 15, 48, 145, 149, 185, 155]
        #expect(first[0].value == value)
        #expect(Self.trace(valueBytes: 3).firstValue == Array(value.prefix(3)))
    }

    /// Chi-square with 3 degrees of freedom: 16.27 is exceeded once in a thousand seeds.
    @Test func kindsComeByTheirWeights() {
        let count = 20_000
        var counts: [OperationKind: Int] = [:]
        for operation in Self.operations(count, of: Self.trace()) {
            counts[operation.kind, default: 0] += 1
        }
        let chiSquare = Self.everything.reduce(0.0) { sum, entry in
            let expected = Double(count * entry.weight) / 14
            let difference = Double(counts[entry.kind, default: 0]) - expected
            return sum + difference * difference / expected
        }
        #expect(chiSquare < 16.27)
    }

    /// Chi-square with 9 degrees of freedom over tenths of the list.
    @Test func positionsAreSpreadEvenly() {
        var trace = Self.trace(
            mix: [
                OperationWeight(kind: .append, weight: 1), OperationWeight(kind: .set, weight: 1),
            ])
        trace.skip(4000)
        var tenths = Array(repeating: 0, count: 10)
        while tenths.reduce(0, +) < 5000 {
            let count = trace.elementCount
            let operation = trace.next()
            guard operation.kind == .set else { continue }
            tenths[Int(operation.position) * 10 / count] += 1
        }
        let chiSquare = tenths.reduce(0.0) { $0 + Double(($1 - 500) * ($1 - 500)) / 500 }
        #expect(chiSquare < 27.88)
    }

    @Test(arguments: [
        everything,
        [OperationWeight(kind: .append, weight: 1), OperationWeight(kind: .remove, weight: 9)],
        [OperationWeight(kind: .insert, weight: 1), OperationWeight(kind: .remove, weight: 1)],
        [OperationWeight(kind: .insert, weight: 1), OperationWeight(kind: .set, weight: 50)],
    ])
    func everyOperationIsPossible(_ mix: [OperationWeight]) throws {
        var trace = Self.trace(mix: mix)
        var model = ModelStructure(StructureShape(.list, values: .fixed(8)))
        let allowed = Set(mix.map(\.kind))
        for _ in 0..<2000 {
            let operation = trace.next()
            #expect(allowed.contains(operation.kind))
            try model.apply(operation)
            #expect(model.count == trace.elementCount)
        }
    }

    @Test func firstNeedsNoElement() {
        let removing = [
            OperationWeight(kind: .append, weight: 1), OperationWeight(kind: .remove, weight: 1000),
        ]
        #expect(Self.operations(1, of: Self.trace(mix: removing))[0].kind == .append)
        let inserting = [
            OperationWeight(kind: .append, weight: 0), OperationWeight(kind: .insert, weight: 1),
            OperationWeight(kind: .set, weight: 1000),
        ]
        #expect(
            Self.operations(1, of: Self.trace(mix: inserting))[0].kind == .insert)
    }

    @Test func warmUpLeavesNothing() throws {
        let plan = RunPlan(
            experiment: "test", mechanism: "fusion", groups: 1, faults: 1, valueBytes: 5,
            workload: Workload(operations: 10), seed: 3)
        let operations = Trace.warmUp(plan: plan, pairs: 3)
        #expect(operations.count == 6)
        #expect(operations == Trace.warmUp(plan: plan, pairs: 3))
        #expect(Set(operations.map(\.value)).count == 4)
        var model = ModelStructure(StructureShape(.list, values: .fixed(5)))
        for operation in operations { try model.apply(operation) }
        #expect(model.count == 0)
    }
}

extension Trace {
    fileprivate var firstValue: [UInt8] {
        var trace = self
        return trace.next().value
    }
}
