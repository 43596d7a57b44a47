import RoleTesting
import Roles
import SeededGenerator
import Structures
import Testing

@testable import Replication

/// The binary form of replication's messages, and what bytes that are no message do to the roles.
struct ReplicationMessageTests {
    static let id = MessageID(sender: Member(NodeID(1), incarnation: 1), number: 1)
    static let place = Timestamped(id: id, timestamp: 1 << 62)
    static let view = View(number: 3, members: [NodeID(2), NodeID(4)])
    static let requests = [
        Request(ticket: 5, operation: Operation(.append, value: Array(0..<8))),
        Request(ticket: 6, operation: Operation(.remove, at: 3)),
    ]
    static let propose = ReplicationMessage.Propose(
        id: id, view: 1, stable: 1, answered: 4, finals: [place], requests: requests)
    static let answered: AnsweredRequests = {
        var answered = AnsweredRequests()
        answered.keep(.applied, to: 3, of: NodeID(1), answered: 2)
        answered.keep(.refused("no"), to: 4, of: NodeID(1), answered: 3)
        answered.keep(.value([1, 2]), to: 4, of: NodeID(9), answered: 3)
        return answered
    }()
    static let messages: [ReplicationMessage] = [
        .propose(propose), .ordered(propose), .proposal(place), .final(view: 2, [place, place]),
        .final(view: 2, []), .delivered(id, []),
        .delivered(id, [.applied, .refused("no"), .placed, .seen(1 << 63)]),
        .read(requests[1]), .answer(ticket: 5, .value([1, 2, 3])),
        .answer(ticket: 5, .refused("no")), .join,
        .halt(group: 1, change: 7, members: view.members), .halted(group: 0, change: 1 << 32),
        .open(group: 0, view), .mark(change: 3, 2),
        .flush(change: 3, senders: [NodeID(1)], members: [NodeID(3), NodeID(4)]),
        .finish(group: 1, change: 7, members: view.members),
        .flushed(change: 3, finals: [place], open: [id], ordered: [propose]),
        .settle(change: 3, finals: [], discarded: [id, id], ordered: []), .settled(change: 3),
        .greet, .greeted, .enter, .admit(change: 3, donor: NodeID(3)), .requestState(change: 3),
        .state(change: 2, clock: 9, answered, index: [0, 3]),
        .state(change: 2, clock: 9, AnsweredRequests(), index: []), .installed(change: 4),
        .view(change: 4, view), .view(change: 4, View(number: 1, members: [])),
        .viewed(change: 4), .removed, .inquire, .standing(view, isActive: true),
    ]

    @Test("Every message survives encoding and decoding", arguments: messages)
    func roundTrip(message: ReplicationMessage) throws {
        #expect(
            try ReplicationMessage(decoding: message.encoded.head) == message)
    }

    @Test("Counters that could overflow are refused")
    func hugeCounters() {
        #expect(throws: MalformedMessage.self) {
            try ReplicationMessage(
                decoding: ReplicationMessage.final(
                    view: 1, [Timestamped(id: Self.id, timestamp: .max)]
                )
                .encoded.head)
        }
    }

    @Test("Random bytes and cut or changed messages never end a role or change its state")
    func hostileBytes() throws {
        var random = SeededGenerator(seed: 77)
        let network = RoleNetwork(
            ReplicationTests.Shape(groups: 2, faults: 1).mechanism, seed: 5)
        var lists = RandomUpdates(groups: 2, seed: 5)
        for ticket in 0..<20 as Range<UInt64> {
            network.deliver(
                .update(group: 0, ticket: ticket, try lists.next(group: 0)), to: NodeID(1))
        }
        network.settle()
        for _ in 0..<3000 {
            var bytes: [UInt8]
            if Bool.random(using: &random) {
                bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
            } else {
                bytes = Self.messages.randomElement(using: &random)?.encoded.head ?? []
                bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            }
            if (try? ReplicationMessage(decoding: bytes)) != nil { continue }
            for node in network.mechanism.nodeIDs {
                let sender = NodeID(Int.random(in: 0...9, using: &random))
                network.deliver(.message(Message(head: bytes), from: sender), to: node)
            }
        }
        #expect(network.complaints.count > 1000)
        #expect(network.complaints.allSatisfy { $0 == "malformed" })
        #expect(network.firstDifference(from: lists.models) == nil)
    }

    @Test("Well-formed messages at the wrong time or place end no role")
    func misplaced() throws {
        var random = SeededGenerator(seed: 8)
        let mechanism = ReplicationTests.Shape(groups: 2, faults: 1).mechanism
        for seed in 0..<30 as Range<UInt64> {
            let network = RoleNetwork(mechanism, seed: seed)
            if seed.isMultiple(of: 2) {
                network.crash(NodeID(3))
                network.restart(NodeID(3))
            }
            for _ in 0..<200 {
                let bytes = [UInt8](repeating: 7, count: Int.random(in: 0..<20, using: &random))
                let message = (Self.messages.randomElement(using: &random) ?? .enter).encoded(
                    body: Bool.random(using: &random) ? Body(copying: bytes) : nil)
                network.deliver(
                    .message(message, from: NodeID(Int.random(in: 0...7, using: &random))),
                    to: NodeID(Int.random(in: 1...5, using: &random)))
            }
        }
    }
}
