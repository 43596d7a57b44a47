import Structures

/// A row of `summary.csv`: the statistics of one metric under one set of settings.
package struct SummaryRow: CSVRow, Hashable {
    /// What is summed up; the raw values stand in the file.
    package enum Metric: String, Sendable, CaseIterable {
        case backup = "backup_ns"
        case wait = "wait_ns"
        case throughput = "updates_per_second"
        case local = "local_ns"
        case proposal = "proposal_ns"
        case acknowledgement = "acknowledgement_ns"
        case holdback = "holdback_ns"
        case read = "read_ns"
        case readAll = "read_all_ns"
        case recovery = "recovery_ns"
        case restart = "restart_ns"
        case recoveryBytes = "recovery_bytes"
        case backupBytes = "backup_bytes"
        case finalBackupBytes = "final_backup_bytes"
        case finalTotalBytes = "final_total_bytes"

        /// What the time of an operation of that name is summed up as.
        init(ofOperation name: String) {
            switch name {
            case OperationKind.read.name: self = .read
            case OperationKind.readAll.name: self = .readAll
            default: self = .backup
            }
        }

        /// A value as people read it.
        func quantity(_ value: Double) -> String {
            if self == .throughput { return Quantity.number(value) }
            return rawValue.hasSuffix("_ns") ? Quantity.time(value) : Quantity.bytes(value)
        }

        /// Whether more is better; of all other metrics it is worse.
        var countsWork: Bool { self == .throughput }
    }

    /// The settings, as `RunRow.configuration` gives them.
    package var configuration = RunRow()
    package var metric = ""
    package var count = 0
    package var mean = 0.0
    package var median = 0.0
    package var variance: Double?
    package var standardDeviation: Double?
    package var minimum = 0
    package var p95 = 0
    package var p99 = 0
    package var p999 = 0
    package var maximum = 0
    package var floor: Double?
    package var ratioToFloor: Double?
    package var freshFloor: Double?
    package var ratioToFreshFloor: Double?
    package var tailRatio: Double?
    package var floorTailRatio: Double?
    /// The role of the recovered nodes; empty for the metrics that are none of recovery.
    package var role = ""
    /// Nil in files of earlier versions.
    package var repetitions: Int?
    package var medianLow: Double?
    package var medianHigh: Double?
    package var p95Low: Double?
    package var p95High: Double?
    package var p99Low: Double?
    package var p99High: Double?
    package var p999Low: Double?
    package var p999High: Double?

    package init() {}

    init(_ sample: Sample) {
        let repetitions = sample.repetitions
        configuration = sample.configuration
        metric = sample.metric.rawValue
        role = sample.role
        floor = sample.floor
        self.repetitions = repetitions.count
        guard let statistics = Statistics(of: repetitions.flatMap(\.self)) else { return }
        count = statistics.count
        mean = statistics.mean
        median = statistics.median
        variance = statistics.variance
        standardDeviation = statistics.standardDeviation
        minimum = statistics.minimum
        p95 = statistics.p95
        p99 = statistics.p99
        p999 = statistics.p999
        maximum = statistics.maximum
        ratioToFloor = Self.ratio(statistics.median, floor)
        tailRatio = Self.tailRatio(
            count: count, p999: Double(p999), median: statistics.median)
        compareTail(with: sample.exchange)
        compareMedian(withFresh: sample.freshFloor)
        guard repetitions.count > 1 else { return }
        let pool = PooledValues(repetitions)
        let intervals = Bootstrap.intervals(repetitions: repetitions.count) { draws in
            [pool.median(draws)] + [950, 990, 999].map { pool.percentile($0, draws) }
        }
        medianInterval = intervals?[0]
        (p95Low, p95High) = (intervals?[1].low, intervals?[1].high)
        (p99Low, p99High) = (intervals?[2].low, intervals?[2].high)
        (p999Low, p999High) = (intervals?[3].low, intervals?[3].high)
    }

    /// The median with its interval.
    var medianEstimate: Estimate { Estimate(value: median, interval: medianInterval) }

    private var medianInterval: Interval? {
        get {
            guard let medianLow, let medianHigh else { return nil }
            return Interval(low: medianLow, high: medianHigh)
        }
        set {
            medianLow = newValue?.low
            medianHigh = newValue?.high
        }
    }

    /// Sets the tail of an update beside that of its floor.
    private mutating func compareTail(with floor: FloorRow?) {
        floorTailRatio = floor.flatMap { floor in
            Self.tailRatio(
                count: floor.count, p999: floor.p999.map(Double.init),
                median: Double(floor.median))
        }
    }

    /// Sets the median beside what the same takes a process that has just started.
    private mutating func compareMedian(withFresh floor: Double?) {
        freshFloor = floor
        ratioToFreshFloor = Self.ratio(median, floor)
    }

    private static func ratio(_ value: Double, _ floor: Double?) -> Double? {
        floor.flatMap { $0 > 0 ? value / $0 : nil }
    }

    /// Of fewer values the 99.9th percentile is only the largest.
    private static func tailRatio(count: Int, p999: Double?, median: Double) -> Double? {
        guard let p999, count >= 1000 else { return nil }
        return ratio(p999, median)
    }

    package static let fileName = "summary.csv"
    package static let meaning =
        "Statistics of one metric over all valid runs with the same settings and, for the "
        + "recovery metrics, over the recovered nodes of one role."
    package static let columns: [Column<SummaryRow>] = [
        Column("mechanism", .text(\.configuration.mechanism), "As in runs.csv."),
        Column("groups", "count", .integer(\.configuration.groups), "As in runs.csv."),
        Column("faults", "count", .integer(\.configuration.faults), "As in runs.csv."),
        Column("structure", .text(\.configuration.structure), "As in runs.csv."),
        Column("value_bytes", "bytes", .integer(\.configuration.valueBytes), "As in runs.csv."),
        Column("transport", .text(\.configuration.transport), "As in runs.csv."),
        Column(
            "metric", .text(\.metric),
            "backup_ns, wait_ns, local_ns, proposal_ns, acknowledgement_ns and holdback_ns of updates.csv, "
                + "and of its reads read_ns (of one element) and read_all_ns (of all); "
                + "recovery_ns and restart_ns of recovery.csv, and its bytes as recovery_bytes; "
                + "backup_bytes: "
                + "per sample of space.csv, total_bytes beyond one copy of each structure, which "
                + "is that of all fused backups, or of all replicas less the largest per group; "
                + "final_backup_bytes: the same of each run's last sample only; "
                + "final_total_bytes: total_bytes of all nodes there; updates_per_second: updates "
                + "over updating_ns of runs.csv, of all groups together."),
        Column("count", "count", .integer(\.count), "Values."),
        Column("mean", "ns or bytes", .real(\.mean), "Arithmetic mean."),
        Column(
            "median", "ns or bytes", .real(\.median),
            "Middle value; of an even count the mean of the two in the middle."),
        Column(
            "variance", "ns² or bytes²", .optionalReal(\.variance),
            "Sample variance (n - 1); empty for one value."),
        Column(
            "stddev", "ns or bytes", .optionalReal(\.standardDeviation),
            "Square root of the variance."),
        Column("min", "ns or bytes", .integer(\.minimum), "Smallest value."),
        Column(
            "p95", "ns or bytes", .integer(\.p95),
            "95th percentile by nearest rank: the smallest value that at least 95 % of the values "
                + "do not exceed."),
        Column("p99", "ns or bytes", .integer(\.p99), "99th percentile, by nearest rank."),
        Column("p999", "ns or bytes", .integer(\.p999), "99.9th percentile, by nearest rank."),
        Column("max", "ns or bytes", .integer(\.maximum), "Largest value."),
        Column(
            "floor", "ns", .optionalReal(\.floor),
            "What transport and arithmetic allow by floor.csv: for backup_ns the raw exchange of "
                + "the same rounds and peers; for recovery_ns the median over the recoveries of "
                + "bytes over bulk_pull, plus bytes over decode where the mechanism decodes."),
        Column("ratio_to_floor", .optionalReal(\.ratioToFloor), "median over floor."),
        Column("role", .text(\.role), "Role of the recovered nodes; empty for other metrics."),
        Column("experiment", .text(\.configuration.experiment), "As in runs.csv."),
        Column("operations", "count", .integer(\.configuration.operations), "As in runs.csv."),
        Column("window", "count", .integer(\.configuration.window), "As in runs.csv."),
        Column("launch", .text(\.configuration.launch), "As in runs.csv."),
        Column("code", .text(\.configuration.code), "As in runs.csv."),
        Column("word_bits", "bits", .optionalInteger(\.configuration.wordBits), "As in runs.csv."),
        Column("nodes", "count", .integer(\.configuration.nodes), "As in runs.csv."),
        Column("warmup", "count", .integer(\.configuration.warmup), "As in runs.csv."),
        Column("mix", .text(\.configuration.mix), "As in runs.csv."),
        Column("order", .text(\.configuration.order), "As in runs.csv."),
        Column(
            "crash_every", "count", .optionalInteger(\.configuration.crashEvery),
            "As in runs.csv."),
        Column("crash_nodes", .text(\.configuration.crashNodes), "As in runs.csv."),
        Column("crash_moment", .text(\.configuration.crashMoment), "As in runs.csv."),
        Column(
            "crash_reached", "count", .optionalInteger(\.configuration.crashReached),
            "As in runs.csv."),
        Column("value_sizes", .text(\.configuration.valueSizes), "As in runs.csv."),
        Column("invalid", "count", .integer(\.configuration.invalid), "As in runs.csv."),
        Column(
            "target_size", "count", .optionalInteger(\.configuration.targetSize),
            "As in runs.csv."),
        Column("keys", .text(\.configuration.keys), "As in runs.csv."),
        Column("positions", .text(\.configuration.positions), "As in runs.csv."),
        Column("clusters", .text(\.configuration.clusters), "As in runs.csv."),
        Column("managers", .optionalText(\.configuration.managers), "As in runs.csv."),
        Column(
            "senders", "count", .optionalInteger(\.configuration.senders), "As in runs.csv."),
        Column("acknowledge", .optionalText(\.configuration.acknowledge), "As in runs.csv."),
        Column("piggyback", .optionalText(\.configuration.piggyback), "As in runs.csv."),
        Column("batch", "count", .optionalInteger(\.configuration.batch), "As in runs.csv."),
        Column("reads", .optionalText(\.configuration.reads), "As in runs.csv."),
        Column(
            "preload", "count", .optionalInteger(\.configuration.preload), "As in runs.csv."),
        Column(
            "rate", "per second", .optionalInteger(\.configuration.rate), "As in runs.csv."),
        Column("arrivals", .optionalText(\.configuration.arrivals), "As in runs.csv."),
        Column("catch_up", .optionalText(\.configuration.catchUp), "As in runs.csv."),
        Column(
            "fresh_floor", "ns", .optionalReal(\.freshFloor),
            "As floor of recovery_ns, but by fresh_pull instead of bulk_pull: what moving the bytes "
                + "takes a process that has just started; empty for other metrics."),
        Column(
            "ratio_to_fresh_floor", .optionalReal(\.ratioToFreshFloor),
            "median over fresh_floor."),
        Column(
            "tail_ratio", .optionalReal(\.tailRatio),
            "p999 over median; empty for fewer than 1000 values."),
        Column(
            "floor_tail_ratio", .optionalReal(\.floorTailRatio),
            "For backup_ns the same of the raw exchange in floor.csv that floor is the median of."),
        Column(
            "repetitions", "count", .optionalInteger(\.repetitions),
            "Runs that the values are of."),
        Column(
            "median_low", "ns or bytes", .optionalReal(\.medianLow),
            "Lower end of the median's 95 % confidence interval: percentile bootstrap over the "
                + "repetitions, 2,000 resamples. Empty for one repetition, as are the next seven."),
        Column("median_high", "ns or bytes", .optionalReal(\.medianHigh), "Upper end."),
        Column(
            "p95_low", "ns or bytes", .optionalReal(\.p95Low), "The same of the 95th percentile."),
        Column("p95_high", "ns or bytes", .optionalReal(\.p95High), "Upper end."),
        Column(
            "p99_low", "ns or bytes", .optionalReal(\.p99Low), "The same of the 99th percentile."),
        Column("p99_high", "ns or bytes", .optionalReal(\.p99High), "Upper end."),
        Column(
            "p999_low", "ns or bytes", .optionalReal(\.p999Low),
            "The same of the 99.9th percentile."),
        Column("p999_high", "ns or bytes", .optionalReal(\.p999High), "Upper end."),
        Column("placement", .optionalText(\.configuration.knownPlacement), "As in runs.csv."),
    ]
}
