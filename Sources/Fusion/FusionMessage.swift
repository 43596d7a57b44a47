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
    /// A recovering node to the survivors: start no update until `resume`.
    case quiesce
    /// Nothing is in flight. A primary tells its last sequence number, a backup every primary's.
    case quiesced(sequences: [UInt64])
    /// A recovering node to a primary.
    case sendCells(withIndex: Bool)
    /// The cells are the body; `index` is empty where it was not wanted.
    case cells(sequence: UInt64, index: [UInt8])
    /// A recovering primary to a backup.
    case sendCodes
    /// The codes are the body; the index is the asking primary's.
    case codes(sequence: UInt64, index: [UInt8])
    /// The recovering node is back.
    case resume
    /// The survivor goes on, with the recovered node in its view.
    case resumed

    private enum Kind: UInt8 {
        case update = 1
        case acknowledge = 2
        case quiesce = 3
        case quiesced = 4
        case sendCells = 5
        case cells = 6
        case sendCodes = 7
        case codes = 8
        case resume = 9
        case resumed = 10
    }

    private var kind: Kind {
        switch self {
        case .update: .update
        case .acknowledge: .acknowledge
        case .quiesce: .quiesce
        case .quiesced: .quiesced
        case .sendCells: .sendCells
        case .cells: .cells
        case .sendCodes: .sendCodes
        case .codes: .codes
        case .resume: .resume
        case .resumed: .resumed
        }
    }

    func encoded(body: Body? = nil) -> Message {
        var writer = ByteWriter()
        writer.write(kind.rawValue)
        switch self {
        case .update(let sequence, let operation, let deltas):
            writer.write(sequence)
            writer.write(operation)
            writer.write(raw: deltas)
        case .acknowledge(let sequence):
            writer.write(sequence)
        case .quiesced(let sequences):
            for sequence in sequences { writer.write(sequence) }
        case .sendCells(let withIndex):
            writer.write(UInt8(withIndex ? 1 : 0))
        case .cells(let sequence, let index), .codes(let sequence, let index):
            writer.write(sequence)
            writer.write(raw: index)
        case .quiesce, .sendCodes, .resume, .resumed:
            break
        }
        return Message(head: writer.bytes, body: body)
    }

    init(decoding head: [UInt8]) throws(MalformedMessage) {
        var reader = ByteReader(head)
        guard let kind = Kind(rawValue: try reader.read()) else { throw MalformedMessage() }
        switch kind {
        case .update:
            self = .update(
                sequence: try reader.readCounter(), try reader.readStructuralOperation(),
                deltas: reader.readRest())
        case .acknowledge: self = .acknowledge(sequence: try reader.readCounter())
        case .quiesce: self = .quiesce
        case .quiesced:
            var sequences: [UInt64] = []
            while reader.remaining > 0 { sequences.append(try reader.readCounter()) }
            self = .quiesced(sequences: sequences)
        case .sendCells:
            let flag: UInt8 = try reader.read()
            guard flag <= 1 else { throw MalformedMessage() }
            self = .sendCells(withIndex: flag == 1)
        case .cells: self = .cells(sequence: try reader.readCounter(), index: reader.readRest())
        case .sendCodes: self = .sendCodes
        case .codes: self = .codes(sequence: try reader.readCounter(), index: reader.readRest())
        case .resume: self = .resume
        case .resumed: self = .resumed
        }
        try reader.finish()
    }
}
