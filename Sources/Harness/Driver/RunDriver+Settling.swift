import Roles
import Structures

/// What batches of updates have become, at a moment when no update is in flight.
extension RunDriver {
    /// Records what is complete and new, has the model perform it and compares the answers. The
    /// model's order is the one in which the members of the groups have delivered the updates or,
    /// where they do not say, the trace's.
    ///
    /// - Parameter reentered: the nodes that have got their state from others since the last call.
    /// - Throws: `RunError.invalid` where an answer is wrong or the members have no common order.
    func settle(_ batches: inout [GroupBatch], reentered: [NodeID] = []) throws {
        var orders = batches.map(\.news)
        do {
            if mechanism.ordersUpdates {
                let deliveries = try deliveredOrders(of: batches, reentered: reentered)
                for index in batches.indices {
                    batches[index].note(deliveries[index])
                    orders[index] = deliveries[index].compactMap {
                        batches[index].number(of: $0.id)
                    }
                    try checkRealTime(of: deliveries[index], in: batches[index])
                }
            }
        } catch {
            // What was measured is kept.
            try record(batches)
            throw error
        }
        try record(batches)
        for (index, order) in orders.enumerated() {
            if batches[index].updates.isEmpty {
                batches[index].updates = nextUpdates(of: batches[index])
            }
            perform(order, of: &batches[index])
            try checkAnswers(in: batches[index])
        }
    }

    /// Has the model perform updates in their order. Reads that have no place in it are looked for at
    /// every place where they may have been.
    private func perform(_ order: [Int], of batch: inout GroupBatch) {
        let group = batch.group
        var reads = batch.news.filter { !batch.isOrdered($0) }.map {
            (number: $0, places: places(of: $0, in: order, of: batch))
        }
        for place in 0...order.count {
            if place > 0 {
                let number = order[place - 1]
                batch.outcomes[number] = models[group].outcome(of: batch.updates[number])
            }
            reads.removeAll { number, places in
                guard places.contains(place) else { return false }
                let outcome = models[group].outcome(of: batch.updates[number])
                batch.outcomes[number] = outcome
                return outcome.fault(in: batch.records[number]) == nil
            }
        }
    }

    /// How many of the updates a copy may have had that answered a read: those that were answered
    /// before it began, and perhaps those that had begun before it ended. A copy that acknowledges
    /// before it delivers may have fewer.
    private func places(
        of read: Int, in order: [Int], of batch: GroupBatch
    ) -> ClosedRange<Int> {
        let record = batch.records[read]
        var (least, most) = (0, 0)
        for (place, number) in order.enumerated() {
            let update = batch.records[number]
            let isAnswered =
                update.isComplete && update.begun + update.nanoseconds < record.begun
            if isAnswered, !acknowledgesBeforeDelivery { least = place + 1 }
            if update.begun < record.begun + record.nanoseconds { most = place + 1 }
        }
        return least...max(least, most)
    }

    /// Throws where an update stands in the members' order before one that was answered before it
    /// was begun: then no client could take the order for what happened.
    private func checkRealTime(of order: [Delivery], in batch: GroupBatch) throws {
        let entries = order.compactMap { delivery -> History<Moments>.Entry? in
            guard let number = batch.number(of: delivery.id) else { return nil }
            let record = batch.records[number]
            return History.Entry(
                id: delivery.id, call: (), invoked: record.begun,
                response: record.isComplete
                    ? (record.begun + record.nanoseconds, Moments.Answer()) : nil)
        }
        var moments = Moments()
        do {
            try History(entries).check(witness: order, on: &moments, name: session.name)
        } catch {
            throw RunError.invalid("group \(batch.group + 1) is not linearizable: \(error)")
        }
    }

    /// An object that gives no answers: the model's are compared one by one, with more to say.
    private struct Moments: SequentialObject {
        struct Answer: Equatable {}

        mutating func perform(_ call: Void) -> Answer { Answer() }
    }

    /// Per batch the updates that the group's members have delivered since they were last asked, in
    /// the order that all of them agree on.
    private func deliveredOrders(
        of batches: [GroupBatch], reentered: [NodeID]
    ) throws -> [[Delivery]] {
        let members = batches.flatMap { mechanism.members(of: $0.group) }
        let logs = try session.deliveries(of: members)
        for member in members {
            deliveryOrder.take(
                logs[member] ?? [], of: member, reentered: reentered.contains(member))
        }
        let orders: [[Delivery]]
        do {
            orders = try deliveryOrder.check(sent: batches.flatMap(\.sent))
        } catch {
            throw RunError.invalid("\(error)")
        }
        return batches.map { orders[$0.group] }
    }
}

extension Mechanism {
    /// The nodes that hold a group's structure.
    func members(of group: Int) -> [NodeID] {
        nodeIDs.filter {
            let description = description(of: $0)
            return description.group == group && description.holdsData
        }
    }
}
