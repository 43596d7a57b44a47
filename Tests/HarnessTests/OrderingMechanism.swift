import Roles
import Structures

@testable import Harness

/// The smallest mechanism whose members order the updates of several senders: of each group, one
/// replica is the leader, which takes them in the order in which they come and passes them on to
/// the others. Senders and followers may crash, leaders not.
struct OrderingMechanism: Mechanism {
    /// What a member does wrong.
    enum Bug: Sendable {
        /// The last member says nothing of one delivery.
        case unreported
        /// It tells of one delivery twice.
        case reportedTwice
        /// It takes two updates the other way round.
        case otherOrder
        /// Members take what is repeated once more.
        case repeatsNotKnown
        /// A sender says that an update is complete that it has sent nobody.
        case lostUpdate
        /// A sender says that an update is complete that was refused.
        case wrongAnswer
    }

    static let senders = 2
    let groups: Int
    let shape: StructureShape
    var bug: Bug?
    let nodes: [NodeDescription]

    init(_ plan: RunPlan, bug: Bug? = nil) {
        groups = plan.groups
        shape = plan.shape
        self.bug = bug
        let members = (0..<plan.groups).flatMap { group in
            (0...plan.faults).map { place in
                var node = NodeDescription(
                    name: "replica-\(group + 1)-\(place + 1)", kind: .replica, group: group)
                node.isCrashable = place > 0
                return node
            }
        }
        nodes =
            (1...Self.senders).map {
                NodeDescription(name: "sender-\($0)", kind: .sender, group: nil)
            } + members
    }

    var senderNodes: [NodeID] { (1...Self.senders).map { NodeID($0) } }

    func members(of group: Int) -> [NodeID] {
        nodeIDs.filter { description(of: $0).group == group }
    }

    func peers(of node: NodeID) -> [NodeID] {
        guard let group = description(of: node).group else {
            return (0..<groups).flatMap(members(of:))
        }
        return senderNodes + members(of: group).filter { $0 != node }
    }

    func initiators(of group: Int) -> [NodeID] { senderNodes }

    var ordersUpdates: Bool { true }

    func makeRole(of member: Member) -> any Role {
        guard let group = description(of: member.node).group else {
            return OrderingSender(leaders: (0..<groups).map { self.members(of: $0)[0] }, bug: bug)
        }
        let members = self.members(of: group)
        let isLast = member.node == members.last
        return OrderingMember(
            group: group, leader: members[0],
            present: member.node == members[0] ? Array(members.dropFirst()) : [], shape: shape,
            structure: shape.makePlain(),
            bug: isLast || bug == .repeatsNotKnown ? bug : nil)
    }

    func firstDifference(
        in snapshots: [NodeID: Message], expected: [ModelStructure]
    ) -> String? {
        for group in 0..<groups {
            for node in members(of: group) {
                if let difference = Difference.first(
                    between: snapshots[node], and: expected[group])
                {
                    return "\(description(of: node).name): \(difference)"
                }
            }
        }
        return nil
    }
}

/// What these nodes say to each other.
enum OrderingMessage: UInt8 {
    /// Sender to leader, and leader to followers.
    case update
    /// Follower to leader.
    case taken
    /// Leader to sender, with the reason of a refusal.
    case answer
    /// A sender or a follower is there again.
    case entry
    case state

    func message(sender: NodeID, ticket: UInt64, _ rest: [UInt8] = []) -> Message {
        var writer = ByteWriter()
        writer.write(rawValue)
        writer.write(sender.rawValue)
        writer.write(ticket)
        writer.write(raw: rest)
        return Message(head: writer.bytes)
    }

    static func read(
        _ message: Message
    ) -> (kind: OrderingMessage, id: Delivery.ID, rest: [UInt8])? {
        var reader = ByteReader(message.head)
        guard let byte = try? reader.read(UInt8.self), let kind = OrderingMessage(rawValue: byte),
            let sender = try? reader.read(UInt16.self), let ticket = try? reader.read(UInt64.self)
        else { return nil }
        return (
            kind, Delivery.ID(sender: NodeID(rawValue: sender), ticket: ticket), reader.readRest()
        )
    }
}

struct OrderingSender: Role {
    let leaders: [NodeID]
    let bug: OrderingMechanism.Bug?
    var unready: Set<NodeID> = []

    var ledger: Ledger { Ledger() }
    var elementCount: Int { 0 }
    func snapshot() -> Message { Message(head: []) }

    mutating func handle(_ event: Event, into effects: inout [Effect]) {
        switch event {
        case .start(let start):
            guard start.kind == .recovery else { return }
            effects.append(.report(.phase(.quiesce)))
            unready = Set(leaders)
            let message = OrderingMessage.entry.message(sender: .driver, ticket: 0)
            for leader in leaders { effects.append(.send(message, to: leader, .recovery)) }
        case .update(let group, let ticket, let operation):
            if bug == .lostUpdate, ticket == 25 {
                return effects.append(
                    .report(
                        .updateCompleted(group: group, ticket: ticket, messages: 0, bytes: 0)))
            }
            var writer = ByteWriter()
            writer.write(operation)
            effects.append(
                .send(
                    OrderingMessage.update.message(
                        sender: .driver, ticket: ticket, writer.bytes),
                    to: leaders[group], .update))
        case .message(let message, let node):
            guard let (kind, id, rest) = OrderingMessage.read(message),
                let group = leaders.firstIndex(of: node)
            else { return effects.append(.report(.malformed)) }
            if kind == .state {
                if unready.remove(node) != nil, unready.isEmpty {
                    effects.append(.report(.recovered))
                }
            } else if rest.isEmpty || bug == .wrongAnswer {
                effects.append(
                    .report(
                        .updateCompleted(group: group, ticket: id.ticket, messages: 4, bytes: 9)))
            } else {
                effects.append(
                    .report(
                        .updateRefused(
                            group: group, ticket: id.ticket,
                            reason: String(decoding: rest, as: UTF8.self))))
            }
        case .peerLost, .proceed, .idle: break
        }
    }
}

struct OrderingMember: Role {
    let group: Int
    let leader: NodeID
    /// At the leader: the followers that are there.
    var present: [NodeID]
    let shape: StructureShape
    var structure: any PlainStructure
    let bug: OrderingMechanism.Bug?

    var answers: [Delivery.ID: [UInt8]] = [:]
    /// At the leader: who has not taken an update yet, and who waits for all to be taken.
    var waiting: [Delivery.ID: Set<NodeID>] = [:]
    var entering: [NodeID] = []
    var taken = 0
    var held: (id: Delivery.ID, operation: Operation)?

    var ledger: Ledger { structure.ledger }
    var elementCount: Int { structure.count }
    func snapshot() -> Message { structure.snapshot() }

    mutating func handle(_ event: Event, into effects: inout [Effect]) {
        switch event {
        case .start(let start):
            guard start.kind == .recovery else { return }
            effects.append(.report(.phase(.collect)))
            effects.append(
                .send(
                    OrderingMessage.entry.message(sender: .driver, ticket: 0), to: leader,
                    .recovery))
        case .peerLost(let node):
            present.removeAll { $0 == node }
            for id in waiting.keys.sorted(by: { $0.ticket < $1.ticket }) {
                isTaken(id, by: node, into: &effects)
            }
        case .message(let message, let node):
            receive(message, from: node, into: &effects)
        case .update, .proceed, .idle: break
        }
    }

    private mutating func receive(
        _ message: Message, from node: NodeID, into effects: inout [Effect]
    ) {
        guard let (kind, sent, rest) = OrderingMessage.read(message) else {
            return effects.append(.report(.malformed))
        }
        var id = sent
        switch kind {
        case .update:
            let isLeader = node != leader
            if isLeader { id.sender = node }
            var reader = ByteReader(rest)
            guard let operation = try? reader.readOperation() else {
                return effects.append(.report(.malformed))
            }
            if isLeader {
                if let answer = answers[id], bug != .repeatsNotKnown {
                    return effects.append(
                        .send(
                            OrderingMessage.answer.message(
                                sender: .driver, ticket: id.ticket, answer),
                            to: node, .update))
                }
                waiting[id] = Set(present)
                for follower in present {
                    let message = OrderingMessage.update.message(
                        sender: id.sender, ticket: id.ticket, rest)
                    effects.append(.send(message, to: follower, .update))
                }
            }
            take(id, operation, into: &effects)
            isTaken(id, by: leader, into: &effects)
        case .taken:
            isTaken(id, by: node, into: &effects)
        case .entry:
            entering.append(node)
            letIn(into: &effects)
        case .state:
            guard let state = try? shape.plain(from: Message(head: rest, body: message.body)) else {
                return effects.append(.report(.malformed))
            }
            structure = state
            effects.append(.report(.recovered))
        case .answer:
            effects.append(.report(.malformed))
        }
    }

    /// A member takes an update; a planted bug may let it wait for the next one.
    private mutating func take(
        _ id: Delivery.ID, _ operation: Operation, into effects: inout [Effect]
    ) {
        taken += 1
        if bug == .otherOrder, taken == 33 {
            held = (id, operation)
            return
        }
        apply(id, operation, into: &effects)
        if let (id, operation) = held {
            held = nil
            apply(id, operation, into: &effects)
        }
    }

    private mutating func apply(
        _ id: Delivery.ID, _ operation: Operation, into effects: inout [Effect]
    ) {
        do {
            try structure.apply(operation)
            answers[id] = []
        } catch {
            answers[id] = Array("\(error)".utf8)
        }
        effects.append(.report(.held(group: group, sender: id.sender, ticket: id.ticket)))
        let report = Report.delivered(group: group, sender: id.sender, ticket: id.ticket)
        // The last of a batch, and one in the middle.
        if bug != .unreported || taken != 30 { effects.append(.report(report)) }
        if bug == .reportedTwice, taken == 33 { effects.append(.report(report)) }
        guard present.isEmpty else { return }
        effects.append(
            .send(
                OrderingMessage.taken.message(sender: id.sender, ticket: id.ticket), to: leader,
                .update))
    }

    private mutating func isTaken(
        _ id: Delivery.ID, by node: NodeID, into effects: inout [Effect]
    ) {
        guard waiting[id] != nil else { return }
        waiting[id]?.remove(node)
        guard waiting[id]?.isEmpty == true else { return }
        waiting[id] = nil
        effects.append(
            .send(
                OrderingMessage.answer.message(
                    sender: .driver, ticket: id.ticket, answers[id] ?? []),
                to: id.sender, .update))
        letIn(into: &effects)
    }

    private mutating func letIn(into effects: inout [Effect]) {
        guard waiting.isEmpty else { return }
        for node in entering {
            let isFollower = node.rawValue > OrderingMechanism.senders
            if isFollower { present = (present + [node]).sorted() }
            let state = isFollower ? structure.snapshot() : Message(head: [])
            var message = OrderingMessage.state.message(sender: .driver, ticket: 0, state.head)
            message.body = state.body
            effects.append(.send(message, to: node, .recovery))
        }
        entering = []
    }
}
