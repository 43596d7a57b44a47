/// Everything that is computed from the measurements of a results directory.
package struct Evaluation {
    let measurements: Measurements
    let floors: Floors
    let samples: [Sample]
    let summary: [SummaryRow]
    let pairs: [MechanismPair]
    /// The slowest updates of each configuration whose mechanism tells where their time went.
    let slowest: [RunRow: [RunUpdates.Parts]]

    /// - Parameter floors: by the mechanism's name; without one the floor's cells stay empty.
    /// - Throws: `ResultsError` where nothing in the directory can be used.
    package init(
        directory: String, floors: [String: MechanismFloor] = [:]
    ) throws(ResultsError) {
        var measurements = try Measurements(directory: directory)
        let updates = measurements.updates()
        self.measurements = measurements
        self.floors = Floors(rows: measurements.floor, mechanisms: floors)
        samples = Summary.samples(of: measurements, updates: updates, floors: self.floors)
        summary = samples.map(SummaryRow.init)
        pairs = MechanismPair.all(of: samples)
        slowest = Dictionary(grouping: updates, by: \.configuration).compactMapValues { runs in
            let parts = runs.flatMap(\.parts)
            return parts.isEmpty ? nil : parts.slowest
        }
    }

    /// What of the directory could not be used, as sentences.
    package var omissions: [String] { measurements.omissions.sentences }

    /// Writes `summary.csv`, `comparisons.csv` and `tables.md` into the directory, replacing older
    /// ones.
    package func writeTables() throws(ResultsError) {
        let directory = ResultsDirectory(path: measurements.directory)
        try directory.write(summary)
        try directory.write(comparisons)
        try directory.write(try Tables.text(self), to: Tables.fileName)
    }

    /// Writes `report.html` into the directory, with the figures that are there, replacing an older
    /// one.
    package func writeReport() throws(ResultsError) {
        let directory = ResultsDirectory(path: measurements.directory)
        try directory.write(try HTMLReport.html(self), to: HTMLReport.fileName)
    }

    /// The files that are computed, in the order in which they are written.
    static let files = [
        SummaryRow.fileName, ComparisonRow.fileName, Tables.fileName, HTMLReport.fileName,
    ]

    /// The rows of `comparisons.csv`.
    private var comparisons: [ComparisonRow] {
        let runs = Dictionary(
            measurements.runs.map { ($0.configuration, $0.run) },
            uniquingKeysWith: { first, _ in first })
        return pairs.map { ComparisonRow($0) { runs[$0] ?? 0 } }
    }
}
