import Roles

/// What the leader of a recovery and the others say to each other in one of its attempts, in this
/// order. Primaries go by their index, from 0.
enum AttemptMessage {
    /// The leader to everybody: this attempt counts from now on, and these nodes do not serve.
    case agree(absent: [NodeID])
    /// A serving primary tells its last update, a serving backup that of each lost primary: there
    /// will be no later ones. A node that recovers tells none. Everybody tells which nodes are not
    /// there as far as it knows.
    case agreed(absent: [NodeID], sequences: [UInt64])
    /// The leader to a backup: send the updates of a lost primary after this one.
    case sendUpdates(primary: Int, after: UInt64)
    /// These are they, as the primary sent them. The leader hands them on to the backups that lack
    /// some, which then answer `agreed` again.
    case updates(primary: Int, [[UInt8]])
    /// The leader to who serves: send cells or codes. A backup adds what it knows of these
    /// primaries, a primary what it knows of itself where it is among them.
    case sendState(of: [Int])
    /// `counts` says how many cells or codes there are in each size class. They follow.
    case state(counts: [UInt8], [EncodedMirror])
    /// The next piece of cells or codes is the body.
    case cells
    /// The leader to another recovering node: this is what you know. Cells or codes follow.
    case install([EncodedMirror])
    case installed
    /// The leader to the other recovering nodes: serve.
    case release

    func encode(into writer: inout ByteWriter) {
        switch self {
        case .agree(let absent):
            writer.write(1 as UInt8)
            for node in absent { writer.write(node.rawValue) }
        case .agreed(let absent, let sequences):
            writer.write(2 as UInt8)
            writer.write(UInt16(absent.count))
            for node in absent { writer.write(node.rawValue) }
            for sequence in sequences { writer.write(sequence) }
        case .sendUpdates(let primary, let sequence):
            writer.write(3 as UInt8)
            writer.write(UInt16(primary))
            writer.write(sequence)
        case .updates(let primary, let updates):
            writer.write(4 as UInt8)
            writer.write(UInt16(primary))
            for update in updates { writer.write(counted: update) }
        case .sendState(let primaries):
            writer.write(5 as UInt8)
            writer.write(primaries: primaries)
        case .state(let counts, let mirrors):
            writer.write(6 as UInt8)
            writer.write(counted: counts)
            writer.write(mirrors)
        case .install(let mirrors):
            writer.write(7 as UInt8)
            writer.write(mirrors)
        case .installed: writer.write(8 as UInt8)
        case .release: writer.write(9 as UInt8)
        case .cells: writer.write(10 as UInt8)
        }
    }

    init(decoding reader: inout ByteReader) throws(MalformedMessage) {
        switch try reader.read(UInt8.self) {
        case 1: self = .agree(absent: try reader.readPrimaries().map { NodeID($0) })
        case 2:
            var absent: [NodeID] = []
            for _ in 0..<(try reader.read(UInt16.self)) {
                absent.append(NodeID(rawValue: try reader.read()))
            }
            var sequences: [UInt64] = []
            while reader.remaining > 0 { sequences.append(try reader.readCounter()) }
            self = .agreed(absent: absent, sequences: sequences)
        case 3:
            self = .sendUpdates(
                primary: Int(try reader.read(UInt16.self)), after: try reader.readCounter())
        case 4:
            let primary = Int(try reader.read(UInt16.self))
            var updates: [[UInt8]] = []
            while reader.remaining > 0 { updates.append(try reader.readCounted()) }
            self = .updates(primary: primary, updates)
        case 5: self = .sendState(of: try reader.readPrimaries())
        case 6: self = .state(counts: try reader.readCounted(), try reader.readMirrors())
        case 7: self = .install(try reader.readMirrors())
        case 8: self = .installed
        case 9: self = .release
        case 10: self = .cells
        default: throw MalformedMessage()
        }
    }
}

extension ByteWriter {
    fileprivate mutating func write(primaries: [Int]) {
        for primary in primaries { write(UInt16(primary)) }
    }
}

extension ByteReader {
    fileprivate mutating func readPrimaries() throws(MalformedMessage) -> [Int] {
        var primaries: [Int] = []
        while remaining > 0 { primaries.append(Int(try read(UInt16.self))) }
        return primaries
    }
}
