import Roles

/// The nodes that exist in an experiment's runs, for `crash.nodes`.
struct CrashableNodes {
    /// Those that can be crashed, in the order of the topologies.
    private var names: [String] = []
    private var known: Set<String> = []
    /// The others, which cannot be crashed.
    private var others: Set<String> = []

    /// A run's crash plan as the run can follow it; nil where it has none of the named nodes.
    mutating func narrow(
        _ run: RunPlan, _ entry: Registry.Entry
    ) throws(ExperimentError) -> CrashPlan? {
        guard var crash = run.crash else { return nil }
        if crash.moment != .update { crash.reached = nil }
        var isNamed = false
        if case .named = crash.nodes { isNamed = true }
        // Not every topology is quick to make.
        guard isNamed || crash.moment == .update else { return crash }
        let mechanism = try run.mechanism(of: entry)
        let crashable = mechanism.nodes.filter(\.isCrashable).map(\.name)
        if case .named(let wanted) = crash.nodes {
            for name in crashable where known.insert(name).inserted { names.append(name) }
            others.formUnion(mechanism.nodes.filter { !$0.isCrashable }.map(\.name))
            let here = Set(crashable)
            let present = wanted.map { $0.filter(here.contains) }.filter { !$0.isEmpty }
            if present.isEmpty { return nil }
            crash.nodes = .named(present)
        }
        guard crash.moment == .update else { return crash }
        var narrowed = run
        narrowed.crash = crash
        let initiators = Set((0..<run.groups).flatMap(mechanism.initiators))
        if initiators.isDisjoint(with: narrowed.crashCandidates(of: mechanism.nodes)) {
            crash.reached = nil
        }
        let sets = narrowed.crashSets(round: 1, of: mechanism.nodes).count
        let initiatorCount = mechanism.initiators(of: 0).count
        guard crash.every >= sets * initiatorCount else {
            if initiatorCount > 1 {
                throw ExperimentError(
                    keys: ["crash.every", "crash.nodes", "crash.moment", "replication.senders"],
                    problem: "is \(crash.every), and a round of \(run.mechanism) has \(sets) "
                        + "\(sets == 1 ? "crash" : "crashes"), each in updates of its own of all "
                        + "\(initiatorCount) senders",
                    allowed: "it must be at least \(sets * initiatorCount) with crash.moment "
                        + "\"update\"")
            }
            throw ExperimentError(
                keys: ["crash.every", "crash.nodes", "crash.moment"],
                problem: "is \(crash.every), and a round of \(run.mechanism) has \(sets) crashes, "
                    + "each in an update of its own",
                allowed: "it must be at least \(sets) with crash.moment \"update\"")
        }
        return crash
    }

    /// Throws where a name is of no node in any run, or of one that cannot be crashed. Runs of
    /// mechanisms that do not recover have no say.
    func check(_ wanted: [String]) throws(ExperimentError) {
        guard let name = wanted.first(where: { !known.contains($0) }), !known.isEmpty else {
            return
        }
        let problem =
            others.contains(name)
            ? "names \"\(name)\", which cannot be crashed yet"
            : "names \"\(name)\", which is a node of no run"
                + suggestion(for: name, among: names)
        let shown = names.prefix(12).joined(separator: ", ")
        let more = names.count > 12 ? " and \(names.count - 12) more" : ""
        throw ExperimentError(
            keys: ["crash.nodes"], problem: problem, allowed: "allowed here: \(shown)\(more)")
    }
}

extension RunPlan {
    /// The run's topology and roles.
    func mechanism(of entry: Registry.Entry) throws(ExperimentError) -> any Mechanism {
        do {
            return try entry.mechanism(of: self)
        } catch {
            throw ExperimentError(
                keys: ["mechanisms"], problem: "has \(mechanism), which cannot be set up",
                allowed: "\(error)")
        }
    }
}
