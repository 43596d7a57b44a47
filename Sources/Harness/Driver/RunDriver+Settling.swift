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
        // Those come last that may come first.
        var reads = possiblePlaces(ofReadsBeside: order, of: batch).sorted {
            $0.places.lowerBound > $1.places.lowerBound
        }
        var open: [(number: Int, places: ClosedRange<Int>)] = []
        for place in 0...order.count {
            if place > 0 {
                let number = order[place - 1]
                batch.outcomes[number] = models[group].outcome(of: batch.updates[number])
            }
            while let next = reads.last, next.places.lowerBound == place {
                open.append(next)
                reads.removeLast()
            }
            open.removeAll { number, places in
                let outcome = models[group].outcome(of: batch.updates[number])
                batch.outcomes[number] = outcome
                return places.upperBound == place || outcome.fault(in: batch.records[number]) == nil
            }
        }
    }

    /// How many of the updates the copies may have had that answered reads: those that were answered
    /// before the read began, and perhaps those that had begun before it ended. A copy that
    /// acknowledges before it delivers may have fewer.
    private func possiblePlaces(
        ofReadsBeside order: [Int], of batch: GroupBatch
    ) -> [(number: Int, places: ClosedRange<Int>)] {
        let reads = batch.news.filter { !batch.isOrdered($0) }
        if reads.isEmpty { return [] }
        let updates = order.map { batch.records[$0] }
        let begun = LastPlaces(updates.map(\.begun))
        let answered = LastPlaces(
            updates.map { $0.isComplete && !acknowledgesBeforeDelivery ? $0.end : .max })
        return reads.map { number in
            let read = batch.records[number]
            let least = answered.last(before: read.begun)
            return (number, least...max(least, begun.last(before: read.end)))
        }
    }

    /// Which of things in an order that each had their moment is the last that had it before another
    /// moment.
    private struct LastPlaces {
        private var moments: [UInt64] = []
        /// Per moment, the last place, counted from 1, of those that had theirs until then.
        private var places: [Int] = []

        /// - Complexity: O(n log n)
        init(_ times: [UInt64]) {
            for (place, time) in times.enumerated().sorted(by: { $0.element < $1.element }) {
                moments.append(time)
                places.append(max(places.last ?? 0, place + 1))
            }
        }

        /// The place, counted from 1; 0 where none had its moment before. O(log n).
        func last(before moment: UInt64) -> Int {
            var (low, high) = (0, moments.count)
            while low < high {
                let middle = (low + high) / 2
                if moments[middle] < moment { low = middle + 1 } else { high = middle }
            }
            return low == 0 ? 0 : places[low - 1]
        }
    }

    /// Throws where an update stands in the members' order before one that was answered before it
    /// was begun: then no client could take the order for what happened.
    private func checkRealTime(of order: [Delivery], in batch: GroupBatch) throws {
        let entries = order.compactMap { delivery -> History<Moments>.Entry? in
            guard let number = batch.number(of: delivery.id) else { return nil }
            return History.Entry(
                id: delivery.id, call: (), record: batch.records[number],
                answer: Moments.Answer())
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
        let members = batches.flatMap { self.members[$0.group] }
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
