import Structures

/// Bulk bytes that travel with a message without being copied into it: cells or code words.
///
/// The bytes belong to `owner` and stay valid and unchanged while it lives; who wants to change
/// memory that a body may still refer to copies it first (see `CellStore`).
package struct Body {
    package let bytes: UnsafeRawBufferPointer
    package let owner: AnyObject

    package init(bytes: UnsafeRawBufferPointer, owner: AnyObject) {
        self.bytes = bytes
        self.owner = owner
    }

    /// All cells; where they are of one size class, shared with the store until one of the two goes
    /// or the store changes.
    package init(_ cells: Cells) {
        let (memory, byteCount) = cells.contiguous
        self.init(
            bytes: UnsafeRawBufferPointer(start: memory.base, count: byteCount), owner: memory)
    }

    /// All cells in the pieces of their counts, shared with their stores as long as those do not
    /// change.
    package static func pieces(of cells: Cells) -> [Body] {
        cells.slotCounts.pieces.map { piece in
            let store = cells[class: piece.cellClass]
            return Body(
                bytes: UnsafeRawBufferPointer(
                    start: store.memory.base + piece.places.lowerBound * store.cellBytes,
                    count: piece.places.count * store.cellBytes), owner: store.memory)
        }
    }

    /// A copy of bytes.
    package init(copying bytes: [UInt8]) {
        let memory = CellMemory(capacity: bytes.count)
        UnsafeMutableRawBufferPointer(start: memory.base, count: bytes.count).copyBytes(from: bytes)
        self.init(
            bytes: UnsafeRawBufferPointer(start: memory.base, count: bytes.count), owner: memory)
    }

    package var count: Int { bytes.count }
}

/// What one node sends to another: a small binary head and, for bulk data, a body.
package struct Message {
    package var head: [UInt8]
    package var body: Body?

    package init(head: [UInt8], body: Body? = nil) {
        self.head = head
        self.body = body
    }

    /// Bytes that the message takes on a link, its envelope included.
    package var wireBytes: Int { Envelope.byteCount + head.count + (body?.count ?? 0) }
}
