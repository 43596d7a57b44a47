import RoleTesting
import Roles
import SeededGenerator
import Structures
import Testing

@testable import Fusion

/// The binary form of fusion's messages, and what bytes that are no message do to the roles.
struct FusionMessageTests {
    static let update = FusionMessage.Update(
        sequence: 7, operation: StructuralOperation(.insert, at: 3), deltas: [1, 2, 3, 4])

    static let messages: [FusionMessage] =
        [
            .update(update), .updates([]), .updates([update, update]),
            .acknowledge(sequence: 1 << 62), .rejoin, .quiesced, .recovering, .resume, .resumed,
        ]
        + attemptMessages.map { .attempt(3, $0) }

    static let attemptMessages: [AttemptMessage] = [
        .agree(absent: [NodeID(1), NodeID(3)]), .agree(absent: []),
        .agreed(absent: [NodeID(2)], sequences: [1, 2, 1 << 62]),
        .agreed(absent: [], sequences: []), .sendUpdates(primary: 1, after: 9),
        .updates(primary: 0, [[1, 2], [], [3]]), .updates(primary: 1, []), .sendState(of: [1]),
        .sendState(of: []), .state(counts: [3, 0, 0, 0], [EncodedMirror(sequence: 9, index: [5])]),
        .state(counts: [3, 0, 0, 0], []),
        .cells, .install([EncodedMirror(sequence: 0, index: [0, 0, 0, 0, 0])]), .installed,
        .release,
    ]

    @Test("Every message survives encoding and decoding", arguments: messages)
    func roundTrip(message: FusionMessage) throws {
        let head = message.encoded().head
        #expect(try FusionMessage(decoding: head).encoded().head == head)
    }

    @Test("Counters that could overflow are refused")
    func hugeCounters() {
        #expect(throws: MalformedMessage.self) {
            try FusionMessage(decoding: FusionMessage.acknowledge(sequence: .max).encoded().head)
        }
    }

    @Test("The layout is little-endian and fixed")
    func layout() {
        #expect(
            FusionMessage.Update(
                sequence: 258, operation: StructuralOperation(.set, at: 1), deltas: [9]
            ).encoded == [1, 2, 1, 0, 0, 0, 0, 0, 0, 3, 0, 1, 0, 0, 0, 9])
    }

    @Test("Random bytes and cut or changed messages never end a role or change its state")
    func hostileBytes() throws {
        let shape = FusionTests.Shape(primaries: 2, faults: 2)
        var random = SeededGenerator(seed: 77)
        let network = RoleNetwork(try shape.mechanism(), seed: 5)
        var lists = RandomUpdates(groups: 2, seed: 5)
        for ticket in 0..<20 as Range<UInt64> {
            let group = Int(ticket % 2)
            network.deliver(
                .update(group: group, ticket: ticket, try lists.next(group: group)),
                to: NodeID(1 + group))
        }
        network.settle()
        let genuine = Self.messages.map { $0.encoded().head }
        for _ in 0..<3000 {
            var bytes: [UInt8]
            if Bool.random(using: &random) {
                bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                    UInt8.random(in: 0...255, using: &random)
                }
            } else {
                bytes = genuine.randomElement(using: &random) ?? []
                bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            }
            // A well-formed request is no hostile message.
            if (try? FusionMessage(decoding: bytes)) != nil { continue }
            for node in network.mechanism.nodeIDs {
                let sender = NodeID(rawValue: UInt16.random(in: 0...7, using: &random))
                network.deliver(.message(Message(head: bytes), from: sender), to: node)
            }
        }
        #expect(network.complaints.count > 1000)
        #expect(network.complaints.allSatisfy { $0 == "malformed" })
        #expect(network.firstDifference(from: lists.models) == nil)
    }

    @Test("Well-formed messages at the wrong time or place are refused, bodies of odd size too")
    func misplaced() throws {
        let mechanism = try FusionTests.Shape(primaries: 2, faults: 1).mechanism()
        var random = SeededGenerator(seed: 8)
        for seed in 0..<30 as Range<UInt64> {
            let network = RoleNetwork(mechanism, seed: seed)
            if seed.isMultiple(of: 2) {
                network.crash(NodeID(1))
                network.restart(NodeID(1))
            }
            for _ in 0..<200 {
                let bytes = [UInt8](
                    repeating: 7, count: Int.random(in: 0..<20, using: &random))
                let message = (Self.messages.randomElement(using: &random) ?? .rejoin).encoded(
                    body: Bool.random(using: &random) ? Body(copying: bytes) : nil)
                network.deliver(
                    .message(message, from: NodeID(Int.random(in: 0...5, using: &random))),
                    to: NodeID(Int.random(in: 1...3, using: &random)))
            }
        }
    }
}
