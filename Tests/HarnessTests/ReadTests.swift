import Roles
import Structures
import Testing

@testable import Harness

/// Whole runs with reads.
struct ReadTests {
    private static func plan(
        _ mechanism: String, _ structure: StructureKind = .map, invalid: Int = 0
    ) -> RunPlan {
        var plan = RunDriverTests.plan(mechanism, order: .concurrent)
        if mechanism == "none" { plan.crash = nil }
        plan.structure = structure
        plan.valueBytes = .spread(1...60, .uniform)
        plan.workload.mix =
            structure.defaultMix + [
                OperationWeight(kind: .read, weight: 2), OperationWeight(kind: .readAll, weight: 1),
            ]
        plan.workload.invalid = invalid
        plan.workload.keys = KeyPlan(space: 50, distribution: .zipfian(theta: 0.8))
        return plan
    }

    @Test(arguments: ["fusion", "none"], StructureKind.allCases)
    func areAnsweredAsTheModelDoes(_ mechanism: String, _ structure: StructureKind) throws {
        let plan = Self.plan(mechanism, structure)
        let rows = try RunDriverTests.run(plan)
        for group in 0..<2 {
            let own = rows.updates.filter { $0.group == group + 1 }
            var trace = Trace(plan: plan, group: group)
            #expect(own.map(\.kind) == (0..<120).map { _ in trace.next().kind.name })
            let reads = own.filter { ["read", "readAll"].contains($0.kind) }
            #expect(Set(reads.map(\.kind)).count == 2)
            #expect(reads.allSatisfy { $0.backupNs > 0 && $0.messages == 0 && $0.bytes == 0 })
        }
        #expect(rows.recoveries.allSatisfy { $0.verified })
    }

    @Test(arguments: [CrashMoment.update, .recovery], [1, 6])
    func goTogetherWithCrashesInUpdates(_ moment: CrashMoment, window: Int) throws {
        try RunDriverTests.surviveCrashes(at: moment, window: window) { seed in
            Self.plan("fusion", seed.isMultiple(of: 2) ? .list : .sortedMap, invalid: 2)
        }
    }

    @Test(arguments: ["fusion", "none"])
    func aWrongAnswerIsFound(_ mechanism: String) throws {
        let text = try Sabotage.complaint(Self.plan(mechanism)) { report in
            guard case .readCompleted(let group, let ticket, var value, _, _) = report, ticket > 5
            else { return report }
            value[value.count - 1] ^= 1
            return .readCompleted(
                group: group, ticket: ticket, value: value, messages: 0, bytes: 0)
        }
        #expect(text.hasPrefix("operation "), "\(text)")
        #expect(text.hasSuffix(") did not give what the model has"), "\(text)")
    }

    @Test func aReadThatIsTakenForAnUpdateIsFound() throws {
        let text = try Sabotage.complaint(Self.plan("none")) { report in
            guard case .readCompleted(let group, let ticket, _, _, _) = report else {
                return report
            }
            return .updateCompleted(group: group, ticket: ticket, messages: 0, bytes: 0)
        }
        #expect(text.hasSuffix(") did not give what the model has"), "\(text)")
    }

    @Test func aReadThatShouldHaveBeenRefusedIsFound() throws {
        var plan = Self.plan("none", .list, invalid: 5)
        plan.workload.mix = [
            OperationWeight(kind: .append, weight: 1), OperationWeight(kind: .read, weight: 1),
        ]
        let text = try Sabotage.complaint(plan) { report in
            guard case .updateRefused(let group, let ticket, let reason) = report,
                reason.hasPrefix("positionOutOfRange")
            else { return report }
            return .readCompleted(group: group, ticket: ticket, value: [], messages: 0, bytes: 0)
        }
        #expect(text.contains(" was not refused, the model refuses it: "), "\(text)")
    }
}
