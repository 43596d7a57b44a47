/// A figure, and where it lies.
struct Estimate: Sendable, Equatable {
    var value: Double
    /// Nil where there is but one repetition.
    var interval: Interval?

    /// Such as `1.23 [1.10, 1.31]`; the figure alone where there is no interval.
    func text(_ quantity: (Double) -> String = Quantity.number) -> String {
        interval == nil ? quantity(value) : "\(quantity(value)) \(bracket(quantity))"
    }

    /// The interval alone; a dash where there is none.
    func bracket(_ quantity: (Double) -> String = Quantity.number) -> String {
        interval.map { "[\(quantity($0.low)), \(quantity($0.high))]" } ?? "-"
    }

    /// What the interval of a ratio says.
    var verdict: RatioVerdict {
        guard let interval else { return .oneRepetition }
        if interval.covers(1) { return .noDifference }
        return interval.low > 1 ? .more : .less
    }
}

/// What a ratio of costs says.
enum RatioVerdict: String, Sendable {
    case more
    case less
    case noDifference = "no difference shown"
    case oneRepetition = "one repetition: no interval"
}

extension Estimate {
    /// Whether a ratio is shown to be below 1, where there is an interval; otherwise whether it is.
    var isBelowOne: Bool { (interval?.high ?? value) < 1 }

    /// Both medians of two samples, the difference and the ratio of the first to the second.
    struct Pair: Sendable {
        var median: Double
        var baselineMedian: Double
        var difference: Estimate
        /// Nil where the second median is 0.
        var ratio: Estimate?

        /// - Parameters:
        ///   - values: by repetition, of which each has at least one.
        ///   - isPaired: whether the repetitions of both belong together, one by one, and are drawn
        ///     together.
        init(_ values: [[Int]], over baseline: [[Int]], isPaired: Bool) {
            let pools = (PooledValues(values), PooledValues(baseline))
            func medians(_ draws: [Int], _ others: [Int]) -> (Double, Double) {
                (pools.0.median(draws), pools.1.median(others))
            }
            func figures(_ medians: (Double, Double)) -> [Double] {
                // A ratio to 0 is left out below.
                [medians.0 - medians.1, medians.1 > 0 ? medians.0 / medians.1 : .infinity]
            }
            let intervals =
                isPaired
                ? Bootstrap.intervals(repetitions: values.count) { figures(medians($0, $0)) }
                : Bootstrap.intervals(repetitions: [values.count, baseline.count]) {
                    figures(medians($0[0], $0[1]))
                }
            (median, baselineMedian) = medians(
                PooledValues.once(values.count), PooledValues.once(baseline.count))
            difference = Estimate(value: median - baselineMedian, interval: intervals?[0])
            guard baselineMedian > 0 else { return }
            ratio = Estimate(
                value: median / baselineMedian,
                interval: intervals.map(\.[1]).flatMap { $0.high.isFinite ? $0 : nil })
        }
    }
}
