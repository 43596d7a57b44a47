/// What a column of numbers amounts to.
///
/// The median of an even count is the mean of the two values in the middle. Percentiles go by
/// nearest rank: the value at rank ⌈p · count⌉ of the sorted values, so that each of them occurred.
package struct Statistics: Sendable, Equatable {
    package var count: Int
    package var mean: Double
    package var median: Double
    /// Of a sample: the squared deviations from the mean over count - 1. Nil for a single value.
    package var variance: Double?
    package var minimum: Int
    package var p95: Int
    package var p99: Int
    package var p999: Int
    package var maximum: Int

    package var standardDeviation: Double? { variance?.squareRoot() }

    /// - Parameter values: in any order.
    /// - Returns: nil for no values.
    /// - Complexity: O(n log n).
    package init?(of values: [Int]) {
        let sorted = values.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        count = sorted.count
        let mean = sorted.reduce(0.0) { $0 + Double($1) } / Double(count)
        self.mean = mean
        median = Statistics.median(ofSorted: sorted)
        let squares = sorted.reduce(0.0) { sum, value in
            let deviation = Double(value) - mean
            return sum + deviation * deviation
        }
        variance = count > 1 ? squares / Double(count - 1) : nil
        minimum = first
        maximum = last
        // In thousandths and integers, since 0.95 has no exact binary form.
        func percentile(_ thousandths: Int) -> Int {
            sorted[(thousandths * sorted.count + 999) / 1000 - 1]
        }
        p95 = percentile(950)
        p99 = percentile(990)
        p999 = percentile(999)
    }

    /// The median alone, or nil for no values.
    package static func median(of values: [Int]) -> Double? {
        values.isEmpty ? nil : median(ofSorted: values.sorted())
    }

    private static func median(ofSorted sorted: [Int]) -> Double {
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2)
            ? (Double(sorted[middle - 1]) + Double(sorted[middle])) / 2 : Double(sorted[middle])
    }
}

/// A straight line through points by least squares.
package struct LinearFit: Sendable, Equatable {
    package var slope: Double
    package var intercept: Double
    /// The part of the variance of y that the line explains, from 0 to 1; 0 when y is constant.
    package var rSquared: Double

    /// - Returns: nil for fewer than two different x.
    package init?(_ points: [(x: Double, y: Double)]) {
        let count = Double(points.count)
        let meanX = points.reduce(0) { $0 + $1.x } / count
        let meanY = points.reduce(0) { $0 + $1.y } / count
        let xx = points.reduce(0) { $0 + ($1.x - meanX) * ($1.x - meanX) }
        let xy = points.reduce(0) { $0 + ($1.x - meanX) * ($1.y - meanY) }
        let yy = points.reduce(0) { $0 + ($1.y - meanY) * ($1.y - meanY) }
        guard xx > 0 else { return nil }
        slope = xy / xx
        intercept = meanY - slope * meanX
        rSquared = yy > 0 ? xy * xy / (xx * yy) : 0
    }

    package func value(at x: Double) -> Double { intercept + slope * x }
}
