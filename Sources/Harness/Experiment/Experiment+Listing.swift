import Replication

extension Experiment {
    /// The runs as people read them: what all have in common, then a table of what differs, then
    /// the notes.
    ///
    /// - Throws: `ExperimentError` where the nodes of a run cannot be counted.
    package func listing(
        entries: [Registry.Entry] = Registry.entries
    ) throws(ExperimentError) -> String {
        let columns = try columns(entries).filter { column in
            column.cells.contains { $0 != "-" }
        }
        let common = columns.filter { Set($0.cells).count == 1 }
        let differing = columns.filter { Set($0.cells).count > 1 }
        let runs = plans.count == 1 ? "1 run" : "\(plans.count) runs, in this order"
        var text = "\(name): \(runs)\n\n"
        let width = common.map(\.title.count).max() ?? 0
        for column in common {
            text += "  " + column.title.padded(to: width) + "  \(column.cells[0])\n"
        }
        if !differing.isEmpty {
            let numbers = ListingColumn("run", plans.indices.map { "\($0 + 1)" })
            let columns = [numbers] + differing
            text +=
                "\n"
                + TextTable(
                    columns.map(\.title),
                    plans.indices.map { row in columns.map { $0.cells[row] } }
                ).text(indent: "  ")
        }
        if !notes.isEmpty { text += "\n" + notes.map { "Note: \($0)\n" }.joined() }
        return text
    }

    private func columns(_ entries: [Registry.Entry]) throws(ExperimentError) -> [ListingColumn] {
        func column(_ title: String, _ cell: (RunPlan) -> String) -> ListingColumn {
            ListingColumn(title, plans.map(cell))
        }
        return [
            column("mechanism", \.mechanism),
            column("groups") { "\($0.groups)" },
            column("faults") { "\($0.faults)" },
            ListingColumn("nodes", try nodeCounts(entries)),
            column("clusters") { $0.clustersInWords ?? "-" },
            column("structure") { run in run.parts.map(\.structure.rawValue).words },
            column("value bytes") { run in run.parts.map(\.valueBytes.description).words },
            column("preload") { $0.workload.preload > 0 ? "\($0.workload.preload)" : "-" },
            column("operations") { "\($0.workload.operations)" },
            column("warm-up") { "\($0.workload.warmup)" },
            column("mix") { run in run.parts.map(\.mixInWords).words },
            column("invalid") { $0.workload.invalid > 0 ? "\($0.workload.invalid)" : "-" },
            column("target size") { $0.workload.targetSize.map(String.init) ?? "-" },
            column("keys") { $0.keysInWords ?? "-" },
            column("positions") { $0.positionsInWords ?? "-" },
            column("window") { "\($0.workload.window)" },
            column("rate") { $0.workload.openLoop?.description ?? "-" },
            column("order", \.workload.order.rawValue),
            column("reads") { $0.readOrder?.rawValue ?? "-" },
            column("crash", \.crashInWords),
            column("code") { run in
                let codes = entries.contains { $0.name == run.mechanism && $0.decodes }
                return codes ? "\(run.code.kind.rawValue), \(run.code.wordBits) bits" : "-"
            },
            column("replication") { run in
                let orders = entries.contains { $0.name == run.mechanism && $0.ordersUpdates }
                return orders ? run.replication.inWords : "-"
            },
            column("transport") { $0.network?.name ?? $0.transport.rawValue },
            column("launch", \.launch.rawValue),
            column("placement") { $0.placement == .none ? "-" : $0.placement.rawValue },
            column("seed") { "\($0.seed)" },
            column("repetition") { "\($0.repetition)" },
        ]
    }

    private func nodeCounts(_ entries: [Registry.Entry]) throws(ExperimentError) -> [String] {
        var counts: [String] = []
        // Repetitions have the same topologies, which are not always quick to make.
        var known: [RunPlan: Int] = [:]
        for plan in plans {
            var topology = plan
            topology.repetition = 1
            if known[topology] == nil,
                let entry = entries.first(where: { $0.name == plan.mechanism })
            {
                known[topology] = try plan.mechanism(of: entry).nodes.count
            }
            counts.append(known[topology].map(String.init) ?? "-")
        }
        return counts
    }
}

private struct ListingColumn {
    let title: String
    let cells: [String]

    init(_ title: String, _ cells: [String]) {
        self.title = title
        self.cells = cells
    }
}

extension ReplicationOptions {
    fileprivate var inWords: String {
        var parts = [
            "\(senders) \(senders == 1 ? "sender" : "senders")",
            managers == .one ? "one manager" : "a manager per group",
            "acknowledged on \(acknowledgement)",
        ]
        if piggybacksFinals { parts.append("finals piggybacked") }
        if batch > 1 { parts.append("batches of \(batch)") }
        return parts.joined(separator: ", ")
    }
}

extension [String] {
    /// One for each cluster, or what all of them have.
    fileprivate var words: String { Set(self).count == 1 ? self[0] : joined(separator: " + ") }
}

extension RunPlan {
    /// The clusters in a few words; nil where there are none.
    var clustersInWords: String? {
        clusters.isEmpty
            ? nil
            : clusters.map { "\($0.groups) \($0.structure) f=\($0.faults)" }
                .joined(separator: " + ")
    }

    fileprivate var mixInWords: String {
        workload.mix.map { "\($0.kind.name) \($0.weight)" }.joined(separator: ", ")
    }

    /// How many keys there are and how often each comes; nil where the structure has none.
    var keysInWords: String? {
        structure.keys == .none
            ? nil
            : "\(keyLimit ?? workload.keys.space) \(workload.keys.distribution.description)"
    }

    /// How often positions come; nil where no operation of the mix has one.
    var positionsInWords: String? {
        workload.mix.contains { $0.kind.hasPosition(in: structure) }
            ? workload.positions.description : nil
    }

    fileprivate var crashInWords: String {
        guard let crash else { return "none" }
        let nodes =
            switch crash.nodes {
            case .each: "each node"
            case .together: "\(faults) at once"
            case .random: "1 to \(faults) at random"
            case .named: crash.nodes.text
            }
        let moment =
            switch crash.moment {
            case .between: ""
            case .update: ", in an update" + (crash.reached.map { " that reached \($0)" } ?? "")
            case .recovery: ", in recoveries"
            }
        return "\(nodes), every \(crash.every)\(moment)"
    }
}
