import Roles
import Structures

/// The messages of fusion. A message's first byte is its kind; the fields follow in the order of
/// their declaration.
enum FusionMessage {
    /// A primary to every backup, the same for all: what moves, and per touched slot new XOR old,
    /// in the order of the placement (the hole before the last slot).
    case update(sequence: UInt64, StructuralOperation, deltas: [UInt8])
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

    func encoded(body: Body? = nil) -> Message {
        var writer = ByteWriter()
        switch self {
        case .update(let sequence, let operation, let deltas):
            writer.write(1 as UInt8)
            writer.write(sequence)
            writer.write(operation)
            writer.write(raw: deltas)
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
                sequence: try reader.readCounter(), try reader.readStructuralOperation(),
                deltas: reader.readRest())
        case 2: self = .acknowledge(sequence: try reader.readCounter())
        case 3: self = .rejoin
        case 4: self = .quiesced
        case 5: self = .recovering
        case 6: self = .resume
        case 7: self = .resumed
        case 8:
            self = .attempt(try reader.readCounter(), try AttemptMessage(decoding: &reader))
        default: throw MalformedMessage()
        }
        try reader.finish()
    }
}

extension [Effect] {
    /// Sends a message of a recovery.
    mutating func send(_ message: FusionMessage, to node: NodeID, body: Body? = nil) {
        append(.send(message.encoded(body: body), to: node, .recovery))
    }
}
