/// Two results directories side by side: what both have measured under the same settings.
package struct ResultsComparison {
    /// One metric that both have.
    struct Entry {
        var before: Sample
        var after: Sample
        /// The later over the earlier; the repetitions are drawn independently of each other.
        var figures: Estimate.Pair

        init(_ before: Sample, _ after: Sample) {
            self.before = before
            self.after = after
            figures = Estimate.Pair(
                after.repetitions, over: before.repetitions, isPaired: false)
        }

        /// - Parameter percent: by which the later median may be above the earlier, or the earlier
        ///   above the later where more is better.
        func judgement(threshold percent: Double) -> Judgement {
            guard let ratio = figures.ratio else { return .passed }
            let factor = 1 + percent / 100
            let countsWork = before.metric.countsWork
            guard countsWork ? ratio.value < 1 / factor : ratio.value > factor else {
                return .passed
            }
            guard let interval = ratio.interval else { return .unjudged }
            return interval.covers(1) ? .passed : .worse
        }
    }

    /// How a comparison with a threshold ends.
    package enum Judgement: Sendable {
        case passed
        /// A ratio is over the threshold and its interval excludes 1.
        case worse
        /// A ratio is over the threshold and has no interval, or nothing was there to compare.
        case unjudged
    }

    /// The directories, the earlier first.
    let directories: [String]
    let results: [Evaluation]
    /// Also those that only one directory has.
    let samples: [[Sample]]
    let entries: [Entry]

    /// - Parameters:
    ///   - metrics: those to be compared; empty for all.
    ///   - floors: by the mechanism's name.
    /// - Throws: `ResultsError` where nothing in one of the directories can be used.
    package init(
        _ before: String, _ after: String, metrics: [SummaryRow.Metric] = [],
        floors: [String: MechanismFloor] = [:]
    ) throws(ResultsError) {
        directories = [before, after]
        results = [
            try Evaluation(directory: before, floors: floors),
            try Evaluation(directory: after, floors: floors),
        ]
        samples = results.map { result in
            result.samples.filter { metrics.isEmpty || metrics.contains($0.metric) }
        }
        let later = Dictionary(
            samples[1].map { ($0.comparisonKey, $0) }, uniquingKeysWith: { first, _ in first })
        entries = samples[0].compactMap { sample in
            later[sample.comparisonKey].map { Entry(sample, $0) }
        }
    }

    /// What of the directories could not be used, as sentences.
    package var omissions: [String] {
        zip(directories, results).flatMap { directory, result in
            result.measurements.omissions.sentences.map { "\(directory): \($0)" }
        }
    }

    /// - Parameter threshold: percent by which a later median may be above the earlier; nil for any.
    package func judgement(threshold: Double?) -> Judgement {
        if entries.isEmpty { return .unjudged }
        guard let threshold else { return .passed }
        let judgements = entries.map { $0.judgement(threshold: threshold) }
        if judgements.contains(.worse) { return .worse }
        return judgements.contains(.unjudged) ? .unjudged : .passed
    }

    /// The samples of one of the directories that the other has not.
    func samples(onlyIn index: Int) -> [Sample] {
        let others = Set(samples[1 - index].map(\.comparisonKey))
        return samples[index].filter { !others.contains($0.comparisonKey) }
    }
}

extension Sample {
    /// The same settings may stand in experiments of different names.
    fileprivate var comparisonKey: Key {
        var settings = configuration
        settings.experiment = ""
        return Key(configuration: settings, metric: metric, role: role)
    }
}
