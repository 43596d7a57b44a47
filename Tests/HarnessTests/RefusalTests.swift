import Roles
import Structures
import Testing

@testable import Harness

/// Whole runs with operations that structures must refuse.
struct RefusalTests {
    private static func plan(
        _ mechanism: String, _ structure: StructureKind = .map, invalid: Int = 2
    ) -> RunPlan {
        var plan = RunDriverTests.plan(mechanism, order: .concurrent)
        if mechanism == "none" { plan.crash = nil }
        plan.structure = structure
        plan.valueBytes = .spread(1...60, .uniform)
        plan.workload.mix = structure.defaultMix
        plan.workload.invalid = invalid
        plan.workload.targetSize = 20
        plan.workload.keys = KeyPlan(space: 50, distribution: .zipfian(theta: 0.8))
        return plan
    }

    @Test(arguments: ["fusion", "replication", "none"], StructureKind.allCases)
    func refusedUpdatesChangeNothingAndTheTraceGoesOn(
        _ mechanism: String, _ structure: StructureKind
    ) throws {
        let plan = Self.plan(mechanism, structure)
        let rows = try RunDriverTests.run(plan)
        for group in 0..<2 {
            var trace = Trace(plan: plan, group: group)
            let taken = (1...120).filter { _ in
                _ = trace.next()
                return !trace.mustBeRefused
            }
            #expect(taken.count < 110)
            let measured = rows.updates.filter { $0.group == group + 1 }
            #expect(measured.map(\.operation) == taken)
        }
        #expect(rows.recoveries.allSatisfy { $0.verified })
    }

    /// A refusal is told at once, while earlier updates are still on their way to the backups.
    @Test(arguments: [CrashMoment.update, .recovery], [1, 6])
    func refusalsGoTogetherWithCrashesInUpdates(_ moment: CrashMoment, window: Int) throws {
        try RunDriverTests.surviveCrashes(at: moment, window: window) { _ in
            Self.plan("fusion", .list, invalid: 6)
        }
    }

    @Test func anUpdateThatShouldHaveBeenRefusedIsFound() throws {
        let text = try Sabotage.complaint(Self.plan("none")) { report in
            guard case .updateRefused(let group, let ticket, _) = report else { return report }
            return .updateCompleted(group: group, ticket: ticket, messages: 0, bytes: 0)
        }
        #expect(text.contains(" was not refused, the model refuses it: "), "\(text)")
    }

    @Test func anUpdateThatShouldNotHaveBeenRefusedIsFound() throws {
        let text = try Sabotage.complaint(Self.plan("none", invalid: 0)) { report in
            guard case .updateCompleted(let group, 16, _, _) = report else { return report }
            return .updateRefused(group: group, ticket: 16, reason: "empty")
        }
        #expect(text.hasPrefix("update 11 of group 1 ("), "\(text)")
        #expect(text.hasSuffix(") was refused, the model takes it"), "\(text)")
    }

    @Test func anotherReasonIsFound() throws {
        let text = try Sabotage.complaint(Self.plan("none")) { report in
            guard case .updateRefused(let group, let ticket, _) = report else { return report }
            return .updateRefused(group: group, ticket: ticket, reason: "no")
        }
        #expect(text.contains(" was refused for another reason, the model refuses it: "), "\(text)")
    }

    @Test func aRefusedWarmUpIsFound() throws {
        let text = try Sabotage.complaint(Self.plan("none", invalid: 0)) { report in
            guard case .updateCompleted(let group, 2, _, _) = report else { return report }
            return .updateRefused(group: group, ticket: 2, reason: "no")
        }
        #expect(text == "update 3 of group 1's warm-up was refused, the model takes it")
    }
}
