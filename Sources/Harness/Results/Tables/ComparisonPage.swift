/// The tables about one comparison. Tables of which nothing was measured are left out.
struct ComparisonPage {
    let comparison: Comparison
    let evidence: Evidence
    private let summary: [SummaryRow]

    private let pairs: [MechanismPair]
    /// By groups first, as the report's tables are read.
    private let configurations: [RunRow]
    /// Of mechanisms that tell where the time of an update goes.
    private let slowest: [RunRow: [RunUpdates.Parts]]
    private let floors: Floors

    init(comparison: Comparison, evaluation: Evaluation) {
        self.comparison = comparison
        slowest = evaluation.slowest
        floors = evaluation.floors
        let members = Set(comparison.configurations)
        summary = evaluation.summary.filter { members.contains($0.configuration) }
        pairs = evaluation.pairs.filter {
            members.contains($0.sample.configuration)
                && members.contains($0.baseline.configuration)
        }
        configurations = comparison.configurations.sorted {
            ($0.groups, $0.mechanism) < ($1.groups, $1.mechanism)
        }
        let updates = self.summary.filter { $0.metric == SummaryRow.Metric.backup.rawValue }
        evidence = Evidence(
            comparison: comparison, recoveries: evaluation.measurements.verifiedRecoveries,
            samples: evaluation.measurements.spaceSamples,
            updates: Dictionary(
                updates.map { ($0.configuration, $0) }, uniquingKeysWith: { first, _ in first }))
    }

    /// The sections, each with its heading.
    func sections() throws(ResultsError) -> [String] {
        var sections = [
            section(
                comparison.isBoyds ? "Nodes (Table 1)" : "Nodes", try nodes(),
                note: "Counted as the report does: primaries or replicas, without fused backups "
                    + "and group managers. All nodes are those that ran."),
            section("Update time", updates()),
            section(
                "Read time", reads(),
                note: "Apart from updates; of one element, and of all."),
            section(
                "Where the time of an update goes", spans(),
                note:
                    "Local: until it goes out to the members; proposal: until all have proposed a "
                    + "place; acknowledgement: until the last has acknowledged; hold-back, which "
                    + "lies within it: at the member that waited longest for earlier updates. The "
                    + "share is the mean over the slowest 0.1 % of the updates, at least ten."),
        ]
        if comparison.isBoyds {
            sections.append(
                section(
                    "Update time beside the report's (Table 2)", try publishedUpdates(),
                    note: "Times in µs, variances in ms²; ratios are ours over published."))
        }
        sections += [
            section(
                "Recovery time at the largest size", recoveries(),
                note: "Medians; from the restarted node's first protocol step; restart from "
                    + "the SIGKILL."),
            section(
                "Speed beside its bounds", bounds(),
                note: "Medians, of all sizes. Measured over bound is at most 1 where the bound is "
                    + "kept."),
            section(
                "Backup space at the end", space(),
                note: "Sums over all fused backups, or over all replicas as the report counts. "
                    + "Beyond one copy, the largest replica of each group is left out."),
        ]
        sections.append(againstEachOther)
        if comparison.isBoyds { sections.append(section("Published claims", try claims())) }
        return sections.compactMap(\.self)
    }

    private func section(_ title: String, _ table: MarkdownTable, note: String = "") -> String? {
        if table.isEmpty { return nil }
        return "### \(title)\n\n" + (note.isEmpty ? "" : note + "\n\n") + table.text
    }

    private func nodes() throws(ResultsError) -> MarkdownTable {
        let published = comparison.isBoyds ? try Published.nodes() : [:]
        return MarkdownTable(
            ["groups", "mechanism", "published", "ours", "all nodes"],
            configurations.map { configuration in
                let names = (evidence.samples[configuration] ?? []).flatMap { sample in
                    (sample.rows(of: "primary") + sample.rows(of: "replica")).map(\.node)
                }
                let key = Published.Key(
                    mechanism: configuration.mechanism, groups: configuration.groups)
                return [
                    String(configuration.groups), configuration.mechanism,
                    published[key].map(String.init) ?? "-",
                    names.isEmpty ? "-" : String(Set(names).count), String(configuration.nodes),
                ]
            })
    }

    private func updates() -> MarkdownTable {
        MarkdownTable(
            [
                "groups", "mechanism", "updates", "mean", "median", "std dev", "p99", "p99.9",
                "max", "floor", "median over floor",
            ],
            configurations.compactMap { configuration in
                evidence.updates[configuration].map { row in
                    [String(configuration.groups), configuration.mechanism] + row.timeCells + [
                        row.floor.map(Quantity.time) ?? "-",
                        row.ratioToFloor.map(Quantity.number) ?? "-",
                    ]
                }
            })
    }

    private func bounds() -> MarkdownTable {
        MarkdownTable(
            [
                "groups", "mechanism", "what", "measured", "bound", "made of",
                "measured over bound",
            ],
            configurations.flatMap { configuration in
                SpeedBound.all(
                    of: configuration,
                    summary: summary.filter { $0.configuration == configuration },
                    recoveries: evidence.recoveries[configuration] ?? [], floors: floors
                ).map { bound in
                    [
                        String(configuration.groups), configuration.mechanism, bound.subject,
                        bound.text(bound.measured), bound.text(bound.bound), bound.parts,
                        Quantity.number(bound.share),
                    ]
                }
            })
    }

    private func spans() -> MarkdownTable {
        MarkdownTable(
            [
                "groups", "mechanism", "span", "median", "p99", "p99.9", "max",
                "share of the slowest",
            ],
            configurations.flatMap { configuration in
                SummaryRow.Metric.spans.compactMap { metric in
                    summary.first {
                        $0.configuration == configuration && $0.metric == metric.rawValue
                    }.map { row in
                        let share = slowest[configuration]?.meanShare(of: metric)
                        return [
                            String(configuration.groups), configuration.mechanism,
                            metric == .holdback ? "hold-back" : String(metric.rawValue.dropLast(3)),
                            Quantity.time(row.median), Quantity.time(Double(row.p99)),
                            Quantity.time(Double(row.p999)), Quantity.time(Double(row.maximum)),
                            share.map { "\(Quantity.number($0 * 100)) %" } ?? "-",
                        ]
                    }
                }
            })
    }

    private func reads() -> MarkdownTable {
        let names = [
            SummaryRow.Metric.read.rawValue: "one element",
            SummaryRow.Metric.readAll.rawValue: "all elements",
        ]
        return MarkdownTable(
            [
                "groups", "mechanism", "read", "reads", "mean", "median", "std dev", "p99", "p99.9",
                "max",
            ],
            configurations.flatMap { configuration in
                summary.filter { $0.configuration == configuration }.compactMap { row in
                    names[row.metric].map { name in
                        [String(configuration.groups), configuration.mechanism, name]
                            + row.timeCells
                    }
                }
            })
    }

    private func publishedUpdates() throws(ResultsError) -> MarkdownTable {
        let published = try Published.backupTimes()
        let statistics = ["mean", "median", "variance", "std dev"]
        return MarkdownTable(
            ["groups", "mechanism"] + statistics.flatMap { ["\($0), published", "ours", "ratio"] },
            configurations.compactMap { configuration in
                let key = Published.Key(
                    mechanism: configuration.mechanism, groups: configuration.groups)
                guard let theirs = published[key], let ours = evidence.updates[configuration]
                else { return nil }
                let pairs: [(Double, Double?)] = [
                    (theirs.meanMicroseconds, ours.mean / 1e3),
                    (theirs.medianMicroseconds, ours.median / 1e3),
                    (theirs.varianceSquareMilliseconds, ours.variance.map { $0 / 1e12 }),
                    (theirs.standardDeviationMicroseconds, ours.standardDeviation.map { $0 / 1e3 }),
                ]
                return [String(configuration.groups), configuration.mechanism]
                    + pairs.flatMap { theirs, ours in
                        [
                            String(theirs), ours.map(Quantity.number) ?? "-",
                            ours.map { Quantity.number($0 / theirs) } ?? "-",
                        ]
                    }
            })
    }

    private func recoveries() -> MarkdownTable {
        var table = MarkdownTable([
            "groups", "mechanism", "role", "elements", "recoveries", "recovery", "largest",
            "quiesce", "collect", "decode", "install", "resume", "restart",
            "over floor, all sizes",
        ])
        for configuration in configurations {
            let rows = evidence.recoveries[configuration] ?? []
            let roles = Dictionary(grouping: rows, by: \.role).sorted { $0.key > $1.key }
            for (role, rows) in roles {
                let elements = rows.map(\.elements).max() ?? 0
                let largest = rows.filter { $0.elements == elements }
                func median(_ column: (RecoveryRow) -> Int) -> String {
                    Statistics.median(of: largest.map(column)).map(Quantity.time) ?? "-"
                }
                let ratio = summary.first {
                    $0.configuration == configuration && $0.role == role && $0.ratioToFloor != nil
                }?.ratioToFloor
                table.append([
                    String(configuration.groups), configuration.mechanism, role, String(elements),
                    String(largest.count), median(\.recoveryNs),
                    Quantity.time(Double(largest.map(\.recoveryNs).max() ?? 0)),
                    median(\.quiesceNs), median(\.collectNs), median(\.decodeNs),
                    median(\.installNs), median(\.resumeNs), median(\.restartNs),
                    ratio.map(Quantity.number) ?? "-",
                ])
            }
        }
        return table
    }

    private func space() -> MarkdownTable {
        MarkdownTable(
            [
                "groups", "mechanism", "elements", "nodes", "total", "payload", "auxiliary",
                "slack", "protocol", "beyond one copy", "resident",
            ],
            configurations.compactMap { configuration in
                let samples = evidence.samples[configuration] ?? []
                guard
                    let sample = samples.max(by: { $0.operations < $1.operations }),
                    let role = sample.backupRole, let beyond = sample.bytesBeyondOneCopy
                else { return nil }
                let sums: [KeyPath<SpaceRow, Int>] = [
                    \.totalBytes, \.payloadBytes, \.auxiliaryBytes, \.slackBytes, \.protocolBytes,
                ]
                let nodes = sample.rows(of: role).count
                return [
                    String(configuration.groups), configuration.mechanism,
                    String(sample.elements), "\(nodes) \(role)\(nodes == 1 ? "" : "s")",
                ]
                    + sums.map { Quantity.bytes(Double(sample.sum($0, of: role))) } + [
                        Quantity.bytes(Double(beyond)),
                        Quantity.bytes(Double(sample.sum(\.residentBytes, of: role))),
                    ]
            })
    }

    /// Without repetitions there is nothing to judge; the ratios alone stand in `comparisons.csv`.
    private var againstEachOther: String? {
        let title = "Mechanisms against each other"
        if pairs.isEmpty { return nil }
        guard pairs.contains(where: { $0.repetitions > 1 }) else {
            return "### \(title)\n\nOne repetition has no intervals, so that no difference can be "
                + "shown. The ratios are in comparisons.csv.\n"
        }
        return section(
            title, ratios(),
            note: "Medians over those of the other mechanism, by the repetitions that both have; "
                + "below 1 the first costs less. Where the interval covers 1, no difference is "
                + "shown.")
    }

    private func ratios() -> MarkdownTable {
        let pairs = pairs.sorted { $0.sample.configuration.groups < $1.sample.configuration.groups }
        return MarkdownTable(
            ["groups", "mechanisms", "metric", "repetitions", "ratio", "difference", "verdict"],
            pairs.map { pair in
                let names = [pair.sample, pair.baseline].map(\.configuration.mechanism)
                let roles = [pair.sample, pair.baseline].map(\.role).filter { !$0.isEmpty }
                let metric = pair.sample.metric
                return [
                    String(pair.sample.configuration.groups), names.joined(separator: " / "),
                    metric.rawValue
                        + (roles.isEmpty ? "" : " (\(roles.joined(separator: " / ")))"),
                    String(pair.repetitions), pair.figures.ratio?.text() ?? "-",
                    pair.figures.difference.text(metric.quantity(_:)),
                    pair.figures.ratio?.verdict.rawValue ?? "-",
                ]
            })
    }

    private func claims() throws(ResultsError) -> MarkdownTable {
        MarkdownTable(
            ["claim", "published", "measured", "test", "verdict"],
            try Published.claims().map { claim in
                let finding = evidence.finding(on: claim)
                let published =
                    claim.unit == "shape" ? claim.value : "\(claim.value) \(claim.unit)"
                return [
                    "\(claim.claim) (`\(claim.id)`)", published, finding.measured, finding.test,
                    finding.conclusion,
                ]
            })
    }
}

extension SummaryRow {
    /// The statistics of a time, from the count to the maximum.
    fileprivate var timeCells: [String] {
        [
            String(count), Quantity.time(mean), medianEstimate.text(Quantity.time),
            standardDeviation.map(Quantity.time) ?? "-", Quantity.time(Double(p99)),
            Quantity.time(Double(p999)), Quantity.time(Double(maximum)),
        ]
    }
}
