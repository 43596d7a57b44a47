extension ExperimentFile {
    /// What runs do differently from what the file says at first sight.
    ///
    /// - Parameter runs: the runs of one repetition.
    func notes(on runs: [RunPlan], entries: [Registry.Entry]) -> [String] {
        let names = mechanisms.values
        let used = entries.filter { names.contains($0.name) }
        return crashNotes(on: runs, used: used) + codeNotes(used: used)
            + replicationNotes(used: used) + readNotes(on: runs, used: used) + warmupNotes()
            + sizeNotes(on: runs)
    }

    private func crashNotes(on runs: [RunPlan], used: [Registry.Entry]) -> [String] {
        guard let crash else { return [] }
        var notes = used.filter { !$0.recovers }.map {
            "\($0.name) has nothing to recover from: no node crashes in its runs."
        }
        let recovering = Set(used.filter(\.recovers).map(\.name))
        let spared = runs.count { recovering.contains($0.mechanism) && $0.crash == nil }
        if spared > 0 {
            notes.append(
                "\(spared) of \(runs.count) runs have none of the nodes in crash.nodes: no node "
                    + "crashes in them.")
        }
        let excessive = runs.count { run in
            if case .named(let sets) = run.crash?.nodes {
                sets.contains { $0.count > run.faults }
            } else {
                false
            }
        }
        if excessive > 0 {
            notes.append(
                "\(excessive) of \(runs.count) runs crash more nodes at once than faults: if state "
                    + "is lost, the run ends and says which.")
        }
        let single = runs.count { $0.crash?.moment == .recovery && $0.mostAtOnce < 2 }
        if single > 0 {
            notes.append(
                "In \(single) of \(runs.count) runs each node crashes by itself: no other recovery "
                    + "runs then, and crash.moment \"recovery\" is \"between\".")
        }
        for operations in workload.operations.values {
            for every in crash.every.values where !operations.isMultiple(of: every) {
                notes.append(
                    "crash.every \(every) does not divide workload.operations \(operations): no "
                        + "node crashes after the last \(operations % every).")
            }
        }
        return notes
    }

    private func codeNotes(used: [Registry.Entry]) -> [String] {
        guard code.kind.values.count * code.wordBits.values.count > 1 else { return [] }
        return used.filter { !$0.decodes }.map {
            "\($0.name) uses no code: it runs once for all of them."
        }
    }

    private func replicationNotes(used: [Registry.Entry]) -> [String] {
        let counts = [
            replication.managers.values.count, replication.senders.values.count,
            replication.acknowledge.values.count, replication.piggyback.values.count,
            replication.batch.values.count,
        ]
        guard counts.contains(where: { $0 > 1 }) else { return [] }
        return used.filter { !$0.ordersUpdates }.map {
            "\($0.name) has no multicast: it runs once for all that replication lists."
        }
    }

    private func readNotes(on runs: [RunPlan], used: [Registry.Entry]) -> [String] {
        guard workload.reads.values.count > 1, runs.contains(where: { $0.readOrder != nil }) else {
            return []
        }
        return used.filter { !$0.choosesReadOrder }.map {
            "\($0.name) has one way to read: it runs once for all of workload.reads."
        }
    }

    private func warmupNotes() -> [String] {
        workload.warmup.values.filter { !$0.isMultiple(of: 2) }.map {
            "workload.warmup \($0) counts as \($0 + 1): what is added is removed again."
        }
    }

    private func sizeNotes(on runs: [RunPlan]) -> [String] {
        var notes: [String] = []
        func add(_ note: String) {
            if !notes.contains(note) { notes.append(note) }
        }
        for run in runs {
            if let target = run.workload.targetSize, target > run.workload.operations {
                add(
                    "workload.operations \(run.workload.operations) end before "
                        + "workload.targetSize \(target) is reached.")
            }
            if run.structure == .set, let limit = run.keyLimit, limit < run.workload.keys.space {
                add(
                    "workload.keys.space \(run.workload.keys.space) counts as \(limit) in a set of "
                        + "\(run.valueBytes.minimum)-byte values: no more of them differ.")
            }
        }
        return notes
    }
}
