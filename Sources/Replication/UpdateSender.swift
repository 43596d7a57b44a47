import Roles
import Structures

/// A sender of updates: what a group manager and every further sender do for their clients. It sends
/// requests to the members of a group's view by Skeen's algorithm, or in an order of its own where
/// it is the group's only sender and sequencer.
///
/// It begins messages of a group only between the manager's `open` and `halt`: so every message
/// belongs to one view, and between two views nothing is in flight (virtual synchrony, Birman and
/// Joseph 1987).
struct UpdateSender {
    /// What a round is about.
    struct Batch {
        var group: Int
        var requests: [Request]
    }

    /// What the sender knows of a group.
    private struct Group {
        /// The last that the manager has opened; nobody before the first.
        var view = View(number: 0, members: [])
        var isOpen = false
        /// The change for which the group is to come to rest.
        var halt: UInt64?
        var waiting = Queue<Request>()
        /// Messages without all acknowledgements.
        var inFlight = 0
        var isStirred = false
        /// Final timestamps that have not been sent.
        var finals: [Timestamped] = []
        var reads: [Read] = []
        var tickets = Watermark()
        var numbers = Watermark()
    }

    /// A read of one member's state.
    private struct Read {
        var request: Request
        /// Nil while no view is known.
        var member: NodeID?
        var messages = 0
        var bytes = 0
    }

    private let member: Member
    private let topology: ReplicationTopology
    private let options: ReplicationOptions
    private let isSequencer: Bool
    private var groups: GroupTable<Group>
    /// The groups for which something may have gathered.
    private var stirred: [Int] = []
    private var skeen: SkeenSender<Batch, [Answer]>

    init(
        _ member: Member, topology: ReplicationTopology, options: ReplicationOptions,
        isSequencer: Bool
    ) {
        self.member = member
        self.topology = topology
        self.options = options
        self.isSequencer = isSequencer
        groups = GroupTable(topology.groups(sentBy: member.node), repeating: Group())
        skeen = SkeenSender(sender: member)
    }

    var capacityBytes: Int {
        skeen.capacityBytes
            + stirred.allocatedBytes
            + groups.elements.reduce(groups.allocatedBytes) {
                $0 + $1.waiting.capacityBytes + $1.tickets.capacityBytes
                    + $1.numbers.capacityBytes
                    + $1.reads.allocatedBytes + $1.finals.allocatedBytes
            }
    }

    /// All nodes are new: every group is in its first view.
    mutating func begin() {
        for group in groups.groups {
            groups[group].view = View(number: 1, members: topology.replicas(of: group))
            groups[group].isOpen = true
        }
    }

    /// Whether the group's updates may begin.
    func isOpen(_ group: Int) -> Bool { groups[group].isOpen }
}

// MARK: - Requests

extension UpdateSender {
    mutating func request(
        _ operation: Operation, ticket: UInt64, group: Int, into effects: inout [Effect]
    ) {
        let request = Request(ticket: ticket, operation: operation)
        groups[group].tickets.begin(ticket)
        if operation.kind.isRead && !options.ordersReads {
            groups[group].reads.append(Read(request: request))
            return ask(groups[group].reads.count - 1, of: group, into: &effects)
        }
        groups[group].waiting.append(request)
        if groups[group].waiting.count >= options.batch { send(group, into: &effects) }
        stir(group)
    }

    /// No event waits any more: what has gathered goes out.
    mutating func flush(into effects: inout [Effect]) {
        for group in stirred.sorted() {
            groups[group].isStirred = false
            send(group, into: &effects)
            sendFinals(of: group, into: &effects)
        }
        stirred.removeAll(keepingCapacity: true)
    }

    private mutating func stir(_ group: Int) {
        guard !groups[group].isStirred else { return }
        groups[group].isStirred = true
        stirred.append(group)
    }

    private mutating func send(_ group: Int, into effects: inout [Effect]) {
        while groups[group].isOpen, let first = groups[group].waiting.popFirst() {
            var requests = [first]
            while requests.count < options.batch, let next = groups[group].waiting.popFirst() {
                requests.append(next)
            }
            send(requests, to: group, into: &effects)
        }
    }

    private mutating func send(
        _ requests: [Request], to group: Int, into effects: inout [Effect]
    ) {
        let members = groups[group].view.members
        let batch = Batch(group: group, requests: requests)
        let id =
            isSequencer
            ? skeen.beginFinal(batch, members: members) : skeen.begin(batch, members: members)
        groups[group].numbers.begin(id.number)
        groups[group].inFlight += 1
        let propose = ReplicationMessage.Propose(
            id: id, view: groups[group].view.number, stable: groups[group].numbers.lowest,
            answered: groups[group].tickets.lowest, finals: groups[group].finals,
            requests: requests)
        groups[group].finals = []
        let message = (isSequencer ? ReplicationMessage.ordered(propose) : .propose(propose))
            .encoded
        skeen.count(
            messages: members.count, bytes: members.count * message.wireBytes, of: id)
        // Sending takes time, too.
        report(.sent, requests, of: group, into: &effects)
        for member in members { effects.append(.send(message, to: member, .update)) }
    }

    private func report(
        _ step: UpdateStep, _ requests: [Request], of group: Int, into effects: inout [Effect]
    ) {
        for request in requests {
            effects.append(.report(.step(group: group, ticket: request.ticket, step)))
        }
    }

    private mutating func sendFinals(of group: Int, into effects: inout [Effect]) {
        let finals = groups[group].finals
        if finals.isEmpty { return }
        groups[group].finals = []
        send(finals, of: group, into: &effects)
    }

    /// Sends final timestamps by themselves; the message is counted with the first of them.
    private mutating func send(
        _ finals: [Timestamped], of group: Int, into effects: inout [Effect]
    ) {
        let message = ReplicationMessage.final(view: groups[group].view.number, finals).encoded
        let members = groups[group].view.members
        skeen.count(
            messages: members.count, bytes: members.count * message.wireBytes, of: finals[0].id)
        for member in members { effects.append(.send(message, to: member, .update)) }
    }
}

// MARK: - Answers of members

extension UpdateSender {
    mutating func receive(
        _ content: ReplicationMessage, _ message: Message, from node: NodeID,
        into effects: inout [Effect]
    ) {
        switch content {
        case .proposal(let place):
            follow(skeen.proposed(place, by: node, bytes: message.wireBytes), into: &effects)
        case .delivered(let id, let answers):
            follow(
                skeen.acknowledged(id, by: node, answers, bytes: message.wireBytes),
                into: &effects)
        case .answer(let ticket, let answer):
            finishRead(ticket, answer, message, from: node, into: &effects)
        case .greet:
            effects.send(.greeted, to: node, .recovery)
        case .halt(let group, let change, let members) where groups.groups.contains(group):
            halt(group, change, members: members, into: &effects)
        case .finish(let group, let change, let members) where groups.groups.contains(group):
            finish(group, change, members: members, into: &effects)
        case .open(let group, let view) where groups.groups.contains(group):
            open(group, view, into: &effects)
        default:
            effects.append(.report(.malformed))
        }
    }

    private mutating func follow(
        _ outcome: SkeenSender<Batch, [Answer]>.Outcome?, into effects: inout [Effect]
    ) {
        switch outcome {
        case nil:
            effects.append(.report(.malformed))
        case .nothing:
            break
        case .final(let place, let round):
            let batch = round.context
            report(.proposed, batch.requests, of: batch.group, into: &effects)
            if options.piggybacksFinals {
                groups[batch.group].finals.append(place)
                stir(batch.group)
            } else {
                send([place], of: batch.group, into: &effects)
            }
        case .done(let id, let round):
            finish(id, round, into: &effects)
        }
    }

    private mutating func finish(
        _ id: MessageID, _ round: SkeenSender<Batch, [Answer]>.Round, into effects: inout [Effect]
    ) {
        let group = round.context.group
        groups[group].inFlight -= 1
        groups[group].numbers.finish(id.number)
        var share = Share(of: round)
        for (position, request) in round.context.requests.enumerated() {
            // Where it cannot be known who is right or what was read, somebody is gone: once more in
            // the next view.
            guard let answer = answer(at: position, in: round) else {
                groups[group].waiting.append(request)
                stir(group)
                continue
            }
            complete(request, answer, of: group, &share, into: &effects)
        }
        answerHalt(of: group, into: &effects)
    }

    /// What the members say of a request: all that have delivered it say the same, but that only
    /// the first tells what it read. Only one that ends before the next view can have delivered it in
    /// another order; what that one says counts for nothing, and who it is is not known yet.
    private func answer(
        at position: Int, in round: SkeenSender<Batch, [Answer]>.Round
    ) -> Answer? {
        let answers = round.answers.map(\.answer).map {
            $0.indices.contains(position) ? $0[position] : .applied
        }
        if answers.contains(.placed) { return .placed }
        let told = answers.first { if case .value = $0 { true } else { false } } ?? answers.first
        guard let told, answers.allSatisfy({ $0.inBrief == told.inBrief }) else { return nil }
        if case .seen = told { return nil }
        return told
    }

    private mutating func complete(
        _ request: Request, _ answer: Answer, of group: Int, _ share: inout Share,
        into effects: inout [Effect]
    ) {
        groups[group].tickets.finish(request.ticket)
        let (messages, bytes) = share.next(request)
        switch answer {
        case .applied, .placed, .seen:
            effects.append(
                .report(
                    .updateCompleted(
                        group: group, ticket: request.ticket, messages: messages, bytes: bytes)))
        case .refused(let reason):
            effects.append(
                .report(
                    .updateRefused(group: group, ticket: request.ticket, reason: reason)))
        case .value(let value):
            effects.append(
                .report(
                    .readCompleted(
                        group: group, ticket: request.ticket, value: value, messages: messages,
                        bytes: bytes)))
        }
    }
}

// MARK: - Reads of one member

extension UpdateSender {
    /// Members take turns.
    private mutating func ask(_ index: Int, of group: Int, into effects: inout [Effect]) {
        let members = groups[group].view.members
        guard !members.isEmpty else { return }
        let ticket = groups[group].reads[index].request.ticket
        let member = members[Int(ticket % UInt64(members.count))]
        let message = ReplicationMessage.read(groups[group].reads[index].request).encoded
        groups[group].reads[index].member = member
        groups[group].reads[index].messages += 1
        groups[group].reads[index].bytes += message.wireBytes
        effects.append(.send(message, to: member, .update))
    }

    private mutating func finishRead(
        _ ticket: UInt64, _ answer: Answer, _ message: Message, from node: NodeID,
        into effects: inout [Effect]
    ) {
        guard let group = topology.group(of: node) else {
            return effects.append(.report(.malformed))
        }
        // Another member may have been asked, and may have answered, meanwhile.
        guard
            let index = groups[group].reads.firstIndex(where: {
                $0.request.ticket == ticket && $0.member == node
            })
        else { return }
        let read = groups[group].reads.remove(at: index)
        groups[group].tickets.finish(ticket)
        switch answer {
        case .refused(let reason):
            effects.append(
                .report(.updateRefused(group: group, ticket: ticket, reason: reason)))
        case .value(let value):
            effects.append(
                .report(
                    .readCompleted(
                        group: group, ticket: ticket, value: value, messages: read.messages + 1,
                        bytes: read.bytes + message.wireBytes)))
        case .applied, .placed, .seen:
            effects.append(.report(.malformed))
        }
    }
}

// MARK: - Views

extension UpdateSender {
    private mutating func halt(
        _ group: Int, _ change: UInt64, members: [NodeID], into effects: inout [Effect]
    ) {
        groups[group].isOpen = false
        groups[group].halt = change
        for node in members {
            effects.send(.mark(change: change, member.incarnation), to: node, .recovery)
        }
        answerHalt(of: group, into: &effects)
    }

    /// Only now may what is in flight do without those that are gone: a manager that comes back finds
    /// out from any member that they are no members any more.
    private mutating func finish(
        _ group: Int, _ change: UInt64, members: [NodeID], into effects: inout [Effect]
    ) {
        groups[group].view.members = members
        let outcomes = skeen.lose { round, node in
            round.context.group == group && !members.contains(node)
        }
        for outcome in outcomes { follow(outcome, into: &effects) }
        for index in groups[group].reads.indices
        where groups[group].reads[index].member.map({ !members.contains($0) }) ?? false {
            ask(index, of: group, into: &effects)
        }
        answerHalt(of: group, into: &effects)
    }

    /// Once nothing of the group is in flight.
    private mutating func answerHalt(of group: Int, into effects: inout [Effect]) {
        guard let change = groups[group].halt, groups[group].inFlight == 0 else { return }
        groups[group].halt = nil
        effects.send(
            .halted(group: group, change: change), to: topology.manager(of: group), .recovery)
    }

    private mutating func open(_ group: Int, _ view: View, into effects: inout [Effect]) {
        groups[group].view = view
        groups[group].isOpen = true
        groups[group].halt = nil
        // One that was asked while it entered, or before it crashed, does not answer; and a sender that
        // missed a view cannot tell its lives apart. Of two answers the first counts.
        for index in groups[group].reads.indices { ask(index, of: group, into: &effects) }
        send(group, into: &effects)
    }
}
