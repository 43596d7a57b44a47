import Roles
import Structures

/// The full state of a primary or a fused backup, as `Role.snapshot` gives it: the head holds, per
/// primary that the node knows, its last update and its encoded index; the body holds the cells or
/// the codes.
struct FusionSnapshot {
    var sequences: [UInt64]
    var indexes: [any AuxiliaryIndex]
    /// The cells of all size classes, or the code words.
    var cells: Cells

    static func primary(sequence: UInt64, structure: FusibleStructure) -> Message {
        backup(mirrors: [(sequence, structure.index)], codes: structure.cells)
    }

    static func backup(
        mirrors: [(sequence: UInt64, index: any AuxiliaryIndex)], codes: Cells
    ) -> Message {
        var writer = ByteWriter()
        for mirror in mirrors {
            var index: [UInt8] = []
            mirror.index.encode(into: &index)
            writer.write(mirror.sequence)
            writer.write(counted: index)
        }
        return Message(head: writer.bytes, body: Body(codes))
    }

    init(_ message: Message, shape: StructureShape) throws {
        var reader = ByteReader(message.head)
        sequences = []
        indexes = []
        while reader.remaining > 0 {
            sequences.append(try reader.readCounter())
            indexes.append(try shape.decodeIndex(try reader.readCounted()[...]))
        }
        let bytes = message.body?.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0)
        cells = try Cells(copying: bytes, counts: indexes.map(\.slotCounts).longest(shape.layout))
    }
}
