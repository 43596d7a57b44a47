/// Tells the runs apart that have the same settings.
struct Repetition: Hashable, Comparable, Sendable {
    var number: Int
    var seed: UInt64
    /// Counts from 1; more only where runs.csv tells two runs by nothing else.
    var occurrence = 1

    static func < (left: Repetition, right: Repetition) -> Bool {
        (left.number, left.seed, left.occurrence) < (right.number, right.seed, right.occurrence)
    }
}

/// The values of one metric under one set of settings, of valid runs and verified recoveries.
struct Sample: Sendable {
    /// What two samples must have in common to be compared between results.
    struct Key: Hashable {
        var configuration: RunRow
        var metric: SummaryRow.Metric
        var role: String
    }

    /// The settings, as `RunRow.configuration` gives them.
    var configuration: RunRow
    var metric: SummaryRow.Metric
    /// Of the recovered nodes; empty for the metrics that are none of recovery.
    var role = ""
    /// What the median is set against; nil where nothing is known.
    var floor: Double?
    /// The raw exchange that the floor of an update is the median of.
    var exchange: FloorRow?
    /// What the same takes a process that has just started.
    var freshFloor: Double?
    /// None is empty, and there is at least one.
    var values: [Repetition: [Int]]

    /// The values by repetition, in their order.
    var repetitions: [[Int]] { values.sorted { $0.key < $1.key }.map(\.value) }

    var key: Key { Key(configuration: configuration, metric: metric, role: role) }
}
