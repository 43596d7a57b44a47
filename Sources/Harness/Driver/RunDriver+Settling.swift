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
            for number in order {
                batches[index].outcomes[number] = models[batches[index].group].outcome(
                    of: batches[index].updates[number])
            }
            try checkAnswers(in: batches[index])
        }
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
