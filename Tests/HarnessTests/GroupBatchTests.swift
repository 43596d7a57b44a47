import Roles
import Structures
import Testing
import Transport

@testable import Harness

/// A batch as its initiators perform it, and what of it is still to do after a crash.
struct GroupBatchTests {
    private static let nodes = [NodeID(1), NodeID(7)]

    /// Nine updates of two initiators; the tickets of the second begin at 100.
    private static func batch(repeatsUpdates: Bool = true) -> GroupBatch {
        let content = ControlMessage.Batch.trace(first: 20, count: 9)
        let plan = RunDriverTests.plan("none")
        let parts = nodes.indices.map { place in
            let share = Share(place: place, initiators: 2)
            let numbers = share.numbers(of: content, in: plan)
            return GroupBatch.Part(
                node: nodes[place], share: share, firstTicket: UInt64(place * 100),
                numbers: numbers, begun: numbers.count)
        }
        return GroupBatch(
            group: 3, content: content, parts: parts, repeatsUpdates: repeatsUpdates)
    }

    private static func records(_ complete: [Bool]) -> [UpdateRecord] {
        complete.map { UpdateRecord(nanoseconds: $0 ? 5 : 0, messages: 0, bytes: 0, kind: 0) }
    }

    /// The first initiator is through; of the second, updates 0 and 2 of its four are.
    private static func interrupted(repeatsUpdates: Bool = true) -> GroupBatch {
        var batch = batch(repeatsUpdates: repeatsUpdates)
        batch.take([
            Session.Performer(group: 3, node: nodes[0]): Session.Performance(
                records: records([true, true, true, true, true]),
                completions: ControlMessage.Completions(last: 0, longestGap: 0))
        ])
        batch.take([
            Session.Performer(group: 3, node: nodes[1]): Session.Cut(
                begun: 3, records: records([true, false, true, false]))
        ])
        return batch
    }

    @Test func allIsPerformedAtFirst() throws {
        let batch = Self.batch()
        #expect(batch.parts.map(\.numbers) == [[0, 2, 4, 6, 8], [1, 3, 5, 7]])
        let assignment = try #require(batch.assignment(of: batch.parts[1]))
        #expect(assignment.firstTicket == 100)
        #expect(assignment.start == 0)
        #expect(assignment.done.isEmpty)
        #expect(batch.operation(0) == 21)
    }

    @Test func whatIsOpenIsRepeatedUnderItsTicket() throws {
        let batch = Self.interrupted()
        #expect((0..<9).filter(batch.isOpen) == [3, 7])
        #expect(batch.assignment(of: batch.parts[0]) == nil)
        let assignment = try #require(batch.assignment(of: batch.parts[1]))
        #expect(assignment.firstTicket == 100)
        #expect(assignment.start == 1)
        #expect(assignment.done == [2])
        #expect(batch.unacknowledged(of: batch.parts[1]) == [3])
    }

    @Test func whatSurvivedIsOpenOnlyWhereItIsRepeated() {
        for repeatsUpdates in [true, false] {
            var batch = Self.interrupted(repeatsUpdates: repeatsUpdates)
            batch.outcomes[3] = Outcome()
            #expect((0..<9).filter(batch.isOpen) == (repeatsUpdates ? [3, 7] : [7]))
            // It has no measurement of its own, so that it makes no row.
            #expect(batch.news == [0, 1, 2, 4, 5, 6, 8])
        }
    }

    @Test func membersMayDeliverWhatHasBegunAndIsNew() throws {
        var batch = Self.interrupted()
        let tickets = batch.sent.map { "\($0.id.sender.rawValue):\($0.id.ticket)" }
        #expect(tickets == ["1:0", "1:1", "1:2", "1:3", "1:4", "7:100", "7:101", "7:102"])
        #expect(batch.sent.filter { !$0.isAcknowledged }.map(\.id.ticket) == [101])
        for update in batch.sent {
            let number = try #require(batch.number(of: update.id))
            #expect(batch.records[number].isComplete == update.isAcknowledged)
        }
        #expect(batch.number(of: Delivery.ID(sender: NodeID(7), ticket: 104)) == nil)
        #expect(batch.number(of: Delivery.ID(sender: NodeID(7), ticket: 99)) == nil)
        #expect(batch.number(of: Delivery.ID(sender: NodeID(2), ticket: 0)) == nil)
        for number in 0..<6 { batch.outcomes[number] = Outcome() }
        batch.allHaveBegun()
        #expect(batch.sent.map(\.id.ticket) == [3, 4, 103])
    }

    @Test func aPrefixIsKept() {
        var batch = Self.interrupted(repeatsUpdates: false)
        batch.keepPrefix(of: [Self.nodes[1]])
        #expect((0..<9).filter { batch.records[$0].isComplete } == [0, 1, 2, 4, 6, 8])
    }

    @Test func deliveriesComeBackAsTheyWere() throws {
        func delivery(_ sender: Int, _ ticket: UInt64) -> Delivery {
            Delivery(group: 5, sender: NodeID(sender), ticket: ticket)
        }
        var log = DeliveryLog()
        log.append(delivery(1, 8)) { 10 }
        log.hold(delivery(2, 9), at: 11)
        log.append(delivery(1, 9)) { 12 }
        log.append(delivery(2, 9)) { 14 }
        let read = try #require(DeliveryLog.read(log.handOver()))
        #expect(read.map(\.id) == [delivery(1, 8), delivery(1, 9), delivery(2, 9)].map(\.id))
        #expect(read.map(\.group) == [5, 5, 5])
        #expect(read.map(\.heldBackNs) == [0, 0, 3])
        #expect(DeliveryLog.read(log.handOver())?.count == 0)
        #expect(DeliveryLog.read(Body(copying: [1, 2, 3])) == nil)
        #expect(MemoryLayout<Delivery>.stride == 16)
    }
}
