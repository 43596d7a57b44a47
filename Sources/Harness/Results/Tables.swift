import Foundation

/// Makes `tables.md`: what a results directory says, beside what was published.
package enum Tables {
    /// Writes `tables.md` into the directory from the CSV there, replacing an older one.
    ///
    /// - Parameter floors: by the mechanism's name, for the column that sets updates against the
    ///   floor; without them it stays empty.
    package static func write(
        directory: String, floors: [String: MechanismFloor] = [:]
    ) throws(ResultsError) {
        let text = try text(directory: directory, floors: floors)
        try ResultsDirectory(path: directory).write(text, to: "tables.md")
    }

    static func text(
        directory: String, floors: [String: MechanismFloor]
    ) throws(ResultsError) -> String {
        var measurements = try Measurements(directory: directory)
        let summary = try Summary.rows(of: &measurements, floors: floors)
        let floors = try Floors(directory: directory, mechanisms: floors)
        let slowest = try measurements.updateParts().mapValues(\.slowest)
        let comparisons = Comparison.all(of: measurements.configurations)
        var parts = [opening(measurements)]
        if let rates = RateSweep(summary, runs: measurements.runs).section { parts.append(rates) }
        if let ratios = CostRatios(summary) { parts.append(ratios.section) }
        for comparison in comparisons {
            parts.append("## \(comparison.title)\n")
            let page = ComparisonPage(
                comparison: comparison, summary: summary, measurements: measurements,
                slowest: slowest, floors: floors)
            parts += try page.sections()
        }
        return parts.joined(separator: "\n")
    }

    private static func opening(_ measurements: Measurements) -> String {
        let runs = measurements.runs
        let valid = runs.filter(\.valid).count
        let verified = measurements.recoveries.filter(\.verified).count
        var lines = ["# \(runs.first?.experiment ?? "No runs")", ""]
        if let environment = try? Environment.read(from: measurements.directory) {
            lines += [environment.line, ""]
        }
        lines.append(
            "\(valid) of \(runs.count) runs valid; \(verified) of "
                + "\(measurements.recoveries.count) recoveries verified. Only valid runs and "
                + "verified recoveries are counted below.")
        if let note = runs.unsteadinessNote { lines += ["", note] }
        for file in measurements.cutFiles {
            lines += ["", "\(file) ends in the middle of a row, which was left out."]
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
