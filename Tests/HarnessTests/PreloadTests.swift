import Foundation
import Roles
import Structures
import Testing

@testable import Harness

/// Structures that are not empty when their nodes begin.
struct PreloadTests {
    private static func plan(
        _ mechanism: String, _ structure: StructureKind, moment: CrashMoment
    ) -> RunPlan {
        var plan = RunDriverTests.plan(mechanism, transport: .inproc)
        plan.structure = structure
        plan.faults = 2
        plan.workload.mix = structure.defaultMix
        plan.workload.preload = 120
        plan.workload.operations = 40
        plan.workload.warmup = 4
        plan.crash = CrashPlan(every: 20, nodes: .each, moment: moment)
        return plan
    }

    @Test(
        "Runs go on behind the preload, and every recovery is proved",
        arguments: ["fusion", "replication", "sequencer"],
        [StructureKind.list, .stringMap, .priorityQueue])
    func preloadedRuns(mechanism: String, structure: StructureKind) throws {
        for moment in [CrashMoment.between, .update] {
            let plan = Self.plan(mechanism, structure, moment: moment)
            let rows = try RunDriverTests.run(plan)
            #expect(rows.recoveries.allSatisfy { $0.verified })
            // What the first sample holds is the preload: the warm-up leaves nothing.
            let first = rows.space.filter { $0.operations == 0 && $0.role != "manager" }
            #expect(first.allSatisfy { $0.elements > 0 })
            #expect(rows.updates.map(\.operation).min() == 1)
        }
    }

    @Test("The preload is the beginning of the same trace")
    func preloadIsTheTracesBeginning() throws {
        var whole = Self.plan("fusion", .list, moment: .between)
        whole.crash = nil
        var rest = whole
        whole.workload.preload = 0
        whole.workload.operations = 160
        let all = try RunDriverTests.run(whole)
        let behind = try RunDriverTests.run(rest)
        func sizes(_ rows: RunDriverTests.Rows) -> [Int] {
            rows.space.filter { $0.role == "primary" }.suffix(2).map(\.elements)
        }
        #expect(sizes(all) == sizes(behind))
        rest.workload.preload = 60
        let shorter = try RunDriverTests.run(rest)
        #expect(sizes(shorter) != sizes(all))
    }

    @Test("None begins with its contents too, and who cannot says so")
    func otherMechanisms() throws {
        var plan = Self.plan("none", .list, moment: .between)
        plan.crash = nil
        #expect(try RunDriverTests.run(plan).updates.count == 80)
        let contents = InitialContents { _ in [] }
        let other = SabotagedMechanism(base: try RunDriverTests.mechanism(of: plan)) { $1 }
        let error = #expect(throws: NoInitialContents.self) {
            try other.makeRole(of: Member(NodeID(1), incarnation: 1), holding: contents)
        }
        #expect(error?.description.contains("workload.preload must be 0") == true)
    }
}
