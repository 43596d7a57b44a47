import Roles
import SeededGenerator
import Testing

@testable import Harness

/// Orders of several groups whose updates go to more than one of them.
struct MulticastOrderTests {
    private struct Message {
        var groups: [Int]
        var ticket: UInt64
    }

    /// One member per group. `logs` names messages by their tickets.
    private func check(_ messages: [Message], _ logs: [[UInt64]]) throws(OrderViolation) {
        var order = DeliveryOrder(members: logs.indices.map { [NodeID(10 + $0)] }) {
            "node-\($0.rawValue)"
        }
        for (group, log) in logs.enumerated() {
            order.take(
                log.map { Delivery(group: group, sender: NodeID(1), ticket: $0) },
                of: NodeID(10 + group), reentered: false)
        }
        _ = try order.check(
            sent: messages.map {
                SentUpdate(
                    groups: $0.groups, id: Delivery.ID(sender: NodeID(1), ticket: $0.ticket),
                    isAcknowledged: false)
            })
    }

    private func complaint(_ messages: [Message], _ logs: [[UInt64]]) -> String? {
        do {
            try check(messages, logs)
            return nil
        } catch {
            return error.description
        }
    }

    private let toBoth = [
        Message(groups: [0, 1], ticket: 1), Message(groups: [0, 1], ticket: 2),
        Message(groups: [0], ticket: 3), Message(groups: [1], ticket: 4),
    ]

    @Test func acceptsOneOrderOfWhatIsCommon() {
        #expect(complaint(toBoth, [[3, 1, 2], [1, 4, 2]]) == nil)
        #expect(complaint(toBoth, [[3], [4]]) == nil)
    }

    @Test func findsGroupsThatDisagree() {
        #expect(
            complaint(toBoth, [[3, 1, 2], [2, 4, 1]])
                == "the orders of groups contradict each other: group 2 delivered node-1's update 2 "
                + "before node-1's update 1, group 1 delivered node-1's update 1 before node-1's "
                + "update 2")
    }

    @Test func findsWhatOnlyOneGroupDelivered() {
        #expect(
            complaint(toBoth, [[1, 2], [1]])
                == "node-1's update 2 was delivered in group 1 and not in group 2")
    }

    @Test func findsWhatWentToTheWrongGroup() {
        #expect(
            complaint(toBoth, [[1, 2, 4], [1, 2, 4]])
                == "group 1: node-10 delivered node-1's update 4 at place 3, which no client began")
    }

    /// Any two groups agree on what they have in common, and yet the three have no order.
    @Test func findsACircleThroughThreeGroups() throws {
        let messages = [
            Message(groups: [0, 2], ticket: 1), Message(groups: [0, 1], ticket: 2),
            Message(groups: [1, 2], ticket: 3),
        ]
        #expect(complaint(messages, [[1, 2], [2, 3], [1, 3]]) == nil)
        let found = try #require(complaint(messages, [[1, 2], [2, 3], [3, 1]]))
        #expect(found.hasPrefix("the orders of groups contradict each other: "))
        #expect(found.contains("group 1 delivered node-1's update 1 before node-1's update 2"))
        #expect(found.contains("group 2 delivered node-1's update 2 before node-1's update 3"))
        #expect(found.contains("group 3 delivered node-1's update 3 before node-1's update 1"))
    }

    /// Whatever one order gives is accepted; two messages in common that one group swaps are found.
    @Test(arguments: 0..<100)
    func acceptsWhatOneOrderGives(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let messages = (0..<20).map { ticket in
            let groups = (0..<4).filter { _ in Bool.random(using: &generator) }
            return Message(groups: groups.isEmpty ? [0] : groups, ticket: UInt64(ticket))
        }
        var logs = (0..<4).map { group in
            messages.filter { $0.groups.contains(group) }.map(\.ticket)
        }
        #expect(complaint(messages, logs) == nil)
        let common = logs[0].filter { logs[1].contains($0) }
        guard common.count > 1 else { return }
        let places = common[..<2].map { logs[0].firstIndex(of: $0)! }
        logs[0].swapAt(places[0], places[1])
        #expect(complaint(messages, logs) != nil)
    }
}
