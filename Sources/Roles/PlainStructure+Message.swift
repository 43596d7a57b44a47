import Structures

extension PlainStructure {
    /// The whole state; `StructureShape.plain(from:)` makes a structure of it again.
    package func snapshot() -> Message {
        var index: [UInt8] = []
        encodeIndex(into: &index)
        return Message(head: index, body: Body(cells))
    }
}

extension StructureShape {
    /// A structure from another's snapshot. Throws where it contradicts itself.
    package func plain(from snapshot: Message) throws(StructureError) -> any PlainStructure {
        try decodePlain(
            index: snapshot.head[...],
            cells: snapshot.body?.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0))
    }
}
