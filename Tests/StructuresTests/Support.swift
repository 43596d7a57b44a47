import SeededGenerator
import Structures
import Testing

extension SeededGenerator {
    /// An operation that is possible on `count` elements.
    mutating func operation(count: Int, cellBytes: Int, kinds: [OperationKind]) -> Operation {
        let possible = count == 0 ? kinds.filter { $0 == .append || $0 == .insert } : kinds
        let kind = possible.randomElement(using: &self)!
        let position = Int.random(in: 0..<max(1, kind == .insert ? count + 1 : count), using: &self)
        return Operation(
            kind, at: UInt32(position), value: kind.hasValue ? bytes(cellBytes) : [])
    }
}

/// A list in all its forms, held beside a plain array.
struct Trial {
    var model: [[UInt8]] = []
    var fusible: FusibleStructure
    var plain: any PlainStructure
    /// What a fused backup with one primary and coefficient 1 keeps.
    var mirror: Mirror

    struct Mirror {
        var index: any AuxiliaryIndex
        var cells: [UInt8] = []
        let cellBytes: Int

        /// Follows a primary by nothing but its messages.
        mutating func apply(
            _ structural: StructuralOperation, _ deltas: [UInt8]
        ) throws -> Placement {
            let placement = try index.apply(structural)
            var slots: [Int]
            switch placement {
            case .added(let slot):
                #expect(slot == cells.count / cellBytes)
                cells += [UInt8](repeating: 0, count: cellBytes)
                slots = [slot]
            case .replaced(let slot): slots = [slot]
            case .removed(let slot, let last): slots = slot == last ? [last] : [slot, last]
            }
            #expect(deltas.count == slots.count * cellBytes)
            for (start, slot) in zip(stride(from: 0, to: deltas.count, by: cellBytes), slots) {
                for byte in 0..<cellBytes {
                    cells[slot * cellBytes + byte] ^= deltas[start + byte]
                }
            }
            if case .removed(_, let last) = placement {
                #expect(cells[(last * cellBytes)...].allSatisfy { $0 == 0 })
                cells.removeLast(cellBytes)
            }
            return placement
        }
    }

    init(cellBytes: Int) {
        fusible = FusibleStructure(kind: .list, cellBytes: cellBytes)
        plain = StructureKind.list.makePlain(cellBytes: cellBytes)
        mirror = Mirror(index: StructureKind.list.makeIndex(), cellBytes: cellBytes)
    }

    mutating func apply(_ operation: Operation) throws {
        let position = Int(operation.structural.position)
        switch operation.structural.kind {
        case .append: model.append(operation.value)
        case .insert: model.insert(operation.value, at: position)
        case .set: model[position] = operation.value
        case .remove: model.remove(at: position)
        }
        try plain.apply(operation)
        let change = try fusible.apply(operation)
        #expect(change.structural == operation.structural)
        #expect(try mirror.apply(change.structural, change.deltas) == change.placement)
    }

    /// Whether all forms say the same.
    var agrees: Bool {
        let elements = model.flatMap { $0 }
        let slots = fusible.cells.withBytes { [UInt8]($0) }
        return fusible.elements() == elements && plain.elements() == elements
            && plain.count == model.count && fusible.index.count == model.count
            && mirror.cells == slots && mirror.index.encoded == fusible.index.encoded
    }
}

extension AuxiliaryIndex {
    var encoded: [UInt8] {
        var bytes: [UInt8] = []
        encode(into: &bytes)
        return bytes
    }

    var slots: [Int] { (0..<count).map { slot(at: $0) } }
}

/// All operations that are possible on `count` elements; `value` is what they put in.
func possibleOperations(count: Int, value: [UInt8]) -> [Operation] {
    [Operation(.append, value: value)]
        + (0...count).map { Operation(.insert, at: UInt32($0), value: value) }
        + (0..<count).map { Operation(.set, at: UInt32($0), value: value) }
        + (0..<count).map { Operation(.remove, at: UInt32($0)) }
}
