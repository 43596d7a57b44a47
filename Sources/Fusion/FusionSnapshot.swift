import Roles
import Structures

/// The full state of a primary or a fused backup, as `Role.snapshot` gives it: the head holds what
/// the node knows of each primary (a primary: of itself); the body holds the cells or the codes.
struct FusionSnapshot {
    var mirrors: [Mirror]
    var cells: CellStore

    static func message(_ mirrors: [EncodedMirror], _ cells: CellStore) -> Message {
        var writer = ByteWriter()
        writer.write(mirrors)
        return Message(head: writer.bytes, body: Body(cells))
    }

    init(_ message: Message, kind: StructureKind, cellBytes: Int) throws {
        var reader = ByteReader(message.head)
        mirrors = try reader.readMirrors().map { try Mirror($0, kind: kind) }
        cells = try CellStore(message.body, cellBytes: cellBytes)
    }
}
