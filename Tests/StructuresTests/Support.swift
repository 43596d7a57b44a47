import SeededGenerator
import Structures
import Testing

extension AuxiliaryIndex {
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }

    var slots: [Int] { (0..<count).map { slot(at: $0) } }
}

extension Cells {
    /// All cells, in the order in which they are sent.
    var bytes: [UInt8] {
        let (memory, byteCount) = contiguous
        return [UInt8](UnsafeRawBufferPointer(start: memory.base, count: byteCount))
    }
}

/// One structure in all its forms, held beside the model.
struct Trial: CustomTestStringConvertible {
    let shape: StructureShape
    var model: ModelStructure
    var fusible: FusibleStructure
    var plain: any PlainStructure

    init(_ shape: StructureShape) {
        self.shape = shape
        model = ModelStructure(shape)
        fusible = FusibleStructure(shape)
        plain = shape.makePlain()
    }

    var testDescription: String { "\(shape.testDescription): \(model.count) elements" }

    /// Performs an operation, or finds that all forms refuse it for the same reason.
    ///
    /// - Returns: nil where it is refused.
    mutating func apply(_ operation: Operation) -> Change? {
        func outcome<Result>(
            _ body: () throws(StructureError) -> Result
        ) -> Swift.Result<Result, StructureError> {
            Swift.Result(catching: body)
        }
        let before = (fusible.index.encoded, fusible.cells.bytes)
        let changed = outcome { () throws(StructureError) in try fusible.apply(operation) }
        let modelled = outcome { () throws(StructureError) in try model.apply(operation) }
        let plainly = outcome { () throws(StructureError) in try plain.apply(operation) }
        switch changed {
        case .success(let change):
            #expect(throws: Never.self) { try modelled.get() }
            #expect(throws: Never.self) { try plainly.get() }
            return change
        case .failure(let error):
            #expect(throws: error) { try modelled.get() }
            #expect(throws: error) { try plainly.get() }
            #expect(before == (fusible.index.encoded, fusible.cells.bytes))
            return nil
        }
    }

    /// Whether all forms say the same.
    var agrees: Bool {
        let elements = model.elements()
        return fusible.elements() == elements && plain.elements() == elements
            && fusible.count == model.count && plain.count == model.count
            && fusible.ledger.payload == elements.count && plain.ledger.payload == elements.count
            && readsAgree
    }

    /// Whether all forms answer possible and impossible reads alike.
    private var readsAgree: Bool {
        let numbers = 0...(shape.kind == .list ? UInt32(model.count) : 0)
        var reads = numbers.map { Operation(.read, at: $0) } + [Operation(.readAll)]
        if shape.kind.keys != .none {
            reads += [1, 2, 7].map { Operation(.read, key: shape.key($0)) }
        }
        return reads.allSatisfy { read in
            let expected = Result { () throws(StructureError) in try model.read(read) }
            return expected == Result { () throws(StructureError) in try fusible.read(read) }
                && expected == Result { () throws(StructureError) in try plain.read(read) }
        }
    }

    /// Whether what is sent of it makes the same structure elsewhere.
    func survivesTransfer() throws -> Bool {
        let index = try shape.decodeIndex(fusible.index.encoded[...])
        let cells = try fusible.cells.bytes.withUnsafeBytes { bytes throws(StructureError) in
            try Cells(copying: bytes, counts: index.slotCounts)
        }
        let recovered = try FusibleStructure(shape, index: index, cells: cells)
        var plainIndex: [UInt8] = []
        plain.encodeIndex(into: &plainIndex)
        let copied = try plain.cells.bytes.withUnsafeBytes { bytes throws(StructureError) in
            try shape.decodePlain(index: plainIndex[...], cells: bytes)
        }
        let elements = model.elements()
        return recovered.elements() == elements && copied.elements() == elements
            && recovered.ledger.payload == elements.count
            && recovered.index.encoded == fusible.index.encoded
    }
}

/// What a fused backup of several primaries keeps where every coefficient is 1.
struct Parity: CustomTestStringConvertible {
    var indexes: [any AuxiliaryIndex]
    var code: Cells

    init(_ shape: StructureShape, primaries: Int) {
        indexes = (0..<primaries).map { _ in shape.makeIndex() }
        code = Cells(layout: shape.layout)
    }

    var testDescription: String { "parity of \(indexes.map(\.count)) elements" }

    /// Follows a primary by nothing but its messages.
    mutating func apply(_ change: Change, of primary: Int) throws {
        let layout = code.layout
        let placement = try indexes[primary].apply(change.structural)
        #expect(placement == change.placement)
        #expect(placement.deltaBytes(layout) == change.deltas.count)
        var offset = 0
        placement.withTouchedSlots { slot in
            let cellClass = layout.cellClass(of: slot)
            let place = layout.place(of: slot)
            code.resize(cellClass, to: max(code.counts[cellClass], place + 1))
            code.withMutableBytes(ofClass: cellClass) { bytes in
                for byte in 0..<layout.cellBytes[cellClass] {
                    bytes[place * layout.cellBytes[cellClass] + byte] ^=
                        change.deltas[offset + byte]
                }
            }
            offset += layout.cellBytes[cellClass]
        }
        for cellClass in 0..<layout.classCount {
            code.resize(cellClass, to: indexes.map { $0.slotCounts.counts[cellClass] }.max()!)
        }
    }

    /// Whether indexes and code are what a fresh encoding of the primaries gives.
    func agrees(with primaries: [FusibleStructure]) -> Bool {
        guard zip(indexes, primaries).allSatisfy({ $0.encoded == $1.index.encoded }) else {
            return false
        }
        return (0..<code.layout.classCount).allSatisfy { cellClass in
            let stores = primaries.map { $0.cells[class: cellClass].withBytes { [UInt8]($0) } }
            var sum = [UInt8](repeating: 0, count: stores.map(\.count).max()!)
            for store in stores {
                for (offset, byte) in store.enumerated() { sum[offset] ^= byte }
            }
            return code[class: cellClass].withBytes { $0.elementsEqual(sum) }
        }
    }
}

// MARK: - Shapes and operations

/// Every kind, with sizes and word sizes that leave padding and that leave none.
let everyShape: [StructureShape] = {
    let sizes: [(ValueSize, wordBytes: Int)] = [
        (.fixed(1), 1), (.fixed(1), 4), (.fixed(3), 2), (.fixed(8), 1), (.fixed(64), 4),
        (.upTo(3), 1), (.upTo(40), 2), (.upTo(3_000), 4),
    ]
    return StructureKind.allCases.flatMap { kind in
        sizes.map { StructureShape(kind, values: $0, wordBytes: $1) }
    }
}()

extension StructureShape: CustomTestStringConvertible {
    package var testDescription: String { "\(kind) \(values) in \(layout.cellBytes)" }

    var seed: UInt64 { UInt64(StructureKind.allCases.firstIndex(of: kind)! * 1_000 + values.limit) }

    /// Whether an operation of that kind brings a value.
    func bringsValue(_ operation: OperationKind) -> Bool {
        switch operation {
        case .append, .set, .put, .enqueue, .push, .pushFront, .pushBack: true
        case .insert: kind != .set
        case .remove, .dequeue, .pop, .popFront, .popBack, .read, .readAll: false
        }
    }

    func bringsKey(_ operation: OperationKind) -> Bool { kind.keys != .none && operation != .pop }

    /// Bytes of some size that the structure's values may have, in half of the cases always the same.
    func value(_ generator: inout SeededGenerator) -> [UInt8] {
        let isRepeated = Bool.random(using: &generator)
        let size =
            switch values {
            case .fixed(let bytes): bytes
            case .upTo(let limit):
                Int.random(
                    in: 0...(Bool.random(using: &generator) ? limit : min(limit, 20)),
                    using: &generator)
            }
        return isRepeated ? [UInt8](repeating: 7, count: size) : generator.bytes(size)
    }

    /// A key, one of so many for each seed.
    func key(_ number: Int) -> [UInt8] {
        var generator = SeededGenerator(seed: seed &+ UInt64(number))
        switch kind.keys {
        case .none: return []
        case .integer: return IntegerKey.bytes(Int64(number - 3) * 1_000_003)
        case .string: return generator.bytes(number % 50)
        case .element: return value(&generator)
        }
    }

    /// An operation that is possible in most cases.
    func operation(
        count: Int, growing: Bool, keys: Int, _ generator: inout SeededGenerator
    ) -> Operation {
        let removals: Set<OperationKind> = [.remove, .dequeue, .pop, .popFront, .popBack]
        let wantsRemoval = Int.random(in: 0..<3, using: &generator) < (growing ? 1 : 2)
        let possible = kind.operations.filter { removals.contains($0) == wantsRemoval }
        let operation = possible.randomElement(using: &generator)!
        return Operation(
            operation, at: UInt32.random(in: 0...UInt32(count), using: &generator),
            key: bringsKey(operation) ? key(Int.random(in: 0..<keys, using: &generator)) : [],
            value: bringsValue(operation) ? value(&generator) : [])
    }
}
