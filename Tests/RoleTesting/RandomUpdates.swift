import SeededGenerator
import Structures

/// Random updates that are possible when they are made, and the structures after them. About three
/// in five add an element, so that structures grow.
package struct RandomUpdates {
    package private(set) var models: [ModelStructure]
    private var random: SeededGenerator

    /// Keys are drawn from so few that they come again.
    private static let keySpace: UInt64 = 24

    package init(
        groups: Int, shape: StructureShape = StructureShape(.list, values: .fixed(8)),
        seed: UInt64
    ) {
        models = Array(repeating: ModelStructure(shape), count: groups)
        random = SeededGenerator(seed: seed)
    }

    /// The next update of a group, already applied to its model.
    package mutating func next(group: Int) throws -> Operation {
        try Self.next(for: &models[group], using: &random)
    }

    /// An update that is possible for a structure, already applied to it.
    package static func next(
        for model: inout ModelStructure, using random: inout SeededGenerator
    ) throws -> Operation {
        while true {
            let operation = draw(model, &random)
            do {
                try model.apply(operation)
                return operation
            } catch {
                guard case .missingKey = error else { throw error }
            }
        }
    }

    private static func draw(
        _ model: ModelStructure, _ random: inout SeededGenerator
    ) -> Operation {
        let count = UInt32(model.count)
        let value = value(of: model.shape, &random)
        let adds = count == 0 || random.next() % 5 < 3
        let position = count == 0 ? 0 : UInt32.random(in: 0..<count, using: &random)
        switch model.shape.kind {
        case .list:
            if !adds {
                return random.next() % 2 == 0
                    ? Operation(.set, at: position, value: value)
                    : Operation(.remove, at: position)
            }
            return random.next() % 3 == 0
                ? Operation(.insert, at: UInt32.random(in: 0...count, using: &random), value: value)
                : Operation(.append, value: value)
        case .queue: return adds ? Operation(.enqueue, value: value) : Operation(.dequeue)
        case .stack: return adds ? Operation(.push, value: value) : Operation(.pop)
        case .deque:
            let isFront = random.next() % 2 == 0
            return adds
                ? Operation(isFront ? .pushFront : .pushBack, value: value)
                : Operation(isFront ? .popFront : .popBack)
        case .map, .stringMap, .sortedMap:
            let key = key(of: model.shape, &random)
            return adds ? Operation(.put, key: key, value: value) : Operation(.remove, key: key)
        case .set:
            // Few different elements, so that they come again and can be removed.
            let size = model.shape.values.limit
            let element = [UInt8](
                repeating: UInt8(random.next() % keySpace), count: size)
            return Operation(adds ? .insert : .remove, key: element)
        case .priorityQueue:
            return adds
                ? Operation(.push, key: key(of: model.shape, &random), value: value)
                : Operation(.pop)
        }
    }

    private static func value(
        of shape: StructureShape, _ random: inout SeededGenerator
    ) -> [UInt8] {
        if shape.kind.keys == .element { return [] }
        switch shape.values {
        case .fixed(let bytes): return random.bytes(bytes)
        case .upTo(let limit): return random.bytes(Int.random(in: 0...limit, using: &random))
        }
    }

    private static func key(
        of shape: StructureShape, _ random: inout SeededGenerator
    ) -> [UInt8] {
        let number = random.next() % keySpace
        return shape.kind.keys == .integer
            ? IntegerKey.bytes(Int64(number) - 12)
            : Array(String(repeating: "k", count: Int(number)).utf8)
    }
}
