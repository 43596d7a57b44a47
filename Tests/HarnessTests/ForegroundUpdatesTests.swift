import Foundation
import Structures
import Testing

@testable import Harness

/// Updates that go on while nodes recover.
struct ForegroundUpdatesTests {
    @Test func `what is complete while nodes are away is counted, and the longest stall found`() {
        // One group stalls from 90 to 160, across the crash at 100; the other is steady.
        let stalled: [UInt64] = [50, 70, 90, 160, 170, 400]
        let steady: [UInt64] = Array(stride(from: 5, through: 300, by: 20)).reversed()
        #expect(
            ForegroundUpdates(completions: [stalled], from: 100, to: 165)
                == ForegroundUpdates(completed: 1, longestStall: 70))
        #expect(
            ForegroundUpdates(completions: [steady, stalled], from: 100, to: 200)
                == ForegroundUpdates(completed: 7, longestStall: 230))
        // What comes before and after does not count.
        #expect(
            ForegroundUpdates(completions: [stalled], from: 60, to: 80)
                == ForegroundUpdates(completed: 1, longestStall: 20))
        #expect(ForegroundUpdates(completions: [], from: 60, to: 80) == nil)
        #expect(ForegroundUpdates(completions: [[]], from: 60, to: 80)?.completed == 0)
    }

    private static func plan(_ mechanism: String, _ nodes: [[String]]) -> RunPlan {
        var plan = RunDriverTests.plan(
            mechanism, groups: 3, order: .concurrent, window: 4,
            crash: CrashPlan(every: 100, nodes: .named(nodes), moment: .update))
        plan.workload.operations = 200
        plan.workload.mix = [OperationWeight(kind: .append, weight: 1)]
        plan.workload.openLoop = OpenLoop(rate: 1000)
        return plan
    }

    /// In virtual time every figure follows from the rows of the updates.
    @Test(arguments: [
        ("fusion", "backup-1", 3), ("fusion", "primary-1", 2), ("replication", "replica-1-1", 3),
    ])
    func `rows of a recovery are what the updates say`(
        mechanism: String, node: String, groups: Int
    ) throws {
        let (rows, _) = try RunDriverTests.simulate(Self.plan(mechanism, [[node]]))
        #expect(rows.recoveries.count == 2)
        for (place, recovery) in rows.recoveries.enumerated() {
            let crashed = try #require(recovery.crashedNs)
            let away = try #require(recovery.redundancyNs)
            #expect(away == recovery.restartNs)
            let ends = rows.updates.filter {
                $0.group > 3 - groups && ($0.operation - 1) / 100 == place
            }.map {
                (group: $0.group, end: ($0.beganNs ?? 0) + $0.backupNs - ($0.waitNs ?? 0))
            }
            #expect(
                recovery.updatesMeanwhile
                    == ends.count { (crashed...crashed + away).contains($0.end) })
            // An update waits for a backup until it is known to be gone, and for no other primary.
            #expect((recovery.longestStallNs ?? 0 > recovery.detectNs) == (groups == 3))
            #expect(recovery.longestStallNs ?? .max <= recovery.longestGapNs ?? 0)
        }
        let text = RecoveryLoadTable.section(
            of: [RunRow()], [RunRow(): rows.recoveries])
        #expect(text?.contains("| \(rows.recoveries[0].role) | 2 |") == true)
    }

    @Test func `where no update goes on the columns are empty`() throws {
        var plan = Self.plan("fusion", [["backup-1"]])
        plan.crash?.moment = .between
        let (rows, _) = try RunDriverTests.simulate(plan)
        #expect(rows.recoveries.count == 2)
        for recovery in rows.recoveries {
            #expect(recovery.updatesMeanwhile == nil && recovery.longestStallNs == nil)
            #expect(recovery.redundancyNs == recovery.restartNs)
        }
        #expect(RecoveryLoadTable.section(of: [RunRow()], [RunRow(): rows.recoveries]) == nil)
    }

    @Test func `the redundancy of a set is restored when its last node is back`() throws {
        var plan = Self.plan("fusion", [["backup-1", "primary-2"]])
        plan.faults = 2
        let (rows, _) = try RunDriverTests.simulate(plan)
        #expect(rows.recoveries.count == 4)
        for round in [rows.recoveries.prefix(2), rows.recoveries.suffix(2)] {
            #expect(Set(round.map(\.redundancyNs)).count == 1)
            #expect(round.first?.redundancyNs == round.map(\.restartNs).max())
        }
    }
}
