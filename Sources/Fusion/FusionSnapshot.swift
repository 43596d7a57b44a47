import Roles
import Structures

/// The full state of a primary or a fused backup, as `Role.snapshot` gives it: the head holds what
/// the node knows of each primary (a primary: of itself); the body holds the cells or the codes.
struct FusionSnapshot {
    var mirrors: [Mirror]
    var cells: Cells

    static func message(_ mirrors: [EncodedMirror], _ cells: Cells) -> Message {
        var writer = ByteWriter()
        writer.write(mirrors)
        return Message(head: writer.bytes, body: Body(cells))
    }

    init(_ message: Message, shape: StructureShape) throws {
        var reader = ByteReader(message.head)
        mirrors = try reader.readMirrors().map { try Mirror($0, shape: shape) }
        cells = try Cells(
            copying: message.body.bytes, counts: mirrors.slotCounts(shape.layout))
    }
}
