import Replication
import Simulation
import Structures

extension ExperimentFile {
    /// The most runs of one experiment. A sweep multiplies quickly.
    private static let maximumRuns = 10_000

    /// The runs of one repetition, those of one configuration together: the product of all lists in
    /// the order of DESIGN.md's example, the first list outermost, mechanisms innermost.
    ///
    /// A run never says more than it uses: without recovery it has no crashes, without a code it has
    /// the first of the file, without a multicast the defaults of `replication`, of named nodes it has
    /// those that exist in it, it says how many backups an update has reached only where nodes that
    /// start updates crash in them, its structure has keys or positions or none of both, and its reads
    /// are ordered only where it has some that can be. Runs that are the same then are one.
    ///
    /// - Parameter isSimulated: whether the runs are of virtual nodes, on the networks of
    ///   `simulation`, rather than of real ones.
    /// - Throws: Where values that are each allowed do not go together.
    func runs(
        of entries: [Registry.Entry], isSimulated: Bool
    ) throws(ExperimentError) -> [[RunPlan]] {
        var nodes = CrashableNodes()
        var groups: [[RunPlan]] = []
        var seen: Set<RunPlan> = []
        for configuration in try configurations(isSimulated: isSimulated) {
            groups.append([])
            for name in mechanisms.values {
                guard let entry = entries.first(where: { $0.name == name }) else { continue }
                var run = configuration
                run.mechanism = name
                entry.dropUnused(&run.replication)
                if run.clusters.isEmpty { run.dropUnusedWorkload() }
                try run.checkClusters()
                for part in run.parts { try part.check(codes: entry.decodes) }
                if entry.ordersUpdates { try run.checkNodeNumbers() }
                if !entry.decodes {
                    run.code = CodePlan(
                        kind: code.kind.values[0], wordBits: code.wordBits.values[0])
                }
                if run.readOrder == nil { run.workload.reads = .relaxed }
                run.crash = entry.recovers ? try nodes.narrow(run, entry) : nil
                if seen.insert(run).inserted { groups[groups.count - 1].append(run) }
            }
        }
        if case .named(let sets) = crash?.nodes { try nodes.check(sets.flatMap(\.self)) }
        return groups
    }

    /// Every combination of the lists, of no mechanism yet.
    private func configurations(isSimulated: Bool) throws(ExperimentError) -> [RunPlan] {
        let first = RunPlan(
            experiment: name, mechanism: "", groups: groups.values[0], faults: faults.values[0],
            workload: Workload(operations: workload.operations.values[0], mix: []),
            crash: crash.map { CrashPlan(every: $0.every.values[0], nodes: $0.nodes) })
        var plans = [first]
        func cross<Value>(
            _ sweep: Sweep<Value>, _ assign: (inout RunPlan, Value) -> Void
        ) throws(ExperimentError) {
            let runs = plans.count * sweep.values.count * mechanisms.values.count * repetitions
            guard runs <= Self.maximumRuns else {
                throw ExperimentError(
                    keys: [], problem: "the lists and repetitions multiply to too many runs",
                    allowed: "at most \(Self.maximumRuns) are allowed")
            }
            plans = plans.flatMap { plan in
                sweep.values.map { value in
                    var plan = plan
                    assign(&plan, value)
                    return plan
                }
            }
        }
        func cross(
            _ names: Sweep<Distribution.Name>, _ thetas: Sweep<Double>,
            _ assign: (inout RunPlan, Distribution) -> Void
        ) throws(ExperimentError) {
            var all: [Distribution] = []
            for name in names.values {
                for theta in thetas.values {
                    let distribution = Distribution(name, theta: theta)
                    // Without a theta it is the same for all of them.
                    if !all.contains(distribution) { all.append(distribution) }
                }
            }
            try cross(Sweep(all), assign)
        }
        try cross(groups) { $0.groups = $1 }
        try cross(faults) { $0.faults = $1 }
        try cross(structure) {
            $0.structure = $1
            $0.workload.mix = workload.mix.weights(of: $1)
        }
        try cross(valueBytes) { $0.valueBytes = $1 }
        try cross(workload.operations) { $0.workload.operations = $1 }
        try cross(workload.preload) { $0.workload.preload = $1 }
        try cross(workload.warmup) { $0.workload.warmup = $1 }
        try cross(workload.invalid) { $0.workload.invalid = $1 }
        try cross(workload.targetSize) { $0.workload.targetSize = $1 }
        try cross(workload.keys.space) { $0.workload.keys.space = $1 }
        try cross(workload.keys.distribution, workload.keys.theta) {
            $0.workload.keys.distribution = $1
        }
        try cross(workload.positions.distribution, workload.positions.theta) {
            $0.workload.positions = $1
        }
        try cross(workload.window) { $0.workload.window = $1 }
        try cross(workload.order) { $0.workload.order = $1 }
        try cross(workload.reads) { $0.workload.reads = $1 }
        try cross(Sweep(workload.openLoops)) { $0.workload.openLoop = $1 }
        if let crash {
            try cross(crash.every) { $0.crash?.every = $1 }
            try cross(crash.moment) { $0.crash?.moment = $1 }
            try cross(crash.reached) { $0.crash?.reached = $1 }
        }
        try cross(code.kind) { $0.code.kind = $1 }
        try cross(code.wordBits) { $0.code.wordBits = $1 }
        try cross(replication.managers) { $0.replication.managers = $1 }
        try cross(replication.senders) { $0.replication.senders = $1 }
        try cross(replication.acknowledge) { $0.replication.acknowledgement = $1 }
        try cross(replication.piggyback) { $0.replication.piggybacksFinals = $1 }
        try cross(replication.batch) { $0.replication.batch = $1 }
        if isSimulated {
            try cross(simulation.network) { plan, name in
                plan.launch = .simulated
                plan.network = NetworkModel.named.first { $0.name == name }
            }
        } else {
            try cross(transport) { $0.transport = $1 }
            try cross(launch) { $0.launch = $1 }
            try cross(placement) { $0.placement = $1 }
        }
        try cross(seed) { $0.seed = UInt64($1) }
        for index in plans.indices {
            let run = plans[index]
            plans[index].take(clusters.map { $0.plan(in: run, workload.mix) })
        }
        return plans
    }
}

extension RunPlan {
    /// Throws where values that are each allowed do not go together.
    ///
    /// - Parameter codes: whether the mechanism uses the erasure code.
    fileprivate func check(codes: Bool) throws(ExperimentError) {
        if let crash, crash.every > workload.operations {
            throw ExperimentError(
                keys: ["crash.every", "workload.operations"],
                problem: "is \(crash.every), above workload.operations (\(workload.operations))",
                allowed: "it must be from 1 to workload.operations")
        }
        if let crash, let reached = crash.reached, crash.moment == .update, reached > faults {
            throw ExperimentError(
                keys: ["crash.reached", "faults"],
                problem: "is \(reached), above faults (\(faults))",
                allowed: "it must be from 0 to faults, the number of backups")
        }
        if let target = workload.targetSize, let limit = keyLimit, target > limit {
            let isOwn = limit == workload.keys.space
            throw ExperimentError(
                keys: ["workload.targetSize", isOwn ? "workload.keys.space" : "valueBytes"],
                problem: "is \(target), more than a \(structure)"
                    + (isOwn ? "" : " of \(valueBytes.minimum)-byte values") + " can have",
                allowed: "it must be at most \(limit), the number of different keys"
                    + (isOwn ? " (workload.keys.space)" : ""))
        }
        if transport == .inproc, launch == .processes {
            throw ExperimentError(
                keys: ["transport", "launch"],
                problem: "is \"inproc\", which does not reach other processes",
                allowed: "it needs launch \"threads\", or must be \"tcp\" or \"ipc\"")
        }
        if placement != .none, launch == .threads {
            throw ExperimentError(
                keys: ["placement", "launch"],
                problem: "is \"\(placement)\", and threads of one process share ZeroMQ's",
                allowed: "with launch \"threads\" it must be \"none\"")
        }
        guard codes else { return }
        guard code.kind != .xor || faults == 1 else {
            throw ExperimentError(
                keys: ["code.kind", "faults"],
                problem: "is \"xor\", which survives one fault, and faults is \(faults)",
                allowed: "with xor faults must be 1; other codes with more faults need an "
                    + "experiment file of their own")
        }
        let limit = 1 << code.wordBits
        guard code.kind == .xor || groups + faults <= limit else {
            throw ExperimentError(
                keys: ["groups", "faults", "code.wordBits"],
                problem: "and faults are \(groups) + \(faults), more nodes than \(mechanism) can "
                    + "code in words of \(code.wordBits) bits",
                allowed: "their sum must be at most \(limit), or code.wordBits 16 or 32")
        }
    }
}

extension RunPlan {
    /// The most groups of a run of clusters.
    private static let maximumGroups = 1024

    /// Nodes are counted in 16 bits: replicas, and at most a manager for each group.
    fileprivate func checkNodeNumbers() throws(ExperimentError) {
        let limit = Int(UInt16.max)
        guard groups * (faults + 2) + replication.senders > limit else { return }
        throw ExperimentError(
            keys: ["groups", "faults", "replication.senders"],
            problem: "and faults are \(groups) and \(faults), too many nodes for \(mechanism)",
            allowed: "groups times (faults + 2) and the senders must be at most \(limit)")
    }

    fileprivate func checkClusters() throws(ExperimentError) {
        guard !clusters.isEmpty else { return }
        if groups > Self.maximumGroups {
            throw ExperimentError(
                keys: ["clusters"], problem: "has \(groups) groups in all",
                allowed: "it must have at most \(Self.maximumGroups)")
        }
        if replication.senders > 1 {
            throw ExperimentError(
                keys: ["replication.senders", "clusters"],
                problem:
                    "is \(replication.senders), and servers of several clusters have one sender "
                    + "for each group",
                allowed: "with clusters it must be 1")
        }
        if crash?.moment == .update {
            throw ExperimentError(
                keys: ["crash.moment", "clusters"],
                problem: "is \"update\", and servers start updates of several clusters",
                allowed: "with clusters it must be \"between\" or \"recovery\"")
        }
    }
}
