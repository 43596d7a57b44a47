import RoleTesting
import Roles
import SeededGenerator
import Testing

@testable import Replication

/// Skeen's algorithm by itself: several senders, no group manager.
struct SkeenTests {
    private static func id(_ sender: Int, _ number: UInt64) -> MessageID {
        MessageID(sender: Member(NodeID(sender), incarnation: 1), number: number)
    }

    @Test("Members deliver the messages of several senders in one order, whatever the schedule")
    func totalOrder() {
        for seed in 1...200 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed)
            var members = (0..<3).map { _ in SkeenMember<Int>() }
            var delivered: [[Int]] = [[], [], []]
            // Per message: who has it, the proposals, and who knows the final timestamp.
            var proposals = Array(repeating: [Int: UInt64](), count: 12)
            var finals = Array(repeating: Set<Int>(), count: 12)
            while finals.contains(where: { $0.count < 3 }) {
                let message = Int(random.next() % 12)
                let member = Int(random.next() % 3)
                let id = Self.id(message % 4, UInt64(message / 4))
                if proposals[message][member] == nil {
                    proposals[message][member] = members[member].propose(id, stable: 0, message)
                } else if proposals[message].count == 3,
                    finals[message].insert(member).inserted
                {
                    let timestamp = proposals[message].values.max() ?? 0
                    let place = Timestamped(id: id, timestamp: timestamp)
                    delivered[member] += members[member].finalize(place)?.map(\.payload) ?? []
                }
            }
            #expect(delivered[0].count == 12, "seed \(seed)")
            #expect(Set(delivered[0]).count == 12)
            #expect(delivered[0] == delivered[1] && delivered[1] == delivered[2], "seed \(seed)")
        }
    }

    @Test(
        "Messages to several groups are in one order with those to one, and no other group takes part"
    )
    func severalGroups() {
        // Two members each of groups 0, 1 and 2, and what each message goes to.
        let destinations = [
            [0], [1], [0, 1], [2], [1, 2], [0, 2], [0, 1, 2], [0], [1], [0, 1],
        ]
        for seed in 1...200 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed)
            var members = (0..<6).map { _ in SkeenMember<Int>() }
            var senders = (0..<3).map {
                SkeenSender<Int, Void>(sender: Member(NodeID(10 + $0), incarnation: 1))
            }
            var ids: [MessageID] = []
            for (message, groups) in destinations.enumerated() {
                let nodes = groups.flatMap { [NodeID(2 * $0), NodeID(2 * $0 + 1)] }
                ids.append(senders[message % 3].begin(message, members: nodes))
            }
            // Per message who has still to propose, and then to learn its place.
            var proposing = destinations.map { $0.flatMap { [2 * $0, 2 * $0 + 1] } }
            var places: [(Timestamped, Int)] = []
            var delivered = Array(repeating: [Int](), count: 6)
            while proposing.contains(where: { !$0.isEmpty }) || !places.isEmpty {
                if random.next() % 2 == 0, !places.isEmpty {
                    let (place, member) = places.remove(
                        at: Int(random.next() % UInt64(places.count)))
                    delivered[member] += members[member].finalize(place)?.map(\.payload) ?? []
                    continue
                }
                let message = Int(random.next() % UInt64(destinations.count))
                guard !proposing[message].isEmpty else { continue }
                let member = proposing[message].remove(
                    at: Int(random.next() % UInt64(proposing[message].count)))
                let timestamp = members[member].propose(ids[message], stable: 0, message)
                let outcome = senders[message % 3].proposed(
                    Timestamped(id: ids[message], timestamp: timestamp), by: NodeID(member),
                    bytes: 1)
                if case .final(let place, let round) = outcome {
                    places += round.members.map { (place, Int($0.rawValue)) }
                }
            }
            for (member, messages) in delivered.enumerated() {
                let own = destinations.indices.filter { destinations[$0].contains(member / 2) }
                #expect(messages.sorted() == own, "seed \(seed)")
                for other in delivered {
                    let common = Set(messages).intersection(other)
                    #expect(
                        messages.filter(common.contains) == other.filter(common.contains),
                        "seed \(seed)")
                }
            }
        }
    }

    private func expectNext<Payload: Equatable>(
        _ queue: inout HoldBackQueue<Payload>, _ payload: Payload,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let next = queue.popDeliverable()?.payload
        #expect(next == payload, sourceLocation: sourceLocation)
    }

    private func expectNothing<Payload>(
        _ queue: inout HoldBackQueue<Payload>, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let isEmpty = queue.popDeliverable() == nil
        #expect(isEmpty, sourceLocation: sourceLocation)
    }

    @Test("The hold-back queue gives out by (timestamp, id), and only what is final")
    func holdBackQueue() {
        var queue = HoldBackQueue<String>()
        queue.hold(Self.id(2, 1), timestamp: 1, "b")
        queue.hold(Self.id(1, 1), timestamp: 1, "a")
        queue.hold(Self.id(3, 1), timestamp: 2, "c")
        let known1 = queue.finalize(Self.id(3, 1), timestamp: 2)
        #expect(known1)
        expectNothing(&queue)
        let known2 = queue.finalize(Self.id(1, 1), timestamp: 5)
        #expect(known2)
        let known3 = queue.finalize(Self.id(2, 1), timestamp: 5)
        #expect(known3)
        expectNext(&queue, "c")
        expectNext(&queue, "a")
        expectNext(&queue, "b")
        expectNothing(&queue)
        #expect(queue.count == 0)
        let known4 = queue.finalize(Self.id(9, 9), timestamp: 1)
        #expect(!known4)
    }

    @Test("The hold-back queue agrees with a sorted array over random runs")
    func holdBackQueueModel() {
        for seed in 1...50 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed)
            var queue = HoldBackQueue<Int>()
            var model: [(timestamp: UInt64, id: MessageID, isFinal: Bool, payload: Int)] = []
            for step in 0..<300 {
                if Int(random.next() % 3) == 0 || model.isEmpty {
                    let timestamp = random.next() % 50
                    let id = Self.id(Int(random.next() % 5), UInt64(step))
                    queue.hold(id, timestamp: timestamp, step)
                    model.append((timestamp, id, false, step))
                } else {
                    let index = Int(random.next() % UInt64(model.count))
                    guard !model[index].isFinal else { continue }
                    model[index].timestamp += random.next() % 10
                    model[index].isFinal = true
                    let known5 = queue.finalize(model[index].id, timestamp: model[index].timestamp)
                    #expect(known5)
                }
                model.sort { ($0.timestamp, $0.id) < ($1.timestamp, $1.id) }
                while let head = model.first, head.isFinal {
                    expectNext(&queue, head.payload)
                    model.removeFirst()
                }
                expectNothing(&queue)
                #expect(queue.count == model.count)
            }
        }
    }

    @Test("A member's clock is never behind what it proposed or learned")
    func clock() {
        var member = SkeenMember<Int>(clock: 10)
        let proposed11 = member.propose(Self.id(1, 1), stable: 0, 0)
        #expect(proposed11 == 11)
        _ = member.finalize(Timestamped(id: Self.id(1, 1), timestamp: 40))
        #expect(member.clock == 40)
        let proposed41 = member.propose(Self.id(1, 2), stable: 0, 0)
        #expect(proposed41 == 41)
        let isUnknown = member.finalize(Timestamped(id: Self.id(7, 7), timestamp: 90)) == nil
        #expect(isUnknown)
        #expect(member.clock == 90)
    }
}
