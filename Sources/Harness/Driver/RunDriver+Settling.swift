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
                orders = try deliveredOrders(of: batches, reentered: reentered)
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

    /// Per batch the numbers of the updates that the group's members have delivered since they were
    /// last asked, in the order that all of them agree on.
    private func deliveredOrders(
        of batches: [GroupBatch], reentered: [NodeID]
    ) throws -> [[Int]] {
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
        return batches.map { batch in
            orders[batch.group].compactMap { batch.number(of: $0.id) }
        }
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
