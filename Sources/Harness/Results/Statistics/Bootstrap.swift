import Simulation

/// Where a figure lies with a confidence of 95 %.
package struct Interval: Sendable, Equatable {
    package var low: Double
    package var high: Double

    package init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    package func covers(_ value: Double) -> Bool { low <= value && value <= high }
}

/// Confidence intervals by resampling (Efron, Bootstrap Methods: Another Look at the Jackknife,
/// Annals of Statistics 1979): percentile intervals.
///
/// What is drawn, with replacement, is whole repetitions and not single values, since the values of
/// one repetition share their processes and their placement and are no independent samples (Kalibera
/// and Jones, Rigorous Benchmarking in Reasonable Time, ISMM 2013). The draws come from a fixed seed,
/// so that the same CSV always gives the same intervals.
enum Bootstrap {
    static let resamples = 2000

    /// The intervals of figures of the same repetitions.
    ///
    /// - Parameters:
    ///   - repetitions: how many there are.
    ///   - figures: computes them, all finite, from how often each repetition was drawn.
    /// - Returns: one for each figure; nil for fewer than two repetitions.
    static func intervals(
        repetitions: Int, figures: (_ draws: [Int]) -> [Double]
    ) -> [Interval]? {
        intervals(repetitions: [repetitions]) { figures($0[0]) }
    }

    /// The same of figures of several samples that have nothing to do with each other, each of which
    /// is drawn by itself.
    static func intervals(
        repetitions: [Int], figures: (_ draws: [[Int]]) -> [Double]
    ) -> [Interval]? {
        guard repetitions.allSatisfy({ $0 > 1 }) else { return nil }
        let generator = SplitMix64(seed: 2016)
        let rows = (0..<resamples).map { resample in
            figures(
                repetitions.enumerated().map { sample, count in
                    let generator = generator.child(UInt64(sample)).child(UInt64(resample))
                    var draws = [Int](repeating: 0, count: count)
                    for index in 0..<count {
                        draws[generator.number(below: count, at: UInt64(index))] += 1
                    }
                    return draws
                })
        }
        // As many of the resamples lie below the interval as above it.
        let tail = resamples / 40 - 1
        return rows[0].indices.map { figure in
            let sorted = rows.map { $0[figure] }.sorted()
            return Interval(low: sorted[tail], high: sorted[resamples - 1 - tail])
        }
    }
}
