/// A row of `comparisons.csv`: two mechanisms under the same settings in one metric.
package struct ComparisonRow: CSVRow, Hashable {
    package var mechanism = ""
    package var baseline = ""
    package var groups = 0
    package var faults = 0
    package var structure = ""
    package var valueBytes = 0
    package var transport = ""
    package var metric = ""
    package var role = ""
    package var baselineRole = ""
    package var repetitions = 0
    package var median = 0.0
    package var baselineMedian = 0.0
    package var difference = 0.0
    package var differenceLow: Double?
    package var differenceHigh: Double?
    package var ratio: Double?
    package var ratioLow: Double?
    package var ratioHigh: Double?
    package var run = 0
    package var baselineRun = 0

    package init() {}

    /// - Parameter run: the first run of a configuration.
    init(_ pair: MechanismPair, run: (RunRow) -> Int) {
        let settings = pair.sample.configuration
        let figures = pair.figures
        mechanism = settings.mechanism
        baseline = pair.baseline.configuration.mechanism
        groups = settings.groups
        faults = settings.faults
        structure = settings.structure
        valueBytes = settings.valueBytes
        transport = settings.transport
        metric = pair.sample.metric.rawValue
        role = pair.sample.role
        baselineRole = pair.baseline.role
        repetitions = pair.repetitions
        median = figures.median
        baselineMedian = figures.baselineMedian
        difference = figures.difference.value
        differenceLow = figures.difference.interval?.low
        differenceHigh = figures.difference.interval?.high
        ratio = figures.ratio?.value
        ratioLow = figures.ratio?.interval?.low
        ratioHigh = figures.ratio?.interval?.high
        self.run = run(settings)
        baselineRun = run(pair.baseline.configuration)
    }

    package static let fileName = "comparisons.csv"
    package static let meaning =
        "Two mechanisms under the same settings in one metric of summary.csv, by the repetitions that "
        + "both have, pair by pair."
    package static let columns: [Column<ComparisonRow>] = [
        Column("mechanism", .text(\.mechanism), "As in runs.csv."),
        Column("baseline", .text(\.baseline), "The mechanism that it is set against."),
        Column("groups", "count", .integer(\.groups), "As in runs.csv."),
        Column("faults", "count", .integer(\.faults), "As in runs.csv."),
        Column("structure", .text(\.structure), "As in runs.csv."),
        Column("value_bytes", "bytes", .integer(\.valueBytes), "As in runs.csv."),
        Column("transport", .text(\.transport), "As in runs.csv."),
        Column("metric", .text(\.metric), "As in summary.csv."),
        Column("role", .text(\.role), "As in summary.csv."),
        Column(
            "baseline_role", .text(\.baselineRole),
            "Role of the baseline's nodes: the same, or replica beside primary and backup."),
        Column(
            "repetitions", "count", .integer(\.repetitions),
            "Pairs of runs with the same repetition and seed."),
        Column("median", "ns or bytes", .real(\.median), "Of all values of the mechanism's runs."),
        Column(
            "baseline_median", "ns or bytes", .real(\.baselineMedian), "Of those of the baseline."),
        Column(
            "difference", "ns or bytes", .real(\.difference), "median less baseline_median."),
        Column(
            "difference_low", "ns or bytes", .optionalReal(\.differenceLow),
            "Lower end of its 95 % confidence interval: percentile bootstrap over the pairs, 2,000 "
                + "resamples. Empty for one pair."),
        Column(
            "difference_high", "ns or bytes", .optionalReal(\.differenceHigh), "Upper end."),
        Column(
            "ratio", .optionalReal(\.ratio),
            "median over baseline_median; empty where that is 0."),
        Column(
            "ratio_low", .optionalReal(\.ratioLow),
            "Lower end of its interval. Where it covers 1, no difference is shown."),
        Column("ratio_high", .optionalReal(\.ratioHigh), "Upper end."),
        Column(
            "run", .integer(\.run),
            "First run with the mechanism's settings; runs.csv has all of them."),
        Column("baseline_run", .integer(\.baselineRun), "First run with the baseline's settings."),
    ]
}
