/// What mechanisms do at the rates of an open loop: how late updates are, and up to which rate they
/// keep up.
struct RateSweep {
    /// The part of the schedule's pace that counts as keeping up.
    static let leastShare = 0.98

    /// The same settings at several rates, in increasing order.
    struct Series: Equatable {
        var name: String
        var points: [Point]

        /// The highest rate at which updates keep up with the schedule.
        var saturation: Point? { points.last { $0.share >= RateSweep.leastShare } }
    }

    struct Point: Equatable {
        /// Of each group, as the experiment asks for.
        var rate: Int
        /// Updates a second that were complete, of all groups together.
        var achieved: Double
        /// The time that the schedule takes over the time that the updates took: 1 where the last
        /// began when it was due.
        var share: Double
        /// Nanoseconds from when an update was due.
        var median: Double
        var p99: Int
        /// Of these, until it began.
        var medianWait: Double
    }

    let series: [Series]

    /// - Parameter summary: the rows of `summary.csv`.
    init(_ summary: [SummaryRow], runs: [RunRow]) {
        let shares = Dictionary(
            runs.filter { $0.valid && $0.rate != nil }.map { run in
                (run.configuration, [Double(run.scheduledNs ?? 0) / Double(run.updatingNs ?? 1)])
            }, uniquingKeysWith: +)
        let rows = Dictionary(grouping: summary) { $0.configuration }
        let swept = SweptSettings(of: summary.map(\.configuration)).settings.filter {
            $0.column.name != "rate"
        }
        var all: [(settings: RunRow, series: Series)] = []
        for row in summary where row.metric == SummaryRow.Metric.backup.rawValue {
            let configuration = row.configuration
            guard let rate = configuration.rate, let share = shares[configuration] else { continue }
            func median(_ metric: SummaryRow.Metric) -> Double {
                rows[configuration]?.first { $0.metric == metric.rawValue }?.median ?? 0
            }
            var settings = configuration
            settings.rate = nil
            let point = Point(
                rate: rate, achieved: median(.throughput), share: share.min() ?? 0,
                median: row.median, p99: row.p99, medianWait: median(.wait))
            if let place = all.firstIndex(where: { $0.settings == settings }) {
                all[place].series.points.append(point)
            } else {
                let words =
                    [configuration.mechanism]
                    + swept.map { "\($0.symbol) = \(configuration.text(of: $0.column))" }
                    .filter { !$0.hasSuffix(" = ") }
                all.append(
                    (settings, Series(name: words.joined(separator: ", "), points: [point])))
            }
        }
        series = all.map { entry in
            Series(
                name: entry.series.name, points: entry.series.points.sorted { $0.rate < $1.rate })
        }
    }

    /// The section of `tables.md`, with its heading; nil where no update was due at a time.
    var section: String? {
        guard !series.isEmpty else { return nil }
        let table = MarkdownTable(
            [
                "mechanism", "due per second and group", "done per second, all groups",
                "pace kept", "median", "p99", "median wait",
            ],
            series.flatMap { series in
                series.points.map { point in
                    [
                        series.name, "\(point.rate)", Quantity.number(point.achieved),
                        Quantity.number(point.share * 100) + " %", Quantity.time(point.median),
                        Quantity.time(Double(point.p99)), Quantity.time(point.medianWait),
                    ]
                }
            })
        return "## Latency by rate\n\n"
            + "Times run from when an update was due; the wait is the part of them until it began. "
            + "The pace kept is the time that the schedule takes over the time that the updates "
            + "took, the least of all repetitions; from \(Int(Self.leastShare * 100)) % on a rate "
            + "counts as sustained.\n\n" + table.text + "\n"
            + series.filter { $0.points.count > 1 }.map { "- \(Self.sentence($0))\n" }.joined()
    }

    static func sentence(_ series: Series) -> String {
        guard let last = series.points.last else { return series.name }
        guard let saturation = series.saturation else {
            return "\(series.name) sustains none of these rates: it is saturated below "
                + "\(series.points[0].rate) updates per second and group."
        }
        return saturation == last
            ? "\(series.name) sustains every rate: it is not saturated at \(last.rate) updates per "
                + "second and group."
            : "\(series.name) is saturated above \(saturation.rate) updates per second and group, "
                + "and did \(Quantity.number(series.points.map(\.achieved).max() ?? 0)) per second "
                + "at most."
    }
}
