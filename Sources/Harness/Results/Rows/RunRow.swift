/// A row of `runs.csv`: one run of one mechanism, all its settings and how it went.
package struct RunRow: PlacedRow, Hashable {
    package var run = 0
    package var experiment = ""
    package var mechanism = ""
    package var groups = 0
    package var faults = 0
    package var structure = ""
    package var valueBytes = 0
    package var operations = 0
    package var window = 0
    package var transport = ""
    package var launch = ""
    package var code = ""
    package var wordBits: Int?
    package var repetition = 0
    package var seed: UInt64 = 0
    package var nodes = 0
    package var durationNs = 0
    package var updates = 0
    package var recoveries = 0
    package var valid = false
    package var warmup = 0
    package var mix = ""
    package var order = ""
    package var crashEvery: Int?
    package var crashNodes = ""
    package var crashMoment = ""
    package var crashReached: Int?
    package var valueSizes = ""
    package var invalid = 0
    package var targetSize: Int?
    package var keys = ""
    package var positions = ""
    package var refused = 0

    package var clusters = ""
    package var managers = ""
    package var senders: Int?
    package var acknowledge = ""
    package var piggyback = ""
    package var batch: Int?
    package var reads = ""
    package var preload: Int?
    package var placement = Placement.none.rawValue
    package var outcome = ""
    package var rate: Int?
    package var arrivals = ""
    package var catchUp = ""
    package var updatingNs: Int?
    package var scheduledNs: Int?
    package var firstHalfNs: Int?
    package var secondHalfNs: Int?
    package var steady = ""

    package init() {}

    /// The settings of a run; the caller fills in how it went.
    ///
    /// - Parameters:
    ///   - run: counts from 1 within the results directory.
    ///   - nodes: all nodes of the topology, group managers included.
    ///   - codes: whether the mechanism uses the erasure code; its columns stay empty otherwise.
    ///   - orders: whether the plan's `replication` applies; its columns stay empty otherwise.
    package init(run: Int, plan: RunPlan, nodes: Int, codes: Bool, orders: Bool = false) {
        self.run = run
        experiment = plan.experiment
        mechanism = plan.mechanism
        groups = plan.groups
        faults = plan.faults
        structure = plan.parts.map(\.structure.rawValue).joined(separator: "+")
        valueBytes = plan.parts.map(\.valueBytes.mean).max() ?? 0
        operations = plan.workload.operations
        window = plan.workload.window
        transport = plan.network?.name ?? plan.transport.rawValue
        launch = plan.launch.rawValue
        code = codes ? plan.code.kind.rawValue : ""
        wordBits = codes ? plan.code.wordBits : nil
        repetition = plan.repetition
        seed = plan.seed
        self.nodes = nodes
        warmup = plan.workload.warmup
        mix = plan.workload.mix.map { "\($0.kind.name):\($0.weight)" }.joined(separator: " ")
        order = plan.workload.order.rawValue
        crashEvery = plan.crash?.every
        crashNodes = plan.crash?.nodes.text ?? ""
        crashMoment = plan.crash?.moment.rawValue ?? ""
        crashReached = plan.crash?.reached
        valueSizes = plan.valueBytes.description
        invalid = plan.workload.invalid
        targetSize = plan.workload.targetSize
        keys = plan.keysInWords ?? ""
        positions = plan.positionsInWords ?? ""
        clusters = plan.clustersInWords ?? ""
        if orders {
            managers = plan.replication.managers.rawValue
            senders = plan.replication.senders
            acknowledge = plan.replication.acknowledgement.rawValue
            piggyback = String(plan.replication.piggybacksFinals)
            batch = plan.replication.batch
        }
        reads = plan.readOrder?.rawValue ?? ""
        placement = plan.placement.rawValue
        preload = plan.workload.preload > 0 ? plan.workload.preload : nil
        if let loop = plan.workload.openLoop {
            rate = loop.rate
            arrivals = loop.arrivals.rawValue
            catchUp = String(loop.catchesUp)
        }
    }

    /// The settings alone: equal for the runs whose measurements belong together.
    package var configuration: RunRow {
        var settings = self
        settings.run = 0
        settings.repetition = 0
        settings.seed = 0
        settings.durationNs = 0
        settings.updates = 0
        settings.recoveries = 0
        settings.refused = 0
        settings.valid = false
        settings.outcome = ""
        settings.updatingNs = nil
        settings.scheduledNs = nil
        settings.take(nil)
        return settings
    }

    package static let fileName = "runs.csv"
    package static let meaning = "One run: a mechanism with one set of settings."
    package static let columns: [Column<RunRow>] = [
        Column("run", .integer(\.run), "Number of the run; the other files refer to it."),
        Column("experiment", .text(\.experiment), "Name in the experiment file."),
        Column("mechanism", .text(\.mechanism), "fusion, replication or none (no backup)."),
        Column("groups", "count", .integer(\.groups), "Data structures that are backed up."),
        Column("faults", "count", .integer(\.faults), "Crashes to be survived, f."),
        Column("structure", .text(\.structure), "Kind of data structure."),
        Column(
            "value_bytes", "bytes", .integer(\.valueBytes),
            "Size of a value; the mean where sizes vary."),
        Column(
            "operations", "count", .integer(\.operations),
            "Measured updates and reads of each group, warm-up excluded."),
        Column(
            "window", "count", .integer(\.window), "Updates in flight per group, at each sender."),
        Column(
            "transport", .text(\.transport),
            "tcp, ipc or inproc; in a simulation the network: rack, region or wan."),
        Column(
            "launch", .text(\.launch),
            "Nodes are processes or threads, or simulated, with all times virtual."),
        Column("code", .text(\.code), "Erasure code; empty for a mechanism that uses none."),
        Column("word_bits", "bits", .optionalInteger(\.wordBits), "Word size of the code."),
        Column("repetition", .integer(\.repetition), "Counts from 1."),
        Column("seed", .unsigned(\.seed), "Seed of the workload."),
        Column("nodes", "count", .integer(\.nodes), "All nodes, group managers included."),
        Column("duration_ns", "ns", .integer(\.durationNs), "From the first start to the end."),
        Column(
            "updates", "count", .integer(\.updates),
            "Measured updates and reads of all groups, refused ones excluded."),
        Column("recoveries", "count", .integer(\.recoveries), "Rows of recovery.csv."),
        Column(
            "valid", .flag(\.valid),
            "true when the run ended and every state was proved; else it is not aggregated."),
        Column("warmup", "count", .integer(\.warmup), "Updates of each group before the measured."),
        Column("mix", .text(\.mix), "Operations and their weights, for example append:1 set:2."),
        Column("order", .text(\.order), "Groups are updated sequential or concurrent."),
        Column(
            "crash_every", "count", .optionalInteger(\.crashEvery),
            "Updates of each group between crash rounds; empty where nothing crashes."),
        Column(
            "crash_nodes", .text(\.crashNodes),
            "each, together, random, or the names of the nodes that crash, with + between those "
                + "that crash at once."),
        Column(
            "crash_moment", .text(\.crashMoment),
            "between, update or recovery; empty where nothing crashes."),
        Column(
            "crash_reached", "count", .optionalInteger(\.crashReached),
            "Backups that an interrupted update reaches; empty where it is drawn for each crash or "
                + "does not apply."),
        Column(
            "value_sizes", .text(\.valueSizes),
            "Size of a value, or from which to which they vary and how, for example 8-4096 uniform."
        ),
        Column(
            "invalid", "count", .integer(\.invalid),
            "Weight of operations that the structure must refuse, relative to mix."),
        Column(
            "target_size", "count", .optionalInteger(\.targetSize),
            "Elements around which each structure stays; empty where it is as large as mix makes it."
        ),
        Column(
            "keys", .text(\.keys),
            "How many keys there are and how often each comes; empty for structures without keys."),
        Column(
            "positions", .text(\.positions),
            "How often each position of a list comes; empty where mix has none."),
        Column(
            "refused", "count", .integer(\.refused),
            "Updates and reads that the structures refused, as they had to; they are not in "
                + "updates.csv."),
        Column(
            "clusters", .text(\.clusters),
            "Groups, structure and faults of each cluster, for example 3 list f=1 + 2 map f=2; empty "
                + "where there is one set of groups."),
        Column(
            "managers", .optionalText(\.managers),
            "one manager for all groups or perGroup; empty for a mechanism without a multicast, as "
                + "are the next four."),
        Column(
            "senders", "count", .optionalInteger(\.senders), "Nodes that start a group's updates."),
        Column(
            "acknowledge", .optionalText(\.acknowledge),
            "When a replica acknowledges an update: on delivery, or when its place is final."),
        Column(
            "piggyback", .optionalText(\.piggyback),
            "true where a final place may go out with the sender's next update."),
        Column(
            "batch", "count", .optionalInteger(\.batch), "Updates that share a round, at most."),
        Column(
            "reads", .optionalText(\.reads),
            "relaxed or ordered; empty where mix has no reads or the mechanism has one way to read."
        ),
        Column(
            "preload", "count", .optionalInteger(\.preload),
            "Updates of each group that its structure has had at the beginning; empty for none."),
        Column(
            "outcome", .optionalText(\.outcome),
            "valid; invalid: state lost or wrong, or orders that differ; unjudged: interrupted, or a "
                + "node did not start. Runs of the last kind are made again by --resume."),
        Column(
            "rate", "per second", .optionalInteger(\.rate),
            "Updates and reads of each group that are due in a second; empty where each begins as "
                + "soon as window has room."),
        Column(
            "arrivals", .optionalText(\.arrivals),
            "constant or poisson: the intervals between them; empty without a rate."),
        Column(
            "catch_up", .optionalText(\.catchUp),
            "Whether late ones begin as soon as window has room, rather than at twice the rate at "
                + "most; empty without a rate."),
        Column(
            "updating_ns", "ns", .optionalInteger(\.updatingNs),
            "Time in which measured updates and reads were on: of each batch between two looks at "
                + "space or crash rounds, from when the first began or was due until the last was "
                + "complete."),
        Column(
            "scheduled_ns", "ns", .optionalInteger(\.scheduledNs),
            "In an open loop, what updating_ns would be if each had begun when it was due: from the "
                + "first to the last time that one was due, and the service time of the last."),
        Column(
            "first_half_ns", "ns", .optionalInteger(\.firstHalfNs),
            "Median of backup_ns over the updates of the first half of each group's operations; empty "
                + "where there are fewer than 400."),
        Column(
            "second_half_ns", "ns", .optionalInteger(\.secondHalfNs),
            "The same over the second half."),
        Column(
            "steady", .optionalText(\.steady),
            "false where the halves differ by more than 5 % and their blocks' medians differ by "
                + "Mann and Whitney's test (p < 0.01); empty where there are too few updates."),
        Column(
            "placement", .optionalText(\.knownPlacement),
            "How nodes are bound to CPUs: none, where the kernel chooses, same or spread."),
    ]
}
