import Structures

extension ExperimentFile {
    /// The most runs of one experiment. A sweep multiplies quickly.
    private static let maximumRuns = 10_000

    /// The runs of one repetition, those of one configuration together: the product of all lists in
    /// the order of DESIGN.md's example, the first list outermost, mechanisms innermost.
    ///
    /// A run never says more than its mechanism uses: without recovery it has no crashes, without a
    /// code it has the first of the file, and of named nodes it has those that exist in it. Runs that
    /// are the same then are one.
    ///
    /// - Throws: Where values that are each allowed do not go together.
    func runs(of entries: [Registry.Entry]) throws(ExperimentError) -> [[RunPlan]] {
        var nodes = CrashableNodes()
        var groups: [[RunPlan]] = []
        var seen: Set<RunPlan> = []
        for configuration in try configurations() {
            groups.append([])
            for name in mechanisms.values {
                guard let entry = entries.first(where: { $0.name == name }) else { continue }
                var run = configuration
                run.mechanism = name
                try run.check(codes: entry.decodes)
                if !entry.decodes {
                    run.code = CodePlan(
                        kind: code.kind.values[0], wordBits: code.wordBits.values[0])
                }
                run.crash = entry.recovers ? try nodes.narrow(run, entry) : nil
                if seen.insert(run).inserted { groups[groups.count - 1].append(run) }
            }
        }
        if case .named(let names) = crash?.nodes { try nodes.check(names) }
        return groups
    }

    /// Every combination of the lists, of no mechanism yet.
    private func configurations() throws(ExperimentError) -> [RunPlan] {
        let first = RunPlan(
            experiment: name, mechanism: "", groups: groups.values[0], faults: faults.values[0],
            workload: Workload(operations: workload.operations.values[0], mix: weights),
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
        try cross(groups) { $0.groups = $1 }
        try cross(faults) { $0.faults = $1 }
        try cross(structure) { $0.structure = $1 }
        try cross(valueBytes) { $0.valueBytes = $1 }
        try cross(workload.operations) { $0.workload.operations = $1 }
        try cross(workload.warmup) { $0.workload.warmup = $1 }
        try cross(workload.window) { $0.workload.window = $1 }
        try cross(workload.order) { $0.workload.order = $1 }
        if let crash { try cross(crash.every) { $0.crash?.every = $1 } }
        try cross(code.kind) { $0.code.kind = $1 }
        try cross(code.wordBits) { $0.code.wordBits = $1 }
        try cross(transport) { $0.transport = $1 }
        try cross(launch) { $0.launch = $1 }
        try cross(seed) { $0.seed = UInt64($1) }
        return plans
    }

    private var weights: [OperationWeight] {
        OperationKind.allCases.compactMap { kind in
            workload.mix[kind.name].flatMap { weight in
                weight > 0 ? OperationWeight(kind: kind, weight: weight) : nil
            }
        }
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
        if transport == .inproc, launch == .processes {
            throw ExperimentError(
                keys: ["transport", "launch"],
                problem: "is \"inproc\", which does not reach other processes",
                allowed: "it needs launch \"threads\", or must be \"tcp\" or \"ipc\"")
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
        let wordBytes = code.wordBits / 8
        guard valueBytes.isMultiple(of: wordBytes) else {
            throw ExperimentError(
                keys: ["valueBytes", "code.wordBits"],
                problem: "is \(valueBytes), which is not a whole number of code words",
                allowed: "with \(mechanism) and code.wordBits \(code.wordBits) it must be a "
                    + "multiple of \(wordBytes)")
        }
    }
}
