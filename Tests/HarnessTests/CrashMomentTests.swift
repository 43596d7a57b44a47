import Roles
import Structures
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
        "Nodes crash at once, and in the recoveries of others",
        arguments: ["fusion", "replication"],
        [
            (CrashedNodes.together, CrashMoment.between), (.together, .recovery),
            (.random, .recovery),
        ])
    func atOnce(mechanism: String, crash: (nodes: CrashedNodes, moment: CrashMoment)) throws {
        let plan = Self.plan(mechanism, crash.nodes, crash.moment)
        let rows = try RunDriverTests.run(plan)
        let topology = try RunDriverTests.mechanism(of: plan).nodes
        let sets = (1...3).flatMap { plan.crashSets(round: $0, of: topology) }
        #expect(
            rows.recoveries.map(\.node)
                == sets.flatMap(\.self).map { topology[Int($0.rawValue) - 1].name })
        #expect(
            rows.recoveries.map(\.failedAtOnce)
                == sets.flatMap { set in set.map { _ in set.count } })
        #expect(rows.recoveries.allSatisfy { $0.verified && $0.moment == crash.moment.rawValue })
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
        "Primaries crash in updates that have reached some of the backups",
        arguments: [0, 1, 2],
        [
            (CrashedNodes.each, GroupOrder.sequential), (.each, .concurrent),
            (.together, .concurrent),
        ])
    func primariesInUpdates(reached: Int, crash: (nodes: CrashedNodes, order: GroupOrder)) throws {
        let rows = try RunDriverTests.run(
            Self.plan("fusion", order: crash.order, crash.nodes, .update, reached: reached))
        #expect(rows.recoveries.count == 15)
        #expect(rows.recoveries.allSatisfy { $0.verified })
        var unacknowledged = 0
        for row in rows.recoveries {
            guard row.role == "primary", let reachedBackups = row.reached else {
                #expect(row.reached == nil && row.unacknowledged == nil && row.survived == nil)
                continue
            }
            #expect(reachedBackups == reached)
            let inFlight = try #require(row.unacknowledged)
            #expect((1...4).contains(inFlight))
            unacknowledged += inFlight
        }
        #expect(unacknowledged > 9)
        let survived = rows.recoveries.compactMap(\.survived).reduce(0, +)
        // Without other failures one backup that has an update is enough; updates before the
        // interrupted one have reached all.
        if crash.nodes == .each { #expect((survived == unacknowledged) == (reached > 0)) }
        // Whatever was acknowledged or repeated has a row; what survived in flight has none.
        #expect(rows.updates.count == 360 - survived)
    }

    // MARK: - What has to be found

    /// Every update is an append, of which one is in flight at a time and reaches nobody.
    private static let appending: RunPlan = {
        var plan = Self.plan("fusion", window: 1, .named([["primary-1"]]), .update, reached: 0)
        plan.workload.mix = [OperationWeight(kind: .append, weight: 1)]
        return plan
    }()

    private static func refusal(
        of plan: RunPlan, _ mechanism: (any Mechanism)? = nil, patience: Double = 30
    ) -> String {
        do {
            _ = try RunDriverTests.run(plan, mechanism, patience: patience)
            return "valid"
        } catch RunError.invalid(let text) {
            return text
        } catch {
            return "not judged: \(error)"
        }
    }

    @Test("A recovered primary that forgets an acknowledged update is found")
    func forgottenUpdate() throws {
        let count = UInt32(Self.count(before: Self.appending))
        let text = Self.refusal(
            of: Self.appending,
            try Sabotage.changedAfterRecovery(Self.appending) { _ in
                Operation(.remove, at: count - 1)
            })
        #expect(text.contains("the recovery of primary-1: primary-1: it has \(count - 1) pieces"))
        #expect(text.hasSuffix("the model has \(count)"))
    }

    @Test("A recovered primary that invents an update is found")
    func inventedUpdate() throws {
        let text = Self.refusal(
            of: Self.appending,
            try Sabotage.changedAfterRecovery(Self.appending) { _ in
                Operation(.append, value: Array(repeating: 0xee, count: 8))
            })
        let count = Self.count(before: Self.appending)
        #expect(text.contains("primary-1: it has \(count + 1) pieces"))
        #expect(text.hasSuffix("the model has \(count)"))
    }

    @Test("An update in flight that survives at one node and not at another is found")
    func twoFates() throws {
        let text = Self.refusal(
            of: Self.appending,
            try Sabotage.changedAfterRecovery(Self.appending) { $0 ?? Operation(.remove, at: 0) })
        #expect(
            text.contains("the recovery of primary-1: backup-1: its last update of primary-1 is"))
    }

    /// How many updates the first interrupted one of group 1 comes after.
    private static func count(before plan: RunPlan) -> Int {
        (try? RunDriverTests.run(plan).recoveries.first?.operations) ?? 0
    }

    @Test("More crashes than faults are named", arguments: ["fusion", "replication"])
    func tooManyCrashes(mechanism: String) {
        let nodes =
            mechanism == "fusion" ? ["primary-1", "primary-3"] : ["replica-2-1", "replica-2-2"]
        let text = Self.refusal(of: Self.plan(mechanism, faults: 1, .named([nodes])))
        #expect(
            text.contains(
                mechanism == "fusion"
                    ? "primary-1 and primary-3 are lost" : "group 2 is lost: none of its replicas"))
    }

    @Test("A recovery that never ends is named")
    func endlessRecovery() throws {
        let plan = Self.plan("fusion", .named([["backup-1", "primary-1"]]))
        #expect(
            Self.refusal(of: plan, try Sabotage.deafAfterCrash(plan), patience: 1).hasSuffix(
                "lost: no recovery in 1 s after the crash of backup-1 and primary-1"))
    }
}
