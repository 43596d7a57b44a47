import Roles
import SeededGenerator
import Structures
import Testing

@testable import Harness

/// Whole runs in which several nodes start the updates of a group, and its members order them.
struct InitiatorsTests {
    private static func plan(
        window: Int = 4, order: GroupOrder = .concurrent, _ crash: CrashPlan? = nil
    ) -> RunPlan {
        RunDriverTests.plan(
            "replication", faults: 2, order: order, window: window, crash: crash)
    }

    private static func complaint(_ plan: RunPlan, _ bug: OrderingMechanism.Bug) -> String {
        do {
            _ = try RunDriverTests.run(plan, OrderingMechanism(plan, bug: bug))
            return "valid"
        } catch RunError.invalid(let text) {
            return text
        } catch {
            return "not judged: \(error)"
        }
    }

    @Test(arguments: GroupOrder.allCases, [1, 4])
    func everyInitiatorPerformsItsShare(order: GroupOrder, window: Int) throws {
        let plan = Self.plan(window: window, order: order)
        let rows = try RunDriverTests.run(plan, OrderingMechanism(plan))
        for group in 1...2 {
            let updates = rows.updates.filter { $0.group == group }
            var trace = Trace(plan: plan, group: group - 1)
            let kinds = (0..<120).map { _ in trace.next().kind.name }
            // What is refused has no row; in other places than the trace's own, some are.
            #expect(updates.count > 60)
            let operations = updates.map(\.operation)
            #expect(operations == operations.sorted())
            for row in updates {
                #expect(row.kind == kinds[row.operation - 1])
                #expect(row.sender == (row.operation.isMultiple(of: 2) ? "sender-2" : "sender-1"))
            }
        }
    }

    @Test(arguments: StructureKind.allCases, [1, 3, 100])
    func anyOrderOfAWarmUpIsValid(_ structure: StructureKind, keys: Int) throws {
        var plan = Self.plan()
        plan.structure = structure
        plan.workload.warmup = 20
        plan.workload.operations = 20
        plan.workload.mix = structure.defaultMix
        plan.workload.keys = KeyPlan(space: keys)
        var generator = SeededGenerator(seed: UInt64(keys))
        let updates = Trace.warmUp(plan: plan, pairs: 10)
        for initiators in 1...4 {
            var parts = (0..<initiators).map {
                Share(place: $0, initiators: initiators)
                    .numbers(of: .warmUp(pairs: 10), in: plan)[...]
            }
            var model = ModelStructure(plan.shape)
            while let part = parts.indices.filter({ !parts[$0].isEmpty }).randomElement(
                using: &generator)
            {
                try model.apply(updates[parts[part].removeFirst()])
            }
            #expect(model.count == 0)
        }
        _ = try RunDriverTests.run(plan, OrderingMechanism(plan))
    }

    @Test func sharesOfAWarmUpAreTheWhole() {
        var plan = Self.plan()
        plan.structure = .map
        for space in [1, 2, 3, 50] {
            plan.workload.keys = KeyPlan(space: space)
            for initiators in 1...4 {
                for batch in [ControlMessage.Batch.warmUp(pairs: 17), .trace(first: 5, count: 34)] {
                    let numbers = (0..<initiators).flatMap {
                        Share(place: $0, initiators: initiators).numbers(of: batch, in: plan)
                    }
                    #expect(numbers.sorted() == Array(0..<34))
                }
            }
        }
    }

    // MARK: - Crashes

    @Test(
        arguments: [
            [["sender-1"]], [["sender-2"], ["sender-1"]], [["sender-1", "sender-2"]],
            [["sender-2", "replica-1-3"]],
        ], GroupOrder.allCases)
    func whatInitiatorsLeftIsRepeatedAndAppliedOnce(
        sets: [[String]], order: GroupOrder
    ) throws {
        var unacknowledged = 0
        var survived = 0
        for reached in [0, 2, nil] {
            let plan = Self.plan(
                order: order,
                CrashPlan(every: 40, nodes: .named(sets), moment: .update, reached: reached))
            let rows = try RunDriverTests.run(plan, OrderingMechanism(plan))
            let round = sets.flatMap { $0 }
            #expect(rows.recoveries.map(\.node) == round + round + round)
            for row in rows.recoveries {
                #expect(row.verified)
                guard row.role == "sender" else {
                    #expect(row.unacknowledged == nil)
                    continue
                }
                #expect(row.elements == 0)
                let inFlight = try #require(row.unacknowledged)
                let left = try #require(row.survived)
                // Of each group, as many as the window has room for.
                #expect((0...8).contains(inFlight))
                #expect((0...inFlight).contains(left))
                unacknowledged += inFlight
                survived += left
            }
            #expect(rows.updates.count > 150)
        }
        #expect(unacknowledged > 9)
        #expect(survived > 0)
        #expect(survived < unacknowledged)
    }

    @Test(arguments: [CrashMoment.between, .update, .recovery])
    func membersReenterWhileUpdatesRun(_ moment: CrashMoment) throws {
        let plan = Self.plan(
            CrashPlan(
                every: 40, nodes: .named([["replica-1-2", "replica-2-3"], ["replica-1-3"]]),
                moment: moment))
        let rows = try RunDriverTests.run(plan, OrderingMechanism(plan))
        #expect(rows.recoveries.count == 9)
        #expect(rows.recoveries.allSatisfy { $0.verified })
    }

    // MARK: - What has to be found

    @Test(arguments: [
        (OrderingMechanism.Bug.unreported, "has not delivered"),
        (.reportedTwice, "twice"),
        (.otherOrder, "the orders differ at place"),
        (.lostUpdate, "update 25"),
    ])
    func wrongOrdersAreFound(_ bug: OrderingMechanism.Bug, words: String) {
        let text = Self.complaint(Self.plan(), bug)
        #expect(text.contains(words), "\(text)")
    }

    @Test func aRepeatedUpdateThatIsTakenTwiceIsFound() {
        let plan = Self.plan(
            CrashPlan(every: 40, nodes: .named([["sender-1"]]), moment: .update, reached: 3))
        let text = Self.complaint(plan, .repeatsNotKnown)
        #expect(text.contains("no client began"), "\(text)")
    }

    @Test func aWrongAnswerIsFound() {
        var plan = Self.plan()
        plan.workload.invalid = 6
        let text = Self.complaint(plan, .wrongAnswer)
        #expect(text.contains(" was not refused, the model refuses it: "), "\(text)")
    }
}
