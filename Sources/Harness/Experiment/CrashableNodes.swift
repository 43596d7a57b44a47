import Roles

/// The nodes that exist in an experiment's runs, for `crash.nodes`.
struct CrashableNodes {
    /// The nodes that hold data, in the order of the topologies.
    private var names: [String] = []
    private var known: Set<String> = []
    /// The others, which cannot be crashed.
    private var others: Set<String> = []

    /// A run's crash plan with only those of the named nodes that exist in the run; nil where there
    /// are none.
    mutating func narrow(
        _ run: RunPlan, _ entry: Registry.Entry
    ) throws(ExperimentError) -> CrashPlan? {
        guard let crash = run.crash, case .named(let wanted) = crash.nodes else { return run.crash }
        let nodes = try run.nodes(of: entry)
        let crashable = nodes.filter(\.isCrashable).map(\.name)
        for name in crashable where known.insert(name).inserted { names.append(name) }
        others.formUnion(nodes.filter { !$0.isCrashable }.map(\.name))
        let present = wanted.filter(Set(crashable).contains)
        return present.isEmpty ? nil : CrashPlan(every: crash.every, nodes: .named(present))
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
    /// The nodes of the run's topology.
    func nodes(of entry: Registry.Entry) throws(ExperimentError) -> [NodeDescription] {
        do {
            return try entry.make(self).nodes
        } catch {
            throw ExperimentError(
                keys: ["mechanisms"], problem: "has \(mechanism), which cannot be set up",
                allowed: "\(error)")
        }
    }
}
