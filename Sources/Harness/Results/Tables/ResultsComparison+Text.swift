extension ResultsComparison {
    /// Both results as a terminal shows them.
    ///
    /// - Parameter threshold: percent by which a later median may be above the earlier; nil for any.
    package func text(threshold: Double?) -> String {
        if let problem = nothingInCommon { return problem }
        let settings = ListedSettings(of: entries.map(\.before.configuration))
        var parts = [origins + settings.common, table(settings, threshold)]
        let only = [0, 1].compactMap { onlyIn($0) }
        if !only.isEmpty { parts.append(only.joined()) }
        if let threshold { parts.append(conclusion(settings, threshold)) }
        return parts.joined(separator: "\n")
    }

    private var origins: String {
        let lines = zip(["first", "second"], zip(directories, results)).map { name, result in
            let environment = result.1.measurements.environment
            return "\(name.padded(to: 6))  \(result.0)"
                + (environment.map { ": \($0.commit.prefix(12)), \($0.processor)" } ?? "") + "\n"
        }
        return lines.joined()
    }

    private func table(_ settings: ListedSettings, _ threshold: Double?) -> String {
        TextTable(
            settings.header + [
                "metric", "role", "repetitions", "first", "second", "ratio", "95 % interval", "",
            ],
            entries.map { entry in
                let metric = entry.before.metric
                let ratio = entry.figures.ratio
                let isOver =
                    threshold.map { entry.judgement(threshold: $0) != .passed } ?? false
                return settings.cells(entry.before.configuration) + [
                    metric.rawValue, entry.before.role.isEmpty ? "-" : entry.before.role,
                    "\(entry.before.values.count), \(entry.after.values.count)",
                    metric.quantity(entry.figures.baselineMedian),
                    metric.quantity(entry.figures.median),
                    ratio.map { Quantity.number($0.value) } ?? "-", ratio?.bracket() ?? "-",
                    (ratio?.verdict.rawValue ?? "-") + (isOver ? " (over the threshold)" : ""),
                ]
            },
            isText: settings.header.map { _ in true } + [true, true]
                + [Bool](repeating: false, count: 5) + [true]
        ).text()
    }

    /// What only one of the directories has; nil where that is nothing.
    private func onlyIn(_ index: Int) -> String? {
        let samples = samples(onlyIn: index)
        let settings = ListedSettings(of: self.samples[index].map(\.configuration))
        var configurations: [RunRow] = []
        for sample in samples where !configurations.contains(sample.configuration) {
            configurations.append(sample.configuration)
        }
        if configurations.isEmpty { return nil }
        return "Only in \(directories[index]):\n"
            + configurations.map { configuration in
                let metrics = samples.filter { $0.configuration == configuration }.map {
                    $0.metric.rawValue + ($0.role.isEmpty ? "" : " (\($0.role))")
                }
                return "  \(settings.label(configuration)): \(metrics.joined(separator: ", "))\n"
            }.joined()
    }

    private func conclusion(_ settings: ListedSettings, _ threshold: Double) -> String {
        func names(_ judgement: Judgement) -> String {
            entries.filter { $0.judgement(threshold: threshold) == judgement }.map { entry in
                let role = entry.before.role
                return "  \(settings.label(entry.before.configuration)): "
                    + "\(entry.before.metric.rawValue)\(role.isEmpty ? "" : " (\(role))"), "
                    + "\(entry.figures.ratio?.text() ?? "-")\n"
            }.joined()
        }
        let percent = "\(Quantity.number(threshold)) %"
        let worse = names(.worse)
        let unjudged = names(.unjudged)
        var text =
            worse.isEmpty
            ? "Nothing is shown to be worse by more than \(percent).\n"
            : "Worse by more than \(percent):\n\(worse)"
        if !unjudged.isEmpty {
            text +=
                "Over \(percent), but one repetition shows nothing; run both with --repetitions:\n"
                + unjudged
        }
        return text
    }

    /// Why there is nothing to compare; nil where there is something.
    private var nothingInCommon: String? {
        guard entries.isEmpty else { return nil }
        if let index = results.firstIndex(where: { $0.samples.isEmpty }) {
            return "There is nothing to compare: \(directories[index]) has no valid run.\n"
        }
        if let index = samples.firstIndex(where: \.isEmpty) {
            var metrics: [String] = []
            for sample in results[index].samples where !metrics.contains(sample.metric.rawValue) {
                metrics.append(sample.metric.rawValue)
            }
            return "There is nothing to compare: \(directories[index]) has none of these metrics, "
                + "only \(metrics.joined(separator: ", ")).\n"
        }
        let differences = ListedSettings.differences(
            samples[0].map(\.configuration), samples[1].map(\.configuration))
        return "There is nothing to compare: \(directories[0]) and \(directories[1]) have no "
            + "settings in common"
            + (differences.isEmpty
                ? ".\n" : "; \(differences.joined(separator: "; ")).\n")
    }
}
