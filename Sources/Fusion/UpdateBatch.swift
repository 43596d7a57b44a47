import Roles
import Structures

/// The updates that a primary has begun and not sent yet. All backups get them as one message, since
/// a message costs far more than the bytes of a small update.
struct UpdateBatch {
    struct Entry {
        var sequence: UInt64
        var ticket: UInt64
        /// Of the update's own form.
        var bytes: Int
    }

    private(set) var entries: [Entry] = []
    /// The updates as `FusionMessage.updates`; the memory is used again and again.
    private var writer = ByteWriter(reserving: 0)

    var isEmpty: Bool { entries.isEmpty }

    /// Beside the value itself.
    var allocatedBytes: Int {
        entries.allocatedBytes + writer.bytes.allocatedBytes
    }

    /// The length of the message so far.
    var byteCount: Int { writer.bytes.count }

    mutating func append(_ update: FusionMessage.Update, ticket: UInt64) {
        if isEmpty { writer.write(FusionMessage.updatesKind) }
        writer.write(counted: update)
        entries.append(
            Entry(sequence: update.sequence, ticket: ticket, bytes: update.byteCount))
    }

    /// The message of all updates, of which there is at least one. One alone goes as
    /// `FusionMessage.update`.
    var message: Message {
        let start = entries.count == 1 ? writer.bytes.count - entries[0].bytes : 0
        // A copy of its very size: the writer keeps its memory.
        return Message(
            head: writer.bytes.withUnsafeBytes {
                Array(UnsafeRawBufferPointer(rebasing: $0[start...]))
            })
    }

    mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        writer.removeAll()
    }
}
