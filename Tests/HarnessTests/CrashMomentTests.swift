import Foundation
import Roles
import Testing

@testable import Harness

/// Whole runs in which several nodes crash at once, in the middle of updates and of recoveries.
struct CrashMomentTests {
    private static func plan(
        _ mechanism: String, faults: Int = 2, transport: TransportKind = .inproc,
        order: GroupOrder = .sequential, window: Int = 4, _ nodes: CrashedNodes,
        _ moment: CrashMoment = .between, reached: Int? = nil
    ) -> RunPlan {
        RunDriverTests.plan(
            mechanism, groups: 3, faults: faults, transport: transport, order: order,
            window: window,
            crash: CrashPlan(every: 40, nodes: nodes, moment: moment, reached: reached))
    }

    @Test(
        "Replicas crash at once, and in the recoveries of others",
        arguments: [CrashedNodes.together, .random], [CrashMoment.between, .recovery])
    func replicasAtOnce(nodes: CrashedNodes, moment: CrashMoment) throws {
        let plan = Self.plan("replication", nodes, moment)
        let rows = try RunDriverTests.run(plan)
        let topology = try RunDriverTests.mechanism(of: plan).nodes
        let sets = (1...3).flatMap { plan.crashSets(round: $0, of: topology) }
        #expect(
            rows.recoveries.map(\.node)
                == sets.flatMap(\.self).map { topology[Int($0.rawValue) - 1].name })
        #expect(
            rows.recoveries.map(\.failedAtOnce)
                == sets.flatMap { set in set.map { _ in set.count } })
        #expect(rows.recoveries.allSatisfy { $0.verified && $0.moment == moment.rawValue })
        #expect(rows.recoveries.allSatisfy { $0.longestGapNs == nil && $0.reached == nil })
        #expect(rows.updates.count == 360)
    }

    @Test(
        "Replicas crash while updates run", arguments: [GroupOrder.sequential, .concurrent],
        [CrashedNodes.each, .together])
    func replicasInUpdates(order: GroupOrder, nodes: CrashedNodes) throws {
        let rows = try RunDriverTests.run(
            Self.plan("replication", order: order, nodes, .update))
        #expect(rows.recoveries.count == 27)
        #expect(rows.recoveries.allSatisfy { $0.verified })
        #expect(rows.recoveries.allSatisfy { $0.unacknowledged == nil && $0.survived == nil })
        #expect(rows.updates.count == 360)
    }

    @Test(
        "Primaries crash in updates that have reached all backups or none",
        arguments: [0, 2], [GroupOrder.sequential, .concurrent])
    func primariesInUpdates(reached: Int, order: GroupOrder) throws {
        let rows = try RunDriverTests.run(
            Self.plan("fusion", order: order, .each, .update, reached: reached))
        #expect(rows.recoveries.count == 15)
        #expect(rows.recoveries.allSatisfy { $0.verified })
        var unacknowledged = 0
        for row in rows.recoveries {
            guard row.role == "primary" else {
                #expect(row.reached == nil && row.unacknowledged == nil && row.survived == nil)
                continue
            }
            #expect(row.reached == reached)
            let inFlight = try #require(row.unacknowledged)
            #expect((1...4).contains(inFlight))
            unacknowledged += inFlight
        }
        #expect(unacknowledged > 9)
        let survived = rows.recoveries.compactMap(\.survived).reduce(0, +)
        if reached == 2 { #expect(survived == unacknowledged) }
        // Whatever was acknowledged or repeated has a row; what survived in flight has none.
        #expect(rows.updates.count == 360 - survived)
    }
}
