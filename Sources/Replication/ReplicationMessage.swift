import Roles
import Structures

/// The messages of active replication. A message's first byte is its kind; the fields follow in the
/// order of their declaration.
enum ReplicationMessage {
    /// First round of Skeen's algorithm, manager to members: hold this update back and propose a
    /// timestamp.
    case propose(MessageID, view: UInt32, Operation)
    /// A member's proposed timestamp.
    case proposal(MessageID, timestamp: UInt64)
    /// Second round, manager to members: the largest proposal is the message's place.
    case final(MessageID, timestamp: UInt64)
    /// A member has delivered the update; `refusal` is why its structure did not take it, or empty.
    case delivered(MessageID, refusal: String)
    /// A restarted replica to the manager.
    case enter
    /// The group's updates are halted; ask this member for the state.
    case admit(donor: NodeID)
    /// An entering replica to the donor.
    case requestState
    /// The donor's clock, view and structure; the body holds its cells.
    case state(clock: UInt64, view: UInt32, index: [UInt8])
    /// The entering replica has the state.
    case installed
    /// The group's members from now on.
    case view(number: UInt32, members: [NodeID])

    private enum Kind: UInt8 {
        case propose = 1
        case proposal = 2
        case final = 3
        case delivered = 4
        case enter = 5
        case admit = 6
        case requestState = 7
        case state = 8
        case installed = 9
        case view = 10
    }

    private var kind: Kind {
        switch self {
        case .propose: .propose
        case .proposal: .proposal
        case .final: .final
        case .delivered: .delivered
        case .enter: .enter
        case .admit: .admit
        case .requestState: .requestState
        case .state: .state
        case .installed: .installed
        case .view: .view
        }
    }

    func encoded(body: Body? = nil) -> Message {
        var writer = ByteWriter()
        writer.write(kind.rawValue)
        switch self {
        case .propose(let id, let view, let operation):
            writer.write(id)
            writer.write(view)
            writer.write(operation)
        case .proposal(let id, let timestamp), .final(let id, let timestamp):
            writer.write(id)
            writer.write(timestamp)
        case .delivered(let id, let refusal):
            writer.write(id)
            writer.write(counted: refusal)
        case .admit(let donor):
            writer.write(donor.rawValue)
        case .state(let clock, let view, let index):
            writer.write(clock)
            writer.write(view)
            writer.write(raw: index)
        case .view(let number, let members):
            writer.write(number)
            for member in members { writer.write(member.rawValue) }
        case .enter, .requestState, .installed:
            break
        }
        return Message(head: writer.bytes, body: body)
    }

    init(decoding head: [UInt8]) throws(MalformedMessage) {
        var reader = ByteReader(head)
        guard let kind = Kind(rawValue: try reader.read()) else { throw MalformedMessage() }
        switch kind {
        case .propose:
            self = .propose(
                try reader.readMessageID(), view: try reader.read(), try reader.readOperation())
        case .proposal:
            self = .proposal(try reader.readMessageID(), timestamp: try reader.readCounter())
        case .final: self = .final(try reader.readMessageID(), timestamp: try reader.readCounter())
        case .delivered:
            self = .delivered(try reader.readMessageID(), refusal: try reader.readCountedText())
        case .enter: self = .enter
        case .admit: self = .admit(donor: NodeID(rawValue: try reader.read()))
        case .requestState: self = .requestState
        case .state:
            self = .state(
                clock: try reader.readCounter(), view: try reader.read(), index: reader.readRest())
        case .installed: self = .installed
        case .view:
            let number: UInt32 = try reader.read()
            var members: [NodeID] = []
            while reader.remaining > 0 { members.append(NodeID(rawValue: try reader.read())) }
            self = .view(number: number, members: members)
        }
        try reader.finish()
    }
}

extension ByteWriter {
    fileprivate mutating func write(_ id: MessageID) {
        write(id.sender.node.rawValue)
        write(id.sender.incarnation)
        write(id.number)
    }
}

extension ByteReader {
    fileprivate mutating func readMessageID() throws(MalformedMessage) -> MessageID {
        let node = NodeID(rawValue: try read())
        let incarnation: UInt32 = try read()
        return MessageID(
            sender: Member(node, incarnation: incarnation), number: try read())
    }
}
