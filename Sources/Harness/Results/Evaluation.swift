/// Everything that is computed from the measurements of a results directory.
struct Evaluation {
    let measurements: Measurements
    let floors: Floors
    let samples: [Sample]
    let summary: [SummaryRow]
    let pairs: [MechanismPair]
    /// The slowest updates of each configuration whose mechanism tells where their time went.
    let slowest: [RunRow: [RunUpdates.Parts]]

    /// - Parameter floors: by the mechanism's name; without one the floor's cells stay empty.
    /// - Throws: `ResultsError` where nothing in the directory can be used.
    init(directory: String, floors: [String: MechanismFloor]) throws(ResultsError) {
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

    /// The rows of `comparisons.csv`.
    var comparisons: [ComparisonRow] {
        let runs = Dictionary(
            measurements.runs.map { ($0.configuration, $0.run) },
            uniquingKeysWith: { first, _ in first })
        return pairs.map { ComparisonRow($0) { runs[$0] ?? 0 } }
    }
}
