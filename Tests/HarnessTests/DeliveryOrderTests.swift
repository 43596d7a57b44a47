import Roles
import SeededGenerator
import Testing

@testable import Harness

/// Logs that one order explains, and logs that break each promise in turn.
struct DeliveryOrderTests {
    private static let members = [NodeID(2), NodeID(3), NodeID(4)]
    private static let updates = [(1, 0), (5, 0), (1, 1), (5, 1), (1, 2)].map {
        Delivery(group: 0, sender: NodeID($0.0), ticket: UInt64($0.1))
    }

    private static func makeOrder() -> DeliveryOrder {
        DeliveryOrder(members: [members]) { "node-\($0.rawValue)" }
    }

    private static func sent(_ updates: [Delivery], unacknowledged: Int = 0) -> [SentUpdate] {
        updates.enumerated().map { number, update in
            SentUpdate(
                groups: [update.group], id: update.id,
                isAcknowledged: number < updates.count - unacknowledged)
        }
    }

    /// What is said of three members' logs, or nil where they are accepted.
    private func complaint(
        _ logs: [[Delivery]], sent: [SentUpdate] = sent(updates), reentered: Set<Int> = [],
        crashed: Set<Int> = []
    ) -> String? {
        var order = Self.makeOrder()
        for (number, log) in logs.enumerated() {
            let member = Self.members[number]
            order.take(log, of: member, reentered: reentered.contains(number))
            if crashed.contains(number) { order.crashed(member) }
        }
        do {
            _ = try order.check(sent: sent)
            return nil
        } catch {
            return error.description
        }
    }

    @Test func tellsTheOrderAndTheLongestHoldBack() throws {
        var order = Self.makeOrder()
        var held = Self.updates
        held[0].heldBackNs = 50
        order.take(held, of: Self.members[0], reentered: false)
        held = Self.updates
        held[1].heldBackNs = 70
        held[3].heldBackNs = 20
        order.take(held, of: Self.members[1], reentered: false)
        held[3].heldBackNs = 90
        order.take(Array(held[3...]), of: Self.members[2], reentered: true)
        let agreed = try order.check(sent: Self.sent(Self.updates))[0]
        #expect(agreed.map(\.id) == Self.updates.map(\.id))
        #expect(agreed.map(\.heldBackNs) == [50, 70, 0, 90, 0])
    }

    @Test func aPeriodKnowsNothingOfTheOneBefore() throws {
        var order = Self.makeOrder()
        for period in [Self.updates[..<2], Self.updates[2...]] {
            for member in Self.members { order.take(Array(period), of: member, reentered: false) }
            #expect(try order.check(sent: Self.sent(Array(period)))[0].count == period.count)
        }
        #expect(try order.check(sent: [])[0].isEmpty)
    }

    @Test func aLogMayComeInParts() throws {
        var order = Self.makeOrder()
        order.take(Array(Self.updates[..<3]), of: Self.members[0], reentered: false)
        order.take(Self.updates, of: Self.members[1], reentered: false)
        order.take(Array(Self.updates[3...]), of: Self.members[0], reentered: false)
        #expect(try order.check(sent: Self.sent(Self.updates))[0].count == 5)
    }

    @Test func unacknowledgedUpdatesMayBeMissing() {
        let known = Array(Self.updates[..<3])
        #expect(
            complaint([known, known, known], sent: Self.sent(Self.updates, unacknowledged: 2))
                == nil)
    }

    @Test func agreementIsChecked() {
        let all = Self.updates
        let short = Array(all[..<4])
        #expect(
            complaint([all, short, all])
                == "group 1: node-3 has not delivered node-1's update 2, which node-2 delivered at "
                + "place 5")
        #expect(
            complaint([all, all, []])
                == "group 1: node-4 has not delivered node-1's update 0, which node-2 delivered at "
                + "place 1")
        // A member that re-entered got its state before the last update, and has not delivered it.
        #expect(
            complaint([all, Array(all[2..<4]), all], reentered: [1])
                == "group 1: node-3 has not delivered node-1's update 2, which node-2 delivered at "
                + "place 5")
        // What a member delivered before it crashed, its survivors deliver.
        #expect(
            complaint([all, short, short], crashed: [0])
                == "group 1: node-3 has not delivered node-1's update 2, which node-2 delivered at "
                + "place 5")
        #expect(
            complaint([short, Array(all[4...]), short], reentered: [1])
                == "group 1: node-3 re-entered and delivered node-1's update 2, which no other "
                + "member has delivered")
    }

    @Test func totalOrderIsChecked() {
        let all = Self.updates
        #expect(
            complaint([all, all, [all[0], all[1], all[3], all[2], all[4]]])
                == "group 1: the orders differ at place 3, where node-4 delivered node-5's update 1 "
                + "and node-2 delivered node-1's update 1")
        #expect(
            complaint([all, [all[4], all[3]], all], reentered: [1])
                == "group 1: the orders differ, node-3 delivered node-5's update 1 at place 6 and "
                + "node-2 at place 4")
        #expect(
            complaint([all, [all[1], all[3], all[4]], all], reentered: [1])
                == "group 1: the orders differ at place 3, where node-3 delivered node-5's update 1 "
                + "and node-2 delivered node-1's update 1")
    }

    @Test func integrityIsChecked() {
        let all = Self.updates
        let twice = Array(all[..<3]) + [all[1]] + all[3...]
        #expect(
            complaint([twice, twice, twice])
                == "group 1: node-2 delivered node-5's update 0 twice, at places 2 and 4")
        #expect(
            complaint([all, all, twice])
                == "group 1: node-4 delivered node-5's update 0 twice, at places 2 and 4")
        #expect(
            complaint([all, Array(all[3...]) + [all[3]], all], reentered: [1])
                == "group 1: node-3 delivered node-5's update 1 twice, at places 4 and 6")
        #expect(
            complaint([all, all, all], sent: Self.sent(Array(all[..<4])))
                == "group 1: node-2 delivered node-1's update 2 at place 5, which no client began")
        #expect(
            complaint([Array(all[..<4]), all, all], sent: Self.sent(Array(all[..<4])))
                == "group 1: node-3 delivered node-1's update 2 at place 5, which no client began")
        let elsewhere = Delivery(group: 1, sender: NodeID(1), ticket: 0)
        #expect(
            complaint([all, all + [elsewhere], all])
                == "group 2: node-3, which is no member of the group, delivered node-1's update 0")
    }

    @Test func validityIsChecked() {
        let short = Array(Self.updates[..<4])
        #expect(
            complaint([short, short, short])
                == "group 1: node-1's update 2 was acknowledged, and no member delivered it")
        #expect(
            complaint([[], [], []])
                == "group 1: node-1's update 0 was acknowledged, and no member delivered it")
    }

    /// Two logs that begin late do not show what came before them.
    @Test func anOrderOfWhichNobodyKnowsTheStartIsNoOrder() {
        let late = Array(Self.updates[1...])
        #expect(
            complaint([late, late], reentered: [0, 1])
                == "group 1: no member was there from the beginning, so that the order of its "
                + "updates cannot be known")
        #expect(complaint([], sent: []) == nil)
    }

    /// One log leads to the next, though no member was there all the time.
    @Test func logsThatOverlapMakeOneOrder() throws {
        var order = Self.makeOrder()
        let all = Self.updates
        order.take(Array(all[..<2]), of: Self.members[0], reentered: false)
        order.take(Array(all[3...]), of: Self.members[0], reentered: true)
        order.take(Array(all[1..<4]), of: Self.members[1], reentered: true)
        order.crashed(Self.members[1])
        #expect(try order.check(sent: Self.sent(all))[0].map(\.id) == all.map(\.id))
    }

    /// Random orders with members that crash and re-enter are accepted; each random change of one
    /// entry is found.
    @Test(arguments: 0..<200)
    func acceptsWhatIsRightAndFindsOneWrongEntry(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var tickets: [Int: UInt64] = [:]
        let all = (0..<Int.random(in: 2...30, using: &generator)).map { _ in
            let sender = Int.random(in: 5...8, using: &generator)
            defer { tickets[sender, default: 0] += 1 }
            return Delivery(group: 0, sender: NodeID(sender), ticket: tickets[sender, default: 0])
        }
        // Two members stay; the others may crash, and come back some time after.
        let lives = [0, 1].map { _ in
            let crash = Int.random(in: 0...all.count, using: &generator)
            return (crash, back: Int.random(in: crash...all.count, using: &generator))
        }
        func complaint(changing change: (inout [[Delivery]]) -> Void) -> String? {
            // Per changing member the log before its crash and the one after it.
            var logs = [all] + lives.flatMap { [Array(all[..<$0]), Array(all[$1...])] }
            change(&logs)
            var order = DeliveryOrder(members: [Self.members + [NodeID(9)]]) { "\($0)" }
            order.take(logs[0], of: Self.members[0], reentered: false)
            order.take(all, of: NodeID(9), reentered: false)
            for other in [0, 1] {
                order.take(logs[1 + 2 * other], of: Self.members[1 + other], reentered: false)
                order.take(logs[2 + 2 * other], of: Self.members[1 + other], reentered: true)
            }
            do {
                _ = try order.check(sent: Self.sent(all))
                return nil
            } catch {
                return error.description
            }
        }
        #expect(complaint { _ in } == nil)
        for log in 0..<5 {
            var isEmpty = false
            let foundLoss = complaint { logs in
                isEmpty = logs[log].isEmpty
                guard !isEmpty else { return }
                // The end of a log that a crash cut off cannot be missed, nor its only entry; what a
                // re-entered member did not deliver first, it may have got with its state.
                let first = log == 2 || log == 4 ? 1 : 0
                let end = logs[log].count - (log == 1 || log == 3 ? 1 : 0)
                isEmpty = first >= end
                if !isEmpty {
                    logs[log].remove(at: Int.random(in: first..<end, using: &generator))
                }
            }
            #expect(isEmpty || foundLoss != nil, "log \(log) lost an entry")
            let foundSwap = complaint { logs in
                isEmpty = logs[log].count < 2
                guard !isEmpty else { return }
                let place = Int.random(in: 1..<logs[log].count, using: &generator)
                logs[log].swapAt(place - 1, place)
            }
            #expect(isEmpty || foundSwap != nil, "log \(log) has two entries swapped")
            let foundRepetition = complaint { logs in
                isEmpty = logs[log].isEmpty
                guard !isEmpty else { return }
                logs[log].append(logs[log].randomElement(using: &generator)!)
            }
            #expect(isEmpty || foundRepetition != nil, "log \(log) has an entry twice")
        }
    }
}
