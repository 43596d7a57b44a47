import Foundation
import Roles
import Testing

@testable import Harness

/// Which nodes crash in a round, and what a file says of it.
struct CrashPlanTests {
    private static func plan(_ nodes: CrashedNodes, faults: Int = 2, seed: UInt64 = 11) -> RunPlan {
        var plan = RunDriverTests.plan(
            "fusion", groups: 3, faults: faults, crash: CrashPlan(every: 10, nodes: nodes))
        plan.seed = seed
        return plan
    }

    private static func sets(_ plan: RunPlan, round: Int = 1) throws -> [[String]] {
        let nodes = try RunDriverTests.mechanism(of: plan).nodes
        return plan.crashSets(round: round, of: nodes).map { set in
            set.map { nodes[Int($0.rawValue) - 1].name }
        }
    }

    @Test func eachNodeByItself() throws {
        #expect(
            try Self.sets(Self.plan(.each)) == [
                ["primary-1"], ["primary-2"], ["primary-3"], ["backup-1"], ["backup-2"],
            ])
    }

    @Test func asManyTogetherAsFaults() throws {
        #expect(
            try Self.sets(Self.plan(.together)) == [
                ["primary-1", "primary-2"], ["primary-3", "backup-1"], ["backup-2"],
            ])
        var replicated = Self.plan(.together)
        replicated.mechanism = "replication"
        #expect(try Self.sets(replicated).flatMap(\.self).count == 9)
        #expect(try Self.sets(replicated).joined().contains("manager") == false)
    }

    /// Nodes that hold no data crash where they are named, and by chance.
    @Test func sendersCrashWhereTheyAreMeant() throws {
        func sets(_ nodes: CrashedNodes, round: Int = 1) -> [[String]] {
            let plan = Self.plan(nodes)
            let topology = OrderingMechanism(plan).nodes
            return plan.crashSets(round: round, of: topology).map { set in
                set.map { topology[Int($0.rawValue) - 1].name }
            }
        }
        for nodes in [CrashedNodes.each, .together] {
            #expect(sets(nodes).joined().allSatisfy { $0.hasPrefix("replica") })
        }
        #expect(sets(.each).count == 6)
        #expect(sets(.named([["sender-2", "replica-1-2"]])) == [["sender-2", "replica-1-2"]])
        let drawn = Set((1...60).flatMap { sets(.random, round: $0).joined() })
        #expect(drawn.count == 8)
        #expect(drawn.isSuperset(of: ["sender-1", "sender-2"]))
    }

    @Test func everySenderHasAnUpdateForACrash() throws {
        func load(every: Int, _ nodes: String) throws -> RunPlan? {
            let entry = Registry.Entry(
                name: "ordering", make: { OrderingMechanism($0) }, ordersUpdates: true)
            let crash = "crash={every:\(every),nodes:\(nodes),moment:'update',reached:1}"
            return try Experiment.parse(
                ExperimentTests.smallest, origin: "",
                overrides: [
                    try Override(setting: "mechanisms=['ordering']"), try Override(setting: crash),
                ], entries: [entry]
            ).plans.first
        }
        // Two crashes, of which each has an update of both senders.
        #expect(try load(every: 4, "['sender-1','sender-2']")?.crash?.reached == 1)
        #expect(try load(every: 2, "'random'")?.crash?.reached == 1)
        #expect(try load(every: 2, "['replica-1-2']")?.crash?.reached == nil)
        let error = #expect(throws: ExperimentError.self) {
            try load(every: 3, "['sender-1','sender-2']")
        }
        #expect(
            "\(try #require(error))".contains(
                "has 2 crashes, each in updates of its own of all 2 senders; it must be at least 4")
        )
    }

    @Test func namedSetsAsTheyStand() throws {
        let sets = [["backup-2", "primary-1"], ["primary-3"]]
        #expect(try Self.sets(Self.plan(.named(sets))) == sets)
    }

    @Test func randomSetsComeFromTheSeed() throws {
        var seen: Set<[String]> = []
        var sizes: Set<Int> = []
        for round in 1...60 {
            let sets = try Self.sets(Self.plan(.random, faults: 3), round: round)
            try #require(sets.count == 1)
            #expect(Set(sets[0]).count == sets[0].count)
            let again = try Self.sets(Self.plan(.random, faults: 3), round: round)
            #expect(sets == again)
            seen.insert(sets[0])
            sizes.insert(sets[0].count)
        }
        #expect(sizes == [1, 2, 3])
        #expect(Set(seen.flatMap(\.self)).count == 6)
        let others = try (1...60).map {
            try Self.sets(Self.plan(.random, faults: 3, seed: 12), round: $0)
        }
        #expect(Set(others.flatMap(\.self)) != seen)
    }

    @Test func aFileSaysNamesAndLists() throws {
        let plan = try #require(
            try ExperimentTests.load(
                ExperimentTests.smallest,
                ["crash={every:5,nodes:['backup-1',['primary-2','primary-1']],moment:'recovery'}"]
            ).plans.first)
        #expect(
            plan.crash
                == CrashPlan(
                    every: 5, nodes: .named([["backup-1"], ["primary-2", "primary-1"]]),
                    moment: .recovery))
    }

    /// What does not apply is not said, so that it makes no runs of its own.
    @Test func whatDoesNotApplyMakesNoRuns() throws {
        let plans = try ExperimentTests.load(
            ExperimentTests.smallest,
            [
                "mechanisms=['fusion','replication']",
                "crash={every:5,moment:['between','update'],reached:[0,1]}",
            ]
        ).plans
        #expect(
            plans.map {
                "\($0.mechanism) \($0.crash?.moment.rawValue ?? "") \($0.crash?.reached ?? -1)"
            } == [
                "fusion between -1", "replication between -1", "fusion update 0",
                "replication update -1", "fusion update 1",
            ])
    }

    @Test func notesWhatCannotBeSurvivedOrMakesNoDifference() throws {
        let notes = try ExperimentTests.load(
            ExperimentTests.smallest,
            [
                "faults=[1,2]",
                "crash={every:5,nodes:[['primary-1','backup-1']],moment:'recovery'}",
            ]
        ).notes
        #expect(
            notes == [
                "1 of 2 runs crash more nodes at once than faults: if state is lost, the run ends "
                    + "and says which."
            ])
        #expect(
            try ExperimentTests.load(
                ExperimentTests.smallest, ["crash={every:5,moment:'recovery'}"]
            ).notes == [
                "In 1 of 1 runs each node crashes by itself: no other recovery runs then, and "
                    + "crash.moment \"recovery\" is \"between\"."
            ])
    }

    @Test(arguments: [
        ("{every:5,nodes:'together'}", "1 at once, every 5"),
        ("{every:5,nodes:'random',moment:'update'}", "1 to 1 at random, every 5, in an update"),
        (
            "{every:5,moment:'update',reached:0}",
            "each node, every 5, in an update that reached 0"
        ),
        (
            "{every:5,nodes:['backup-1',['primary-1','primary-2']],moment:'recovery'}",
            "backup-1 primary-1+primary-2, every 5, in recoveries"
        ),
    ])
    func listsThePlan(_ crash: String, words: String) throws {
        let listing = try ExperimentTests.load(ExperimentTests.smallest, ["crash=\(crash)"])
            .listing()
        #expect(listing.contains("  crash        \(words)\n"))
    }
}
