import Structures
import Testing

@testable import Harness

/// Which of the updates in flight a dead initiator has left.
struct FateTests {
    private let acknowledged: ModelStructure
    private let updates: [Operation]

    init() throws {
        var list = ModelStructure(StructureShape(.list, values: .fixed(1)))
        try list.apply(Operation(.append, value: [1]))
        try list.apply(Operation(.append, value: [2]))
        acknowledged = list
        updates = [
            Operation(.append, value: [3]), Operation(.set, at: 0, value: [4]),
            Operation(.remove, at: 1),
        ]
    }

    @Test(arguments: [(0, [1, 2]), (1, [1, 2, 3]), (2, [4, 2, 3]), (3, [4, 3])])
    func findsEveryPrefix(survived: Int, elements: [UInt8]) throws {
        let fate = try #require(Fate(of: updates, after: acknowledged, elements: elements))
        #expect(fate.survived == survived)
        #expect(fate.structure.elements() == elements)
    }

    @Test(
        arguments: [
            // An acknowledged update is gone, one came that never was, two of three without the first.
            [1], [1, 2, 9], [4, 2], [],
        ] as [[UInt8]])
    func findsNoneForWhatNeverWas(elements: [UInt8]) {
        #expect(Fate(of: updates, after: acknowledged, elements: elements)?.survived == nil)
    }

    @Test func aRefusedUpdateChangesNothing() throws {
        let updates = [Operation(.remove, at: 9), Operation(.append, value: [3])]
        let fate = try #require(Fate(of: updates, after: acknowledged, elements: [1, 2, 3]))
        #expect(fate.survived == 2)
    }

    @Test func takesTheLongestOfEqualOnes() throws {
        let pair = [Operation(.append, value: [3]), Operation(.remove, at: 2)]
        let fate = try #require(Fate(of: pair, after: acknowledged, elements: [1, 2]))
        #expect(fate.survived == 2)
    }

    @Test func nothingInFlightHasOneFate() {
        #expect(Fate(of: [], after: acknowledged, elements: [1, 2])?.survived == 0)
        #expect(Fate(of: [], after: acknowledged, elements: [1])?.survived == nil)
    }
}
