import SeededGenerator
import Testing

@testable import Harness

/// Confidence intervals against what can be computed by hand.
struct BootstrapTests {
    /// Medians and percentiles of what was drawn are those of the same values written out.
    @Test func `pooled figures are those of the values written out`() throws {
        var generator = SeededGenerator(seed: 6)
        for _ in 0..<300 {
            let repetitions = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                (0..<Int.random(in: 1...40, using: &generator)).map { _ in
                    Int.random(in: 0...30, using: &generator)
                }
            }
            var draws = repetitions.map { _ in Int.random(in: 0...3, using: &generator) }
            draws[0] += 1
            let written = zip(repetitions, draws).flatMap { values, times in
                (0..<times).flatMap { _ in values }
            }
            let expected = try #require(Statistics(of: written))
            let pool = PooledValues(repetitions)
            #expect(pool.median(draws) == expected.median, "\(repetitions) \(draws)")
            #expect(pool.percentile(950, draws) == Double(expected.p95))
            #expect(pool.percentile(999, draws) == Double(expected.p999))
        }
    }

    /// The probability that the median of an odd number of draws with replacement from 1...count is
    /// at most `rank`: that more than half of the draws are.
    private static func probability(thatMedianOf count: Int, isAtMost rank: Int) -> Double {
        let share = Double(rank) / Double(count)
        return (count / 2 + 1...count).reduce(0.0) { sum, successes in
            let ways = (0..<successes).reduce(1.0) {
                $0 * Double(count - $1) / Double($1 + 1)
            }
            var term = ways
            for _ in 0..<successes { term *= share }
            for _ in successes..<count { term *= 1 - share }
            return sum + term
        }
    }

    /// Of one value in each repetition the exact distribution of the resampled median is known.
    @Test(arguments: [3, 5, 7, 9, 11])
    func `the interval of a small sample is the exact bootstrap's`(count: Int) throws {
        let exact = try #require(
            (1...count).first { Self.probability(thatMedianOf: count, isAtMost: $0) > 0.025 })
        let pool = PooledValues((1...count).map { [$0] })
        let interval = try #require(
            Bootstrap.intervals(repetitions: count) { [pool.median($0)] }?.first)
        #expect(interval == Interval(low: Double(exact), high: Double(count + 1 - exact)))
    }

    /// How often the interval of the median covers the true one, where repetitions differ as much as
    /// the values within each. The README says what comes out.
    @Test(arguments: [(3, 0.6...0.85), (10, 0.85...0.98)])
    func `intervals cover what they should`(
        repetitions: Int, expected: ClosedRange<Double>
    ) throws {
        var generator = SeededGenerator(seed: 95)
        // Symmetric around 0, near enough to normal.
        func noise() -> Int {
            (0..<6).reduce(0) { sum, _ in sum + Int.random(in: -1000...1000, using: &generator) }
        }
        let trials = 80
        let hits = (0..<trials).count { _ in
            let pool = PooledValues(
                (0..<repetitions).map { _ in
                    let shift = noise()
                    return (0..<9).map { _ in shift + noise() }
                })
            let interval = Bootstrap.intervals(repetitions: repetitions) { [pool.median($0)] }?[0]
            return interval?.covers(0) ?? false
        }
        #expect(expected.contains(Double(hits) / Double(trials)), "\(hits) of \(trials)")
    }

    /// Repetitions that are slow for both mechanisms say nothing about their ratio.
    @Test func `pairs are drawn together`() throws {
        let baseline = (1...9).map { [100 * $0] }
        let values = (1...9).map { [120 * $0] }
        let paired = try #require(Estimate.Pair(values, over: baseline, isPaired: true).ratio)
        #expect(paired == Estimate(value: 1.2, interval: Interval(low: 1.2, high: 1.2)))
        #expect(paired.verdict == .more)
        let apart = try #require(Estimate.Pair(values, over: baseline, isPaired: false).ratio)
        #expect(apart.value == 1.2)
        #expect(apart.verdict == .noDifference)
        let interval = try #require(apart.interval)
        #expect(interval.low < 0.7 && interval.high > 1.6)
    }

    @Test func `one repetition has no interval, a median of 0 no ratio`() {
        let single = Estimate.Pair([[4, 6]], over: [[2]], isPaired: true)
        #expect(single.ratio == Estimate(value: 2.5, interval: nil))
        #expect(single.ratio?.verdict == .oneRepetition)
        #expect(single.difference == Estimate(value: 3, interval: nil))
        #expect(Estimate.Pair([[1], [1]], over: [[1]], isPaired: false).ratio?.interval == nil)
        let none = Estimate.Pair([[1], [2]], over: [[0], [0]], isPaired: true)
        #expect(none.ratio == nil)
        #expect(none.difference.interval == Interval(low: 1, high: 2))
        // 0 may be drawn, even where the median is another.
        let some = Estimate.Pair([[1], [1], [1]], over: [[0], [2], [2]], isPaired: true)
        #expect(some.ratio == Estimate(value: 0.5, interval: nil))
    }
}
