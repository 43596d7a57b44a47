import Roles
import Structures

/// The messages of active replication. A message's first byte is its kind; the fields follow in the
/// order of their declaration.
enum ReplicationMessage: Equatable {
    // Updates: senders and members.

    /// First round of Skeen's algorithm: hold these requests back and propose a timestamp.
    case propose(Propose)
    /// A member's proposed timestamp.
    case proposal(Timestamped)
    /// Second round: the largest proposals are the messages' places.
    case final(view: UInt32, [Timestamped])
    /// A sequencer's only round: these requests come next, in the order of the message's number.
    case ordered(Propose)
    /// A member has delivered the message, or knows its place; empty where all was applied.
    case delivered(MessageID, [Answer])
    /// A read of one member's state, beside the order.
    case read(Request)
    case answer(ticket: UInt64, Answer)

    // Membership: the group manager and senders.

    /// A restarted sender to all managers.
    case join
    /// Begin nothing, mark the change at these members, and say so once nothing is in flight.
    case halt(group: Int, change: UInt64, members: [NodeID])
    /// The members know who is left: finish with these what is in flight.
    case finish(group: Int, change: UInt64, members: [NodeID])
    case halted(group: Int, change: UInt64)
    /// Begin again, in this view.
    case open(group: Int, View)

    // Membership: the group manager and members.

    /// A sender to members: nothing of an earlier life of it comes any more.
    case mark(change: UInt64, Incarnation)
    /// Only these members are left. Tell what you know of gone senders' messages, once all of these
    /// senders have marked the change and all others are gone.
    case flush(change: UInt64, senders: [NodeID], members: [NodeID])
    /// Final timestamps where they are known, and messages without. Those of a sequencer come whole:
    /// others may have never had them.
    case flushed(change: UInt64, finals: [Timestamped], open: [MessageID], ordered: [Propose])
    /// Messages of gone senders: places for some, the others are void; and a sequencer's last.
    case settle(
        change: UInt64, finals: [Timestamped], discarded: [MessageID], ordered: [Propose])
    case settled(change: UInt64)
    /// A restarted replica to its peers but the manager: this life is there. What they send before they
    /// know it goes to the life before.
    case greet
    case greeted
    /// A restarted replica to the manager.
    case enter
    /// The group's updates are halted; ask this member for the state.
    case admit(change: UInt64, donor: NodeID)
    /// An entering replica to the donor.
    case requestState(change: UInt64)
    /// The donor's clock, what it has answered, and its structure; the body holds its cells.
    case state(change: UInt64, clock: UInt64, AnsweredRequests, index: [UInt8])
    /// The entering replica has the state.
    case installed(change: UInt64)
    /// The group's members from now on.
    case view(change: UInt64, View)
    case viewed(change: UInt64)
    /// You are no member: others have gone on without you.
    case removed
    /// A restarted manager to replicas: which view are you in?
    case inquire
    /// The last view that a replica knows of, those that have left it left out, and whether it has the
    /// state of it.
    case standing(View, isActive: Bool)

    /// The first round of a message.
    struct Propose: Equatable {
        var id: MessageID
        /// The number of the view that it belongs to.
        var view: UInt32
        /// The sender's messages to this group with lower numbers are complete.
        var stable: UInt64
        /// The sender's clients have the answers of all lower tickets.
        var answered: UInt64
        /// Places of earlier messages.
        var finals: [Timestamped]
        var requests: [Request]
    }
}

/// Who is in a group.
struct View: Equatable, Sendable {
    var number: UInt32
    /// Ascending.
    var members: [NodeID]
}

extension ReplicationMessage {
    /// The view that an update's message was sent in; nil for other messages.
    var view: UInt32? {
        switch self {
        case .propose(let propose), .ordered(let propose): propose.view
        case .final(let view, _): view
        default: nil
        }
    }

    var encoded: Message { encoded(body: nil) }

    func encoded(body: Body?) -> Message {
        var writer = ByteWriter()
        switch self {
        case .propose(let propose):
            writer.write(1 as UInt8)
            writer.write(propose)
        case .proposal(let place):
            writer.write(2 as UInt8)
            writer.write(place)
        case .final(let view, let places):
            writer.write(3 as UInt8)
            writer.write(view)
            for place in places { writer.write(place) }
        case .delivered(let id, let answers):
            writer.write(4 as UInt8)
            writer.write(id)
            writer.write(answers)
        case .enter:
            writer.write(5 as UInt8)
        case .admit(let change, let donor):
            writer.write(6 as UInt8)
            writer.write(change)
            writer.write(donor.rawValue)
        case .requestState(let change):
            writer.write(7 as UInt8)
            writer.write(change)
        case .state(let change, let clock, let answered, let index):
            writer.write(8 as UInt8)
            writer.write(change)
            writer.write(clock)
            writer.write(answered)
            writer.write(raw: index)
        case .installed(let change):
            writer.write(9 as UInt8)
            writer.write(change)
        case .view(let change, let view):
            writer.write(10 as UInt8)
            writer.write(change)
            writer.write(view)
        case .viewed(let change):
            writer.write(11 as UInt8)
            writer.write(change)
        case .halt(let group, let change, let members):
            writer.write(12 as UInt8)
            writer.write(UInt16(group))
            writer.write(change)
            writer.write(members)
        case .finish(let group, let change, let members):
            writer.write(30 as UInt8)
            writer.write(UInt16(group))
            writer.write(change)
            writer.write(members)
        case .halted(let group, let change):
            writer.write(13 as UInt8)
            writer.write(UInt16(group))
            writer.write(change)
        case .mark(let change, let incarnation):
            writer.write(14 as UInt8)
            writer.write(change)
            writer.write(incarnation)
        case .flush(let change, let senders, let members):
            writer.write(15 as UInt8)
            writer.write(change)
            writer.write(UInt16(senders.count))
            writer.write(senders)
            writer.write(members)
        case .flushed(let change, let finals, let open, let ordered):
            writer.write(16 as UInt8)
            writer.write(change)
            writer.write(finals, open, ordered)
        case .settle(let change, let finals, let discarded, let ordered):
            writer.write(17 as UInt8)
            writer.write(change)
            writer.write(finals, discarded, ordered)
        case .settled(let change):
            writer.write(18 as UInt8)
            writer.write(change)
        case .open(let group, let view):
            writer.write(19 as UInt8)
            writer.write(UInt16(group))
            writer.write(view)
        case .join:
            writer.write(20 as UInt8)
        case .inquire:
            writer.write(21 as UInt8)
        case .standing(let view, let isActive):
            writer.write(22 as UInt8)
            writer.write(isActive ? 1 as UInt8 : 0)
            writer.write(view)
        case .removed:
            writer.write(23 as UInt8)
        case .read(let request):
            writer.write(24 as UInt8)
            writer.write([request])
        case .answer(let ticket, let answer):
            writer.write(25 as UInt8)
            writer.write(ticket)
            writer.write(one: answer)
        case .ordered(let propose):
            writer.write(26 as UInt8)
            writer.write(propose)
        case .greet:
            writer.write(28 as UInt8)
        case .greeted:
            writer.write(29 as UInt8)
        }
        return Message(head: writer.bytes, body: body)
    }

    init(decoding head: [UInt8]) throws(MalformedMessage) {
        var reader = ByteReader(head)
        switch try reader.read(UInt8.self) {
        case 1: self = .propose(try reader.readPropose())
        case 2: self = .proposal(try reader.readTimestamped())
        case 3:
            let view = try reader.read(UInt32.self)
            var places: [Timestamped] = []
            while reader.remaining > 0 { places.append(try reader.readTimestamped()) }
            self = .final(view: view, places)
        case 4: self = .delivered(try reader.readMessageID(), try reader.readAnswers())
        case 5: self = .enter
        case 6:
            self = .admit(
                change: try reader.readCounter(), donor: NodeID(rawValue: try reader.read()))
        case 7: self = .requestState(change: try reader.readCounter())
        case 8:
            self = .state(
                change: try reader.readCounter(), clock: try reader.readCounter(),
                try reader.readAnsweredRequests(), index: reader.readRest())
        case 9: self = .installed(change: try reader.readCounter())
        case 10: self = .view(change: try reader.readCounter(), try reader.readView())
        case 11: self = .viewed(change: try reader.readCounter())
        case 12:
            self = .halt(
                group: Int(try reader.read(UInt16.self)), change: try reader.readCounter(),
                members: try reader.readNodes())
        case 13:
            self = .halted(
                group: Int(try reader.read(UInt16.self)), change: try reader.readCounter())
        case 14: self = .mark(change: try reader.readCounter(), try reader.read(UInt32.self))
        case 15:
            self = .flush(
                change: try reader.readCounter(),
                senders: try reader.readNodes(Int(try reader.read(UInt16.self))),
                members: try reader.readNodes())
        case 16:
            let change = try reader.readCounter()
            let (finals, open, ordered) = try reader.readPending()
            self = .flushed(change: change, finals: finals, open: open, ordered: ordered)
        case 17:
            let change = try reader.readCounter()
            let (finals, discarded, ordered) = try reader.readPending()
            self = .settle(
                change: change, finals: finals, discarded: discarded, ordered: ordered)
        case 18: self = .settled(change: try reader.readCounter())
        case 19:
            self = .open(group: Int(try reader.read(UInt16.self)), try reader.readView())
        case 20: self = .join
        case 21: self = .inquire
        case 22:
            let isActive = try reader.read(UInt8.self) != 0
            self = .standing(try reader.readView(), isActive: isActive)
        case 23: self = .removed
        case 24:
            let requests = try reader.readRequests()
            guard requests.count == 1 else { throw MalformedMessage() }
            self = .read(requests[0])
        case 25:
            self = .answer(ticket: try reader.readCounter(), try reader.readAnswer())
        case 26: self = .ordered(try reader.readPropose())
        case 28: self = .greet
        case 29: self = .greeted
        case 30:
            self = .finish(
                group: Int(try reader.read(UInt16.self)), change: try reader.readCounter(),
                members: try reader.readNodes())
        default: throw MalformedMessage()
        }
        try reader.finish()
    }
}

// MARK: - Parts

extension ByteWriter {
    fileprivate mutating func write(_ id: MessageID) {
        write(id.sender.node.rawValue)
        write(id.sender.incarnation)
        write(id.number)
    }

    fileprivate mutating func write(_ place: Timestamped) {
        write(place.id)
        write(place.timestamp)
    }

    fileprivate mutating func write(_ propose: ReplicationMessage.Propose) {
        write(propose.id)
        write(propose.view)
        write(propose.stable)
        write(propose.answered)
        write(UInt16(propose.finals.count))
        for place in propose.finals { write(place) }
        write(propose.requests)
    }

    fileprivate mutating func write(_ nodes: [NodeID]) {
        for node in nodes { write(node.rawValue) }
    }

    fileprivate mutating func write(_ view: View) {
        write(view.number)
        write(view.members)
    }

    fileprivate mutating func write(
        _ finals: [Timestamped], _ others: [MessageID],
        _ ordered: [ReplicationMessage.Propose]
    ) {
        write(UInt32(finals.count))
        for place in finals { write(place) }
        write(UInt32(others.count))
        for id in others { write(id) }
        for propose in ordered { write(propose) }
    }
}

extension ByteReader {
    fileprivate mutating func readMessageID() throws(MalformedMessage) -> MessageID {
        let node = NodeID(rawValue: try read())
        let incarnation: UInt32 = try read()
        return MessageID(
            sender: Member(node, incarnation: incarnation), number: try readCounter())
    }

    fileprivate mutating func readTimestamped() throws(MalformedMessage) -> Timestamped {
        Timestamped(id: try readMessageID(), timestamp: try readCounter())
    }

    fileprivate mutating func readPropose() throws(MalformedMessage) -> ReplicationMessage.Propose {
        let id = try readMessageID()
        let view: UInt32 = try read()
        let stable = try readCounter()
        let answered = try readCounter()
        var finals: [Timestamped] = []
        for _ in 0..<(try read(UInt16.self)) { finals.append(try readTimestamped()) }
        return ReplicationMessage.Propose(
            id: id, view: view, stable: stable, answered: answered, finals: finals,
            requests: try readRequests())
    }

    /// Up to the message's end.
    fileprivate mutating func readNodes() throws(MalformedMessage) -> [NodeID] {
        var nodes: [NodeID] = []
        while remaining > 0 { nodes.append(NodeID(rawValue: try read())) }
        return nodes
    }

    fileprivate mutating func readNodes(_ count: Int) throws(MalformedMessage) -> [NodeID] {
        var nodes: [NodeID] = []
        for _ in 0..<count { nodes.append(NodeID(rawValue: try read())) }
        return nodes
    }

    fileprivate mutating func readView() throws(MalformedMessage) -> View {
        View(number: try read(), members: try readNodes())
    }

    /// Up to the message's end.
    fileprivate mutating func readPending() throws(MalformedMessage) -> (
        finals: [Timestamped], others: [MessageID], ordered: [ReplicationMessage.Propose]
    ) {
        var finals: [Timestamped] = []
        for _ in 0..<(try read(UInt32.self)) { finals.append(try readTimestamped()) }
        var others: [MessageID] = []
        for _ in 0..<(try read(UInt32.self)) { others.append(try readMessageID()) }
        var ordered: [ReplicationMessage.Propose] = []
        while remaining > 0 { ordered.append(try readPropose()) }
        return (finals, others, ordered)
    }
}
