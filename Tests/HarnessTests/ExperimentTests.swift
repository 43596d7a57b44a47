import ErasureCode
import Structures
import Testing

@testable import Harness

/// What an experiment file resolves to.
struct ExperimentTests {
    static let smallest =
        "{name: 'small', mechanisms: 'fusion', groups: 2, faults: 1, workload: {operations: 10}}"

    static func load(_ text: String = smallest, _ settings: [String] = []) throws -> Experiment {
        try Experiment.parse(
            text, origin: "file.json5", overrides: settings.map(Override.init(setting:)))
    }

    @Test func fillsInTheDefaults() throws {
        let plan = try #require(try Self.load().plans.first)
        #expect(
            plan
                == RunPlan(
                    experiment: "small", mechanism: "fusion", groups: 2, faults: 1,
                    structure: .list, valueBytes: 8,
                    workload: Workload(
                        operations: 10, warmup: 100,
                        mix: [OperationWeight(kind: .append, weight: 1)], window: 1,
                        order: .sequential),
                    crash: nil, code: CodePlan(kind: .vandermonde, wordBits: 8), transport: .tcp,
                    launch: .processes, repetition: 1, seed: 2016))
    }

    @Test func readsEveryKey() throws {
        let experiment = try Self.load(
            """
            {
              name: "all", mechanisms: ["replication"], groups: 3, faults: 2, structure: "list",
              valueBytes: 5,
              workload: {
                operations: 20, warmup: 4, mix: { remove: 2, append: 3, set: 0 }, window: 7,
                order: "concurrent",
              },
              crash: { every: 5, nodes: ["replica-3-3", "replica-1-1"] },
              code: { kind: "cauchy", wordBits: 16 },
              transport: "inproc", launch: "threads", repetitions: 1, seed: 0,
            }
            """)
        #expect(
            experiment.plans == [
                RunPlan(
                    experiment: "all", mechanism: "replication", groups: 3, faults: 2,
                    structure: .list, valueBytes: 5,
                    workload: Workload(
                        operations: 20, warmup: 4,
                        mix: [
                            OperationWeight(kind: .append, weight: 3),
                            OperationWeight(kind: .remove, weight: 2),
                        ], window: 7, order: .concurrent),
                    crash: CrashPlan(every: 5, nodes: .named([["replica-3-3"], ["replica-1-1"]])),
                    code: CodePlan(kind: .cauchy, wordBits: 16), transport: .inproc,
                    launch: .threads, repetition: 1, seed: 0)
            ])
    }

    @Test func listsMultiplyWithMechanismsInnermost() throws {
        let plans = try Self.load(
            Self.smallest,
            ["mechanisms=['replication','fusion']", "groups=[2,1]", "workload.window=[1,8]"]
        ).plans
        #expect(
            plans.map { "\($0.groups) \($0.workload.window) \($0.mechanism)" } == [
                "2 1 replication", "2 1 fusion", "2 8 replication", "2 8 fusion",
                "1 1 replication", "1 1 fusion", "1 8 replication", "1 8 fusion",
            ])
    }

    @Test(arguments: [
        ("groups=[1,2]", 2), ("faults=[1,2,3]", 3), ("structure=['list']", 1),
        ("structure=['list','set','queue']", 3), ("workload.targetSize=[null,50]", 2),
        ("workload.invalid=[0,1]", 2),
        ("workload.positions={distribution:['uniform','latest'],theta:[0.5,0.9]}", 3),
        ("valueBytes=[8,{min:1,max:9}]", 2),

        ("valueBytes=[8,64]", 2), ("workload.operations=[10,20]", 2),
        ("workload.warmup=[0,2]", 2), ("workload.window=[1,2]", 2),
        ("workload.order=['sequential','concurrent']", 2),
        (
            "workload={operations:10,mix:{append:1,read:1},reads:['relaxed','ordered']}", 1
        ),
        ("crash={every:[1,5]}", 2), ("crash={every:5,moment:['between','update']}", 2),
        ("crash={every:5,moment:'update',reached:[0,1,null]}", 3),
        ("code.kind=['vandermonde','cauchy']", 2),
        ("code.wordBits=[8,16,32]", 3),
        ("replication.senders=[1,2,64]", 1), ("transport=['tcp','ipc']", 2),
        ("launch=['threads','processes']", 2), ("seed=[1,2]", 2), ("repetitions=3", 3),
    ])
    func everyListMakesRuns(_ setting: String, count: Int) throws {
        let plans = try Self.load(Self.smallest, [setting]).plans
        #expect(plans.count == count)
        #expect(Set(plans).count == count)
    }

    @Test(arguments: [
        ("senders=[1,2,64]", 3), ("managers=['one','perGroup']", 2),
        ("acknowledge=['delivery','final']", 2), ("piggyback=[true,false]", 2),
        ("batch=[1,65536]", 2),
    ])
    func replicationIsSwept(_ setting: String, count: Int) throws {
        let experiment = try Self.load(
            Self.smallest,
            ["mechanisms=['fusion','replication','none']", "replication.\(setting)"])
        #expect(experiment.plans.count == count + 2)
        #expect(Set(experiment.plans.map(\.replication)).count == count)
        #expect(
            experiment.notes
                == ["fusion", "none"].map {
                    "\($0) has no multicast: it runs once for all that replication lists."
                })
    }

    @Test func listsHowReplicationIsRun() throws {
        func listing(_ replication: String) throws -> String {
            try Self.load(
                Self.smallest, ["mechanisms=['replication']", "replication={\(replication)}"]
            ).listing()
        }
        #expect(
            try listing("").contains(
                "  replication  1 sender, one manager, acknowledged on delivery\n"))
        #expect(
            try listing("senders:3,managers:'perGroup',acknowledge:'final',piggyback:true,batch:9")
                .contains(
                    "3 senders, a manager per group, acknowledged on final, finals piggybacked, "
                        + "batches of 9\n"))
    }

    @Test func mechanismsTurnRoundInEverySecondRepetition() throws {
        let plans = try Self.load(
            Self.smallest, ["mechanisms=['fusion','none']", "groups=[1,2]", "repetitions=3"]
        ).plans
        #expect(
            plans.map { "\($0.repetition) \($0.groups) \($0.mechanism)" } == [
                "1 1 fusion", "1 1 none", "1 2 fusion", "1 2 none",
                "2 1 none", "2 1 fusion", "2 2 none", "2 2 fusion",
                "3 1 fusion", "3 1 none", "3 2 fusion", "3 2 none",
            ])
    }

    @Test func nothingCrashesWhereNothingRecovers() throws {
        let experiment = try Self.load(
            Self.smallest, ["mechanisms=['fusion','none']", "crash={every:[2,5]}"])
        #expect(
            experiment.plans.map { "\($0.mechanism) \($0.crash?.every ?? 0)" } == [
                "fusion 2", "none 0", "fusion 5",
            ])
        #expect(
            experiment.notes == [
                "none has nothing to recover from: no node crashes in its runs."
            ])
    }

    @Test func namedNodesCrashWhereTheyAre() throws {
        let experiment = try Self.load(
            Self.smallest,
            [
                "mechanisms=['fusion','replication']", "groups=[1,2]",
                "crash={every:5,nodes:['primary-2','replica-1-2','backup-1']}",
            ])
        #expect(
            experiment.plans.map(\.crash?.nodes) == [
                .named([["backup-1"]]), .named([["replica-1-2"]]),
                .named([["primary-2"], ["backup-1"]]), .named([["replica-1-2"]]),
            ])
        #expect(experiment.notes.isEmpty)
    }

    @Test func notesWhatIsLeftOut() throws {
        let notes = try Self.load(
            Self.smallest,
            [
                "mechanisms=['fusion','replication']", "groups=[1,2]", "workload.warmup=3",
                "crash={every:4,nodes:['primary-2']}", "code.kind=['cauchy','vandermonde']",
            ]
        ).notes
        #expect(
            notes == [
                "4 of 6 runs have none of the nodes in crash.nodes: no node crashes in them.",
                "crash.every 4 does not divide workload.operations 10: no node crashes after the "
                    + "last 2.",
                "replication uses no code: it runs once for all of them.",
                "workload.warmup 3 counts as 4: what is added is removed again.",
            ])
    }

    @Test func aStructureHasTheMixOfItsOwn() throws {
        let mixes = try Self.load(
            Self.smallest,
            [
                "structure=['list','map','deque']",
                "workload.mix={map:{remove:2,put:5},queue:{enqueue:1}}",
            ]
        ).plans.map { plan in
            plan.workload.mix.map { "\($0.kind.name) \($0.weight)" }.joined(separator: ", ")
        }
        #expect(
            mixes == [
                "append 1", "put 5, remove 2", "pushFront 2, pushBack 2, popFront 1, popBack 1",
            ])
    }

    /// Keys are nothing to a list and positions nothing to a map, so that they make no more runs.
    @Test func aSweepOfWhatAStructureDoesNotHaveIsOneRun() throws {
        let settings = [
            "workload.keys.space=[10,20,30]",
            "workload.positions.distribution=['uniform','latest']",
        ]
        #expect(try Self.load(Self.smallest, settings).plans.count == 2)
        #expect(try Self.load(Self.smallest, settings + ["structure=map"]).plans.count == 3)
        #expect(try Self.load(Self.smallest, settings + ["structure=stack"]).plans.count == 1)
    }

    /// Reads are nothing to a mix without them, and their order nothing to who has one way to read.
    @Test func aSweepOfReadOrdersIsOneRunWhereTheyAreTheSame() throws {
        let settings = [
            "mechanisms=['fusion','replication','none']", "workload.reads=['relaxed','ordered']",
        ]
        #expect(try Self.load(Self.smallest, settings).plans.count == 3)
        let reading = try Self.load(Self.smallest, settings + ["workload.mix={append:1,read:2}"])
        #expect(
            reading.plans.map { "\($0.mechanism) \($0.readOrder?.rawValue ?? "-")" } == [
                "fusion -", "replication relaxed", "none -", "replication ordered",
            ])
        #expect(
            reading.notes == [
                "fusion has one way to read: it runs once for all of workload.reads.",
                "none has one way to read: it runs once for all of workload.reads.",
            ])
        let rows = reading.plans.map { RunRow(run: 1, plan: $0, nodes: 1, codes: false) }
        #expect(rows.map(\.reads) == ["", "relaxed", "", "ordered"])
        #expect(rows.map(\.positions) == Array(repeating: "uniform", count: 4))
        // Fusion stands beside each way of replication's.
        let comparisons = Comparison.all(of: rows.map(\.configuration))
        #expect(
            comparisons.map { $0.configurations.map(\.reads) } == [
                ["", "relaxed", ""], ["", "", "ordered"],
            ])
        #expect(comparisons[1].title.contains("; ordered reads"))
    }

    /// Only what is coded is padded to words of the code.
    @Test func cellsAreWholeWordsWhereTheyAreCoded() throws {
        let shapes = try Self.load(
            Self.smallest,
            ["mechanisms=['fusion','replication']", "valueBytes=5", "code.wordBits=32"]
        ).plans.map(\.shape)
        #expect(shapes.map(\.layout.cellBytes) == [[8], [5]])
        #expect(shapes.map(\.values) == [.fixed(5), .fixed(5)])
        let spread = try Self.load(Self.smallest, ["valueBytes={min:2,max:90}"]).plans[0].shape
        #expect(spread.values == .upTo(90))
    }

    @Test func notesSizesThatAreNotReached() throws {
        let notes = try Self.load(
            Self.smallest,
            ["structure=['set','map']", "valueBytes=1", "workload.targetSize=[5,100]"]
        ).notes
        #expect(
            notes == [
                "workload.keys.space 1000000 counts as 256 in a set of 1-byte values: no more of "
                    + "them differ.",
                "workload.operations 10 end before workload.targetSize 100 is reached.",
            ])
    }

    @Test func crashCanBeNull() throws {
        #expect(try Self.load(Self.smallest, ["crash=null"]).plans[0].crash == nil)
    }

    @Test func overridesSetKeysThatAreLeftOut() throws {
        let plan = try Self.load(
            Self.smallest,
            ["workload.mix.insert=2", "transport=ipc", "seed=5", "seed=6", "crash.every=5"]
        ).plans[0]
        #expect(plan.workload.mix == [OperationWeight(kind: .insert, weight: 2)])
        #expect(plan.transport == .ipc)
        #expect(plan.seed == 6)
        #expect(plan.crash == CrashPlan(every: 5, nodes: .each))
    }

    @Test(arguments: [
        [], ["groups=[1,2,3]", "repetitions=2"], ["crash={every:5,nodes:['primary-1']}"],
        ["crash.every=[1,2]"], ["crash={every:5,nodes:'together',moment:'recovery'}"],
        ["crash={every:5,nodes:'random',moment:'update',reached:1}"],
        ["crash={every:5,nodes:['backup-1',['primary-1','primary-2']]}"],
        ["workload.mix={append:3,remove:1}", "code.wordBits=32"],
        ["mechanisms=['none','fusion']", "crash.every=3", "seed=9223372036854775807"],
        ["structure=['list','map','set']", "valueBytes=[9,{min:2,max:99,distribution:'zipfian'}]"],
        [
            "structure=['map','queue']", "workload.mix={map:{put:1}}",
            "workload.targetSize=[null,5]",
        ],
        ["workload.keys.distribution=['latest','zipfian']", "workload.keys.theta=[0.1,0.7]"],
        ["workload.positions.distribution=sequential", "workload.invalid=3"],
        [
            "mechanisms=['replication']", "workload.mix={append:3,read:1,readAll:1}",
            "workload.reads=['ordered','relaxed']",
        ],
    ])
    func itsTextLoadsToTheSameRuns(_ settings: [String]) throws {
        let experiment = try Self.load(Self.smallest, settings)
        #expect(try Self.load(experiment.text) == experiment)
    }

    @Test func listsWhatTheWorkloadIs() throws {
        let listing = try Self.load(
            Self.smallest,
            [
                "structure=['list','stringMap']", "valueBytes={min:8,max:64}",
                "workload.mix={list:{set:1}}", "workload.targetSize=9", "workload.invalid=2",
                "workload.keys={space:70,distribution:'zipfian'}",
                "workload.positions.distribution=latest",
            ]
        ).listing()
        for line in [
            "  value bytes  8-64 uniform\n", "  invalid      2\n", "  target size  9\n",
            "  run  structure  mix              keys             positions\n",
            "    1  list       set 1            -                latest 0.99\n",
            "    2  stringMap  put 2, remove 1  70 zipfian 0.99  -\n",
        ] {
            #expect(listing.contains(line), "\(listing)")
        }
    }

    @Test func listsItsRuns() throws {
        let experiment = try Self.load(
            Self.smallest, ["mechanisms=['fusion','none']", "groups=[1,12]", "crash.every=5"])
        #expect(
            try experiment.listing() == """
                small: 4 runs, in this order

                  faults       1
                  structure    list
                  value bytes  8
                  operations   10
                  warm-up      100
                  mix          append 1
                  window       1
                  order        sequential
                  transport    tcp
                  launch       processes
                  seed         2016
                  repetition   1

                  run  mechanism  groups  nodes  crash               code
                    1  fusion          1      2  each node, every 5  vandermonde, 8 bits
                    2  none            1      1  none                -
                    3  fusion         12     13  each node, every 5  vandermonde, 8 bits
                    4  none           12     12  none                -

                Note: none has nothing to recover from: no node crashes in its runs.

                """)
    }
}
