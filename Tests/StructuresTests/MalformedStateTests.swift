import SeededGenerator
import Structures
import Testing

/// State that comes from another node: whatever it is, it is taken or refused, and what is taken can
/// be used.
struct MalformedStateTests {
    private func structureOf12(
        _ shape: StructureShape, _ generator: inout SeededGenerator
    ) -> FusibleStructure {
        var structure = FusibleStructure(shape)
        while structure.count < 12 {
            let operation = shape.operation(
                count: structure.count, growing: true, keys: 60, &generator)
            _ = try? structure.apply(operation)
        }
        return structure
    }

    private func decode(
        _ shape: StructureShape, _ index: [UInt8], _ cells: [UInt8]
    ) throws -> FusibleStructure {
        // From the middle of other bytes.
        let decoded = try shape.decodeIndex(([9, 9, 9] + index + [9])[3..<3 + index.count])
        #expect(decoded.encoded == index)
        let copied = try cells.withUnsafeBytes { bytes throws(StructureError) in
            try Cells(copying: bytes, counts: decoded.slotCounts)
        }
        return try FusibleStructure(shape, index: decoded, cells: copied)
    }

    private func decodePlain(
        _ shape: StructureShape, _ index: ArraySlice<UInt8>, _ cells: [UInt8]
    ) throws {
        _ = try cells.withUnsafeBytes { try shape.decodePlain(index: index, cells: $0) }
    }

    @Test(arguments: everyShape)
    func cutOrExtendedStateIsRefused(shape: StructureShape) throws {
        var generator = SeededGenerator(seed: shape.seed)
        let structure = structureOf12(shape, &generator)
        let index = structure.index.encoded
        let cells = structure.cells.bytes
        #expect(try decode(shape, index, cells).elements() == structure.elements())
        for length in 0..<index.count {
            #expect(throws: StructureError.malformedIndex) {
                try decode(shape, Array(index.prefix(length)), cells)
            }
        }
        #expect(throws: StructureError.malformedIndex) { try decode(shape, index + [0], cells) }
        var plainIndex: [UInt8] = []
        var plain = shape.makePlain()
        while plain.count < structure.count {
            let operation = shape.operation(count: 0, growing: true, keys: 60, &generator)
            _ = try? plain.apply(operation)
        }
        plain.encodeIndex(into: &plainIndex)
        let plainCells = plain.cells.bytes
        for length in 0..<plainIndex.count {
            #expect(throws: StructureError.malformedIndex) {
                try decodePlain(shape, plainIndex.prefix(length), plainCells)
            }
        }
        for wrong in [[], Array(cells.dropLast()), cells + [0], cells + cells] {
            #expect(throws: StructureError.malformedCells) { try decode(shape, index, wrong) }
        }
        for wrong in [[], Array(plainCells.dropLast()), plainCells + [0]] {
            #expect(throws: StructureError.malformedCells) {
                try decodePlain(shape, plainIndex[...], wrong)
            }
        }
    }

    @Test(arguments: everyShape)
    func changedBytesDoNoHarm(shape: StructureShape) throws {
        var generator = SeededGenerator(seed: shape.seed &+ 1)
        let structure = structureOf12(shape, &generator)
        var refused = 0
        for round in 0..<40 {
            var index = structure.index.encoded
            var cells = structure.cells.bytes
            if round % 2 == 0 {
                index[Int.random(in: index.indices, using: &generator)] = generator.bytes(1)[0]
            } else {
                // The beginning of a cell, where there is a header.
                let layout = structure.cells.layout
                let cellClass = structure.cells.counts.indices.first {
                    structure.cells.counts[$0] > 0
                }!
                let place = Int.random(in: 0..<structure.cells.counts[cellClass], using: &generator)
                let byte = Int.random(
                    in: 0..<min(5, layout.cellBytes[cellClass]), using: &generator)
                cells[place * layout.cellBytes[cellClass] + byte] = generator.bytes(1)[0]
            }
            guard var decoded = try? decode(shape, index, cells) else {
                refused += 1
                continue
            }
            for _ in 0..<10 {
                let operation = shape.operation(
                    count: decoded.count, growing: false, keys: 60, &generator)
                _ = try? decoded.apply(operation)
                #expect(decoded.elements().count == decoded.ledger.payload)
            }
        }
        let canContradict = shape.kind.keys != .none || shape.hasHeaders
        #expect(refused > 0 || !canContradict, "\(refused)")
    }

    @Test(arguments: everyShape.filter { $0.kind.keys != .none })
    func aKeyTwiceIsRefused(shape: StructureShape) throws {
        let operation = shape.kind.operations[0]
        var generator = SeededGenerator(seed: 3)
        let element = Operation(
            operation, key: shape.key(1),
            value: shape.bringsValue(operation) ? shape.value(&generator) : [])
        var structure = FusibleStructure(shape)
        _ = try structure.apply(element)
        let cells = structure.cells.bytes
        var index = shape.makeIndex()
        let cellClass = UInt8(structure.cells.counts.firstIndex(of: 1)!)
        for _ in 0..<2 {
            _ = try index.apply(StructuralOperation(.append, cellClass: cellClass))
        }
        if shape.kind == .priorityQueue {
            let twice = try decode(shape, index.encoded, cells + cells)
            #expect(twice.elements() == structure.elements() + structure.elements())
        } else {
            #expect(throws: StructureError.malformedCells) {
                try decode(shape, index.encoded, cells + cells)
            }
        }
    }

    /// Headers that no element of the structure has.
    @Test func impossibleHeadersAreRefused() throws {
        func decodeOne(
            _ kind: StructureKind, _ limit: Int, key: UInt8, value: UInt8, cellBytes: Int
        ) throws {
            let shape = StructureShape(kind, values: .upTo(limit))
            let cell = [value, 0, 0, key] + [UInt8](repeating: 0, count: cellBytes - 4)
            var index = shape.makeIndex()
            let cellClass = UInt8(shape.layout.cellClass(for: cellBytes))
            _ = try index.apply(StructuralOperation(.append, cellClass: cellClass))
            _ = try decode(shape, index.encoded, cell)
        }
        try decodeOne(.list, 20, key: 0, value: 20, cellBytes: 24)
        try decodeOne(.map, 20, key: 8, value: 4, cellBytes: 16)
        try decodeOne(.stringMap, 20, key: 12, value: 0, cellBytes: 16)
        for (kind, key, value) in [
            (StructureKind.list, 0, 13), (.list, 1, 3), (.set, 2, 3), (.set, 0, 13), (.map, 7, 3),
            (.map, 8, 5), (.stringMap, 13, 0), (.stringMap, 255, 255), (.priorityQueue, 0, 3),
        ] as [(StructureKind, UInt8, UInt8)] {
            #expect(throws: StructureError.malformedCells, "\(kind) \(key) \(value)") {
                try decodeOne(kind, 20, key: key, value: value, cellBytes: 16)
            }
        }
        #expect(throws: StructureError.malformedCells) {
            try decodeOne(.list, 18, key: 0, value: 19, cellBytes: 24)
        }
    }
}
