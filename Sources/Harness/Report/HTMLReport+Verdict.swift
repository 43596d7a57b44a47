extension HTMLReport {
    /// The box at the top: whether the numbers can be trusted, and what came of the published claims.
    ///
    /// - Parameter tables: those of `tables.md`, of which the one of claims is counted.
    static func verdict(_ evaluation: Evaluation, _ tables: [Markdown.Block]) -> String {
        let doubts = doubts(about: evaluation)
        let sentences =
            (doubts.isEmpty ? ["Every run is valid."] : doubts)
            + [claims(tables)].compactMap(\.self)
        return "<div class=\"verdict\(doubts.isEmpty ? "" : " bad")\">\n"
            + sentences.map { "<p>\(HTML.escaped($0))</p>\n" }.joined() + "</div>\n"
    }

    private static func doubts(about evaluation: Evaluation) -> [String] {
        let measurements = evaluation.measurements
        let runs = measurements.runs
        if runs.isEmpty { return ["There is no run."] }
        var doubts: [String] = []
        let invalid = runs.count { !$0.valid }
        if invalid > 0 {
            doubts.append(
                "\(invalid) of \(runs.count) runs \(invalid == 1 ? "is" : "are") not valid and not "
                    + "counted.")
        }
        if !evaluation.omissions.isEmpty {
            doubts.append("Something of the results could not be used, as said above.")
        }
        if let note = measurements.selfTest.failureNote { doubts.append(note) }
        if let warnings = measurements.environment?.warnings, !warnings.isEmpty {
            doubts.append("The machine was not fit for measuring, as said above.")
        }
        return doubts
    }

    private static func claims(_ tables: [Markdown.Block]) -> String? {
        let verdicts = tables.flatMap { block -> [String] in
            guard case .table(let header, let rows) = block, header.first == "claim" else {
                return []
            }
            return rows.compactMap(\.last)
        }
        if verdicts.isEmpty { return nil }
        let counts = ["reproduced", "not reproduced", "not measured"].compactMap { verdict in
            let count = verdicts.count { $0.hasPrefix(verdict) }
            return count > 0 ? "\(count) \(verdict)" : nil
        }
        return "Published claims: \(counts.joined(separator: ", "))."
    }
}
