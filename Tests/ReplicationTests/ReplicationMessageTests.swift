import RoleTesting
import Roles
import SeededGenerator
import Structures
import Testing

@testable import Replication

/// The binary form of replication's messages, and what bytes that are no message do to the roles.
struct ReplicationMessageTests {
    static let id = MessageID(sender: Member(NodeID(1), incarnation: 1), number: 1)
    static let messages: [ReplicationMessage] = [
        .propose(id, view: 1, Operation(.append, value: Array(0..<8))),
        .proposal(id, timestamp: 4), .final(id, timestamp: 1 << 62), .delivered(id, refusal: ""),
        .delivered(id, refusal: "no"), .enter, .admit(donor: NodeID(3)), .requestState,
        .state(clock: 9, view: 2, index: [0, 3]), .installed,
        .view(number: 3, members: [NodeID(2), NodeID(4)]),
        .view(number: 3, members: []),
    ]

    @Test("Every message survives encoding and decoding", arguments: messages)
    func roundTrip(message: ReplicationMessage) throws {
        let head = message.encoded().head
        #expect(try ReplicationMessage(decoding: head).encoded().head == head)
    }

    @Test("Counters that could overflow are refused")
    func hugeCounters() {
        #expect(throws: MalformedMessage.self) {
            try ReplicationMessage(
                decoding: ReplicationMessage.final(Self.id, timestamp: .max).encoded().head)
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
                bytes = Self.messages.randomElement(using: &random)?.encoded().head ?? []
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
