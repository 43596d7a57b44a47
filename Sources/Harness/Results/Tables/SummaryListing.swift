import Foundation

/// `summary.csv` as a terminal shows it.
package enum SummaryListing {
    /// Reads the file, or sums up the measurements where it is not there.
    ///
    /// - Returns: the text, and what of the directory could not be used, as sentences.
    /// - Throws: `ResultsError` where nothing in the directory can be used.
    package static func text(
        directory: String, floors: [String: MechanismFloor]
    ) throws(ResultsError) -> (text: String, omissions: [String]) {
        var omissions = Omissions()
        let rows: [SummaryRow]
        if FileManager.default.fileExists(atPath: directory + "/" + SummaryRow.fileName) {
            rows = try CSVReader.wholeRows(SummaryRow.self, in: directory, &omissions)
        } else {
            let evaluation = try Evaluation(directory: directory, floors: floors)
            rows = evaluation.summary
            omissions = evaluation.measurements.omissions
        }
        return (text(rows), omissions.sentences)
    }

    static func text(_ rows: [SummaryRow]) -> String {
        guard let first = rows.first else { return "No valid run is summed up there.\n" }
        let settings = ListedSettings(of: rows.map(\.configuration))
        let table = TextTable(
            settings.header + [
                "metric", "role", "count", "repetitions", "median", "95 % interval", "p99", "max",
                "over floor",
            ],
            rows.map { row in
                let metric = SummaryRow.Metric(rawValue: row.metric)
                func quantity(_ value: Double) -> String {
                    metric?.quantity(value) ?? Quantity.number(value)
                }
                return settings.cells(row.configuration) + [
                    row.metric, row.role.isEmpty ? "-" : row.role, String(row.count),
                    row.repetitions.map(String.init) ?? "-", quantity(row.median),
                    row.medianEstimate.bracket(quantity), quantity(Double(row.p99)),
                    quantity(Double(row.maximum)), row.ratioToFloor.map(Quantity.number) ?? "-",
                ]
            },
            isText: settings.header.map { _ in true } + [true, true]
                + [Bool](repeating: false, count: 7))
        let note =
            rows.contains { $0.medianLow != nil }
            ? ""
            : "\nNo intervals: they need repetitions, for which crashbench run has --repetitions.\n"
        return "\(first.configuration.experiment)\n\(settings.common)\n\(table.text())\(note)"
    }
}
