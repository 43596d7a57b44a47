import Roles
import SeededGenerator
import Structures
import Testing

@testable import Harness

/// Histories that one order explains or does not, and the witness beside the search for any order.
struct HistoryTests {
    private static func id(_ number: Int) -> Delivery.ID {
        Delivery.ID(sender: NodeID(1), ticket: UInt64(number))
    }

    private static func witness(_ order: [Int]) -> [Delivery] {
        order.map { Delivery(group: 0, sender: NodeID(1), ticket: UInt64($0)) }
    }

    private static func complaint<Object: SequentialObject>(
        _ history: History<Object>, _ order: [Int], on object: Object
    ) -> String? {
        var object = object
        do {
            try history.check(witness: witness(order), on: &object) { "node-\($0.rawValue)" }
            return nil
        } catch {
            return error.description
        }
    }

    // MARK: - Known histories

    /// A missing response is one that never came; what is found belongs to reads.
    private func history(
        _ entries: [(call: Register.Call, invoked: UInt64, responded: UInt64?, found: UInt8?)]
    ) -> History<Register> {
        History(
            entries.enumerated().map { number, entry in
                History.Entry(
                    id: Self.id(number), call: entry.call, invoked: entry.invoked,
                    response: entry.responded.map { ($0, entry.found.map { .found($0) } ?? .done) })
            })
    }

    @Test func acceptsAnOrderThatExplainsWhatWasSeen() {
        // The read overlaps both writes and sees the first.
        let seen = history([(.write(1), 0, 3, nil), (.write(2), 4, 9, nil), (.read, 2, 8, 1)])
        #expect(Self.complaint(seen, [0, 2, 1], on: Register()) == nil)
        #expect(
            Self.complaint(seen, [0, 1, 2], on: Register())
                == "node-1's operation 2, at place 3 of the order, was answered found(1), where "
                + "the order gives found(2)")
    }

    @Test func realTimeIsRespected() {
        let seen = history([(.write(1), 0, 1, nil), (.write(2), 2, 3, nil), (.read, 4, 5, 1)])
        #expect(
            Self.complaint(seen, [1, 0, 2], on: Register())
                == "node-1's operation 1 stands at place 1 of the order, before node-1's operation 0 "
                + "at place 2, which was answered before it was invoked")
        #expect(!seen.isLinearizable(on: Register()))
        // Who is answered at the very moment at which another begins may stand behind it.
        let touching = history([(.write(1), 0, 2, nil), (.write(2), 2, 3, nil), (.read, 4, 5, 1)])
        #expect(Self.complaint(touching, [1, 0, 2], on: Register()) == nil)
        #expect(touching.isLinearizable(on: Register()))
    }

    /// A read that comes after another one sees an older value.
    @Test func timeDoesNotGoBack() {
        let seen = history([(.write(1), 0, 9, nil), (.read, 1, 2, 1), (.read, 3, 4, 0)])
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            #expect(Self.complaint(seen, order, on: Register()) != nil)
        }
        #expect(!seen.isLinearizable(on: Register()))
    }

    @Test func anUnansweredOperationMayHaveTakenPlaceOrNot() {
        let seen = history([(.write(1), 0, nil, nil), (.read, 1, 2, 0)])
        #expect(Self.complaint(seen, [1], on: Register()) == nil)
        #expect(Self.complaint(seen, [1, 0], on: Register()) == nil)
        #expect(Self.complaint(seen, [0, 1], on: Register()) != nil)
    }

    @Test func theOrderHasEveryAnsweredOperationOnce() {
        let seen = history([(.write(1), 0, 1, nil), (.write(1), 2, 3, nil)])
        #expect(
            Self.complaint(seen, [0], on: Register())
                == "node-1's operation 1 was answered, and does not stand in the order")
        let text = "stands at place 3 of the order, and was not invoked or stands there before"
        #expect(Self.complaint(seen, [0, 1, 0], on: Register()) == "node-1's operation 0 \(text)")
        #expect(Self.complaint(seen, [0, 1, 7], on: Register()) == "node-1's operation 7 \(text)")
    }

    /// What a structure refuses is an answer, too.
    @Test func refusalsAreAnswers() {
        let empty = ModelStructure(StructureShape(.queue, values: .fixed(1)))
        let refusal = OperationAnswer.refused(
            UpdateRecord.checksum(ofRefusal: "\(StructureError.empty)"))
        func history(_ answers: [OperationAnswer]) -> History<ModelStructure> {
            let calls = [Operation(.enqueue, value: [1]), Operation(.dequeue), Operation(.dequeue)]
            return History(
                zip(calls, answers).enumerated().map { number, operation in
                    History.Entry(
                        id: Self.id(number), call: operation.0, invoked: 0,
                        response: (1, operation.1))
                })
        }
        let seen = history([.done, refusal, .done])
        #expect(Self.complaint(seen, [1, 0, 2], on: empty) == nil)
        #expect(Self.complaint(seen, [0, 1, 2], on: empty) != nil)
        #expect(seen.isLinearizable(on: empty))
        #expect(!history([.done, .done, .done]).isLinearizable(on: empty))
        #expect(!history([.done, .refused(7), .done]).isLinearizable(on: empty))
    }

    /// A client's records and the members' order, as a run has them.
    @Test func recordsMakeAHistory() throws {
        let queue = ModelStructure(StructureShape(.queue, values: .fixed(1)))
        func record(_ begun: UInt64, _ nanoseconds: UInt64, refusal: String? = nil) -> UpdateRecord
        {
            UpdateRecord(
                nanoseconds: nanoseconds, messages: 1, bytes: 1, kind: 6,
                refusal: refusal.map(UpdateRecord.checksum(ofRefusal:)) ?? 0, begun: begun)
        }
        let calls = [Operation(.dequeue), Operation(.enqueue, value: [1]), Operation(.dequeue)]
        let records = [
            record(100, 50, refusal: "\(StructureError.empty)"), record(120, 10), record(130, 0),
        ]
        let seen = History<ModelStructure>(
            zip(calls, records).enumerated().map { number, update in
                History.Entry(id: Self.id(number), call: update.0, record: update.1)
            })
        #expect(Self.complaint(seen, [0, 1], on: queue) == nil)
        #expect(Self.complaint(seen, [0, 1, 2], on: queue) == nil)
        #expect(Self.complaint(seen, [1, 2, 0], on: queue) == nil)
        #expect(Self.complaint(seen, [1, 0], on: queue) != nil)
        // The last was begun when the second was answered, and cannot stand before it: it may touch it.
        let later = History<ModelStructure>(
            seen.entries.dropLast() + [
                History.Entry(id: Self.id(2), call: calls[2], record: record(131, 0))
            ])
        #expect(Self.complaint(later, [2, 0, 1], on: queue)?.contains("stands at place 1") == true)
    }

    /// An order that was checked leaves the object as it is when the next one begins.
    @Test func periodsFollowEachOther() throws {
        var register = Register()
        try history([(.write(3), 0, 1, nil)]).check(witness: Self.witness([0]), on: &register) {
            "\($0)"
        }
        try history([(.read, 2, 3, 3)]).check(witness: Self.witness([0]), on: &register) { "\($0)" }
    }

    // MARK: - All small histories

    /// Every history of three operations, of as many clients or fewer: some witness is accepted where
    /// the search finds an order, and none where it does not; and each is accepted exactly where
    /// its definition holds.
    @Test func agreesWithTheSearchOverAllHistoriesOfARegister() {
        let operations: [Small<Register>.Operation] =
            [1, 2].flatMap { [(.write($0), .done), (.write($0), nil)] }
            + [0, 1, 2].map { (.read, .found($0)) }
        Small<Register>.compare(on: Register(), operations)
    }

    @Test func agreesWithTheSearchOverAllHistoriesOfAQueue() {
        let operations: [Small<ShortQueue>.Operation] =
            [(.put(1), .done), (.put(2), .done), (.put(2), nil)]
            + [0, 1, 2].map { (.take, .found($0)) } + [(.take, nil)]
        Small<ShortQueue>.compare(on: ShortQueue(), operations)
    }

    /// Random histories of five operations and one witness of each.
    @Test(arguments: 0..<20)
    func agreesWithTheSearchOverRandomHistories(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var accepted = 0
        for _ in 0..<100 {
            // What really happened: each operation at a moment within its time.
            var register = Register()
            let order = Array(0..<5).shuffled(using: &generator)
            var entries: [Int: History<Register>.Entry] = [:]
            for (moment, number) in order.enumerated() {
                let call: Register.Call =
                    Bool.random(using: &generator)
                    ? .read : .write(.random(in: 1...2, using: &generator))
                let answer = register.perform(call)
                let middle = UInt64(100 * moment + 500)
                entries[number] = History.Entry(
                    id: Self.id(number), call: call,
                    invoked: middle - .random(in: 1...300, using: &generator),
                    response: (middle + .random(in: 1...300, using: &generator), answer))
            }
            let seen = History<Register>((0..<5).map { entries[$0]! })
            #expect(Self.complaint(seen, order, on: Register()) == nil)
            #expect(seen.isLinearizable(on: Register()))
            let other = order.shuffled(using: &generator)
            if Small<Register>.isExplained(seen, by: other, on: Register()) {
                accepted += 1
                #expect(Self.complaint(seen, other, on: Register()) == nil)
            } else {
                #expect(Self.complaint(seen, other, on: Register()) != nil)
            }
        }
        #expect(0 < accepted && accepted < 100)
    }

    /// All histories of three operations that are chosen from a few.
    private enum Small<Object: SequentialObject> {
        typealias Operation = (call: Object.Call, answer: Object.Answer?)

        /// The places of the ends of three operations among six moments; each begins before it ends.
        static var times: [[(invoked: UInt64, responded: UInt64)]] {
            let pairs = (0..<6).flatMap { first in
                ((first + 1)..<6).map { (invoked: UInt64(first), responded: UInt64($0)) }
            }
            return pairs.flatMap { one in
                pairs.flatMap { two in pairs.map { [one, two, $0] } }
            }.filter { Set($0.flatMap { [$0.invoked, $0.responded] }).count == 6 }
        }

        /// All orders of some of three operations.
        static var orders: [[Int]] {
            func orders(after order: [Int]) -> [[Int]] {
                [order]
                    + (0..<3).filter { !order.contains($0) }
                    .flatMap { orders(after: order + [$0]) }
            }
            return orders(after: [])
        }

        /// The definition, word by word.
        static func isExplained(
            _ history: History<Object>, by order: [Int], on object: Object
        ) -> Bool {
            let entries = history.entries
            let hasAll = entries.indices.allSatisfy {
                entries[$0].response == nil || order.contains($0)
            }
            let respectsTime = order.indices.allSatisfy { place in
                order[place...].allSatisfy { later in
                    entries[later].response.map { $0.time >= entries[order[place]].invoked } ?? true
                }
            }
            var object = object
            return hasAll && respectsTime
                && order.allSatisfy { number in
                    let answer = object.perform(entries[number].call)
                    return entries[number].response == nil
                        || entries[number].response?.answer == answer
                }
        }

        static func compare(on object: Object, _ operations: [Operation]) {
            let orders = Self.orders
            let times = Self.times
            #expect(orders.count == 16)
            #expect(times.count == 90)
            var linearizable = 0
            var others = 0
            for one in operations.indices {
                // All times are tried, so that the order of the three does not matter.
                for two in operations.indices[one...] {
                    for three in operations.indices[two...] {
                        for times in times {
                            let chosen = [operations[one], operations[two], operations[three]]
                            let history = History<Object>(
                                zip(chosen, times).enumerated().map { number, entry in
                                    let (operation, time) = entry
                                    return History.Entry(
                                        id: id(number), call: operation.call,
                                        invoked: time.invoked,
                                        response: operation.answer.map {
                                            (time.responded, $0)
                                        })
                                })
                            let accepted = orders.filter {
                                complaint(history, $0, on: object) == nil
                            }
                            let explaining = orders.filter {
                                isExplained(history, by: $0, on: object)
                            }
                            let isLinearizable = history.isLinearizable(on: object)
                            if accepted != explaining || isLinearizable == accepted.isEmpty {
                                Issue.record(
                                    """
                                    \(history.entries): accepted \(accepted), explained by \
                                    \(explaining), linearizable: \(isLinearizable)
                                    """)
                            }
                            if isLinearizable { linearizable += 1 } else { others += 1 }
                        }
                    }
                }
            }
            #expect(linearizable > 500 && others > 500)
        }
    }
}
