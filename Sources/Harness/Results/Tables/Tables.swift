import Foundation

/// Makes `tables.md`: what a results directory says, beside what was published.
package enum Tables {
    static let fileName = "tables.md"

    /// Writes `tables.md` and the CSV that is computed into the directory from the measurements there,
    /// replacing older ones.
    ///
    /// - Parameter floors: by the mechanism's name, for the columns that set medians against the
    ///   floor; without them they stay empty.
    /// - Returns: what of the directory could not be used, as sentences.
    /// - Throws: `ResultsError` where nothing can be used or a file cannot be written.
    @discardableResult
    package static func write(
        directory: String, floors: [String: MechanismFloor] = [:]
    ) throws(ResultsError) -> [String] {
        let evaluation = try Evaluation(directory: directory, floors: floors)
        try evaluation.writeTables()
        return evaluation.omissions
    }

    static func text(
        directory: String, floors: [String: MechanismFloor]
    ) throws(ResultsError) -> String {
        try text(Evaluation(directory: directory, floors: floors))
    }

    static func text(_ evaluation: Evaluation) throws(ResultsError) -> String {
        let comparisons = Comparison.all(of: evaluation.measurements.configurations)
        var parts = [opening(evaluation)]
        if let rates = RateSweep(evaluation.summary, runs: evaluation.measurements.runs).section {
            parts.append(rates)
        }
        if let section = RecoveryLoadTable.section(
            of: evaluation.measurements.configurations, evaluation.measurements.verifiedRecoveries)
        {
            parts.append(section)
        }
        if let ratios = CostRatios(evaluation.summary, pairs: evaluation.pairs) {
            parts.append(ratios.section)
        }
        for comparison in comparisons {
            parts.append("## \(comparison.title)\n")
            parts += try ComparisonPage(comparison: comparison, evaluation: evaluation).sections()
        }
        if let section = evaluation.measurements.selfTest.section { parts.append(section) }
        return parts.joined(separator: "\n")
    }

    private static func opening(_ evaluation: Evaluation) -> String {
        let measurements = evaluation.measurements
        let runs = measurements.runs
        let valid = runs.filter(\.valid).count
        let verified = measurements.recoveries.filter(\.verified).count
        var paragraphs = ["# \(runs.first?.experiment ?? "No runs")"]
        if let environment = measurements.environment {
            paragraphs.append(environment.line)
            paragraphs += (environment.warnings ?? []).map { "**\($0)**" }
        }
        paragraphs.append(
            "\(valid) of \(runs.count) runs valid; \(verified) of "
                + "\(measurements.recoveries.count) recoveries verified. Only valid runs and "
                + "verified recoveries are counted below.")
        if let note = measurements.selfTest.failureNote { paragraphs.append(note) }
        if let note = runs.unsteadinessNote { paragraphs.append(note) }
        if let sentence = intervals(evaluation.summary.compactMap(\.repetitions).max()) {
            paragraphs.append(sentence)
        }
        paragraphs += measurements.omissions.sentences
        return paragraphs.joined(separator: "\n\n") + "\n"
    }

    /// What the brackets mean.
    private static func intervals(_ repetitions: Int?) -> String? {
        guard let repetitions else { return nil }
        if repetitions < 2 {
            return "There is one repetition, from which no confidence intervals can be had: "
                + "--repetitions asks for more."
        }
        let caution =
            repetitions < 10
            ? " Of fewer than 10 repetitions they are narrower than they should be." : ""
        return "In brackets: 95 % confidence intervals by bootstrap over \(repetitions) "
            + "repetitions." + caution
    }
}
