import Roles
import Structures

/// The messages of fusion. A message's first byte is its kind; the fields follow in the order of
/// their declaration.
enum FusionMessage {
    /// A primary to every backup, the same for all.
    case update(Update)
    /// Several updates, one behind the other: each as it goes alone, behind its length.
    case updates([Update])
    /// A backup has applied all updates of the primary up to this one.
    case acknowledge(sequence: UInt64)
    /// A restarted node to everybody: begin no update until this node's `resume`.
    case rejoin
    /// The answer of a serving node: nothing of it is in flight.
    case quiesced
    /// The answer of a node that recovers, too.
    case recovering
    /// The recovering node is back.
    case resume
    /// The node counts the recovered one among those that serve.
    case resumed
    /// Between the leader of a recovery and one of the others. Each try of a leader has a number of
    /// its own, so that what belongs to an earlier one can be told.
    case attempt(UInt64, AttemptMessage)

    struct Update {
        var sequence: UInt64
        /// What moves.
        var operation: StructuralOperation
        /// Per touched slot new XOR old, in the order of the placement (the hole before the last
        /// slot).
        var deltas: [UInt8]

        /// Of its form, that of the message of this update alone.
        var byteCount: Int { FusionMessage.updateHeadBytes + deltas.count }

        var encoded: [UInt8] { FusionMessage.update(self).encoded().head }
    }

    static let updatesKind: UInt8 = 9
    /// The length of an update without its deltas.
    fileprivate static let updateHeadBytes = 15

    func encoded(body: Body? = nil) -> Message {
        var writer = ByteWriter()
        switch self {
        case .update(let update):
            writer.write(update)
        case .updates(let updates):
            writer.write(Self.updatesKind)
            for update in updates { writer.write(counted: update) }
        case .acknowledge(let sequence):
            writer.write(2 as UInt8)
            writer.write(sequence)
        case .rejoin: writer.write(3 as UInt8)
        case .quiesced: writer.write(4 as UInt8)
        case .recovering: writer.write(5 as UInt8)
        case .resume: writer.write(6 as UInt8)
        case .resumed: writer.write(7 as UInt8)
        case .attempt(let number, let message):
            writer.write(8 as UInt8)
            writer.write(number)
            message.encode(into: &writer)
        }
        return Message(head: writer.bytes, body: body)
    }

    init(decoding head: [UInt8]) throws(MalformedMessage) {
        var reader = ByteReader(head)
        switch try reader.read(UInt8.self) {
        case 1:
            self = .update(
                Update(
                    sequence: try reader.readCounter(),
                    operation: try reader.readStructuralOperation(), deltas: reader.readRest()))
        case 2: self = .acknowledge(sequence: try reader.readCounter())
        case 3: self = .rejoin
        case 4: self = .quiesced
        case 5: self = .recovering
        case 6: self = .resume
        case 7: self = .resumed
        case 8:
            self = .attempt(try reader.readCounter(), try AttemptMessage(decoding: &reader))
        case Self.updatesKind: self = .updates(try reader.readUpdates())
        default: throw MalformedMessage()
        }
        try reader.finish()
    }
}

extension FusionMessage {
    /// Those that the message carries; nil where it is another one.
    var updates: [Update]? {
        switch self {
        case .update(let update): [update]
        case .updates(let updates): updates
        default: nil
        }
    }
}

extension ByteWriter {
    /// An update's binary form.
    fileprivate mutating func write(_ update: FusionMessage.Update) {
        write(1 as UInt8)
        write(update.sequence)
        write(update.operation)
        write(raw: update.deltas)
    }

    /// An update behind its length.
    mutating func write(counted update: FusionMessage.Update) {
        write(UInt32(update.byteCount))
        write(update)
    }
}

extension ByteReader {
    /// All updates that are left.
    fileprivate mutating func readUpdates() throws(MalformedMessage) -> [FusionMessage.Update] {
        var updates: [FusionMessage.Update] = []
        while remaining > 0 {
            let count = Int(try read(UInt32.self)) - FusionMessage.updateHeadBytes
            guard try read(UInt8.self) == 1 else { throw MalformedMessage() }
            updates.append(
                FusionMessage.Update(
                    sequence: try readCounter(), operation: try readStructuralOperation(),
                    deltas: try readRaw(count)))
        }
        return updates
    }
}

extension [Effect] {
    /// Sends a message of a recovery.
    mutating func send(_ message: FusionMessage, to node: NodeID, body: Body? = nil) {
        append(.send(message.encoded(body: body), to: node, .recovery))
    }
}
