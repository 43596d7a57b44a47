import Roles

/// What the clients of one group did and saw, with real time, for the proof that it is linearizable
/// (Herlihy and Wing 1990): that each operation seems to take place at one moment between its
/// invocation and its response. The property is local (there, section 3.1), so that groups are judged
/// one by one; and a moment at which nothing is in flight cuts a history in two.
package struct History<Object: SequentialObject> {
    /// One operation.
    package struct Entry {
        package var id: Delivery.ID
        package var call: Object.Call
        /// On the clock that all clients share, in nanoseconds. Of one that was repeated under its
        /// ticket, when it was first begun.
        package var invoked: UInt64
        /// When its client had the answer, and the answer; nil where it never came.
        package var response: (time: UInt64, answer: Object.Answer)?

        package init(
            id: Delivery.ID, call: Object.Call, invoked: UInt64,
            response: (time: UInt64, answer: Object.Answer)?
        ) {
            self.id = id
            self.call = call
            self.invoked = invoked
            self.response = response
        }
    }

    package let entries: [Entry]

    /// - Parameter entries: no two of the same id.
    package init(_ entries: [Entry]) { self.entries = entries }

    /// Judges the history by one order of its operations, which is called the witness.
    ///
    /// A witness is accepted exactly when
    /// 1. it has every operation that was answered, any of the others, and none twice;
    /// 2. it respects real time: whatever was answered before another was invoked stands before it;
    /// 3. the object, told the operations one after another in this order, gives every answer that
    ///    was recorded.
    ///
    /// That is enough: an accepted witness is itself the sequential history that the definition asks
    /// for, so that no other has to be sought, which in general would take exponential time (Gibbons
    /// and Korach 1997). A rejection says that *this* order does not explain what the clients saw.
    /// Another one might; but this is the order in which the members delivered and from which their
    /// state comes, so that where it is rejected an answer or an acknowledgement did not come from
    /// it, and the protocol is wrong.
    ///
    /// - Parameters:
    ///   - witness: the order in which the members delivered the operations.
    ///   - object: as it was before the first; in the end as the order leaves it.
    ///   - name: a node's name, for the texts of errors.
    /// - Throws: the first violation; the object is then of no use.
    /// - Complexity: O(n), beside what the object's operations cost.
    package func check(
        witness: [Delivery], on object: inout Object, name: (NodeID) -> String
    ) throws(HistoryViolation) {
        func text(_ entry: Entry) -> String {
            "\(name(entry.id.sender))'s operation \(entry.id.ticket)"
        }
        var numbers = Dictionary(
            uniqueKeysWithValues: entries.indices.lazy.map { (entries[$0].id, $0) })
        var order: [Int] = []
        order.reserveCapacity(witness.count)
        for delivery in witness {
            guard let number = numbers.removeValue(forKey: delivery.id) else {
                throw .notInvoked(
                    place: order.count,
                    operation: "\(name(delivery.sender))'s operation \(delivery.ticket)")
            }
            order.append(number)
        }
        for entry in entries where entry.response != nil && numbers[entry.id] != nil {
            throw .missing(operation: text(entry))
        }
        if let (later, earlier) = firstInversion(in: order) {
            throw .realTime(
                place: later, operation: text(entries[order[later]]), behind: earlier,
                answered: text(entries[order[earlier]]))
        }
        for (place, number) in order.enumerated() {
            let answer = object.perform(entries[number].call)
            guard let recorded = entries[number].response?.answer, recorded != answer else {
                continue
            }
            throw .answer(
                place: place, operation: text(entries[number]), recorded: "\(recorded)",
                expected: "\(answer)")
        }
    }

    /// The first place of an operation that was invoked after one behind it was answered, and the
    /// place of that one.
    private func firstInversion(in order: [Int]) -> (place: Int, answered: Int)? {
        var inversion: (place: Int, answered: Int)?
        var earliest: (time: UInt64, place: Int)?
        for place in order.indices.reversed() {
            let entry = entries[order[place]]
            if let earliest, earliest.time < entry.invoked {
                inversion = (place, earliest.place)
            }
            if let time = entry.response?.time, time < earliest?.time ?? .max {
                earliest = (time, place)
            }
        }
        return inversion
    }
}

/// Why an order does not explain a history. Places count from 0.
package enum HistoryViolation: Error, Equatable, CustomStringConvertible {
    /// The order has an operation twice, or one that no client invoked.
    case notInvoked(place: Int, operation: String)
    /// The order lacks an operation that was answered.
    case missing(operation: String)
    /// One that was answered before `operation` was invoked stands behind it.
    case realTime(place: Int, operation: String, behind: Int, answered: String)
    /// The order gives another answer than the client had.
    case answer(place: Int, operation: String, recorded: String, expected: String)

    package var description: String {
        switch self {
        case .notInvoked(let place, let operation):
            "\(operation) stands at place \(place + 1) of the order, and was not invoked or stands "
                + "there before"
        case .missing(let operation):
            "\(operation) was answered, and does not stand in the order"
        case .realTime(let place, let operation, let behind, let answered):
            "\(operation) stands at place \(place + 1) of the order, before \(answered) at place "
                + "\(behind + 1), which was answered before it was invoked"
        case .answer(let place, let operation, let recorded, let expected):
            "\(operation), at place \(place + 1) of the order, was answered \(recorded), where the "
                + "order gives \(expected)"
        }
    }
}
