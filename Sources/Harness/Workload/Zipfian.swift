import Foundation
import Simulation

/// Ranks of which the first come most often: rank i, from 0, has a share proportional to
/// 1 / (i + 1)^theta.
///
/// Gray, Sundaresan, Englert, Baclawski, Weinberger: Quickly Generating Billion-Record Synthetic
/// Databases, SIGMOD 1994, Figure 6. The first two ranks come exactly with their shares; the others
/// from a continuous approximation, as in YCSB (Cooper et al., SoCC 2010).
struct Zipfian: Sendable {
    private let theta: Double
    /// Sums of the first weights, by their number.
    private let sums: [Double]
    /// What the second weight is.
    private let second: Double

    /// - Parameter theta: above 0 and below 1.
    init(theta: Double) {
        self.theta = theta
        second = pow(0.5, theta)
        var sums = [0.0]
        for rank in 1...Self.summed { sums.append(sums[rank - 1] + pow(Double(rank), -theta)) }
        self.sums = sums
    }

    /// - Parameters:
    ///   - limit: the number of ranks, at least 1.
    ///   - draw: a uniform number of 64 bits, as `SplitMix64` gives them.
    /// - Returns: a rank below `limit`.
    /// - Complexity: O(1).
    func rank(below limit: Int, _ draw: UInt64) -> Int {
        let total = weight(ofFirst: limit)
        let uniform = Double(draw >> 11) * 0x1p-53
        let target = uniform * total
        if target < 1 || limit == 1 { return 0 }
        if target < 1 + second { return 1 }
        let count = Double(limit)
        let eta = (1 - pow(2 / count, 1 - theta)) / (1 - sums[2] / total)
        return min(limit - 1, Int(count * pow(eta * uniform - eta + 1, 1 / (1 - theta))))
    }

    /// The share of a rank among `limit`.
    func share(of rank: Int, below limit: Int) -> Double {
        pow(Double(rank + 1), -theta) / weight(ofFirst: limit)
    }

    /// The mean rank among `limit`.
    func meanRank(below limit: Int) -> Double {
        (0..<limit).reduce(0) { $0 + Double($1) * pow(Double($1 + 1), -theta) }
            / weight(ofFirst: limit)
    }

    /// So many weights are summed one by one.
    private static let summed = 1024

    /// The sum of the first weights, 1 / i^theta for i from 1 on: beyond the table by the formula of
    /// Euler and Maclaurin, of which the first terms left out are below 10^-12.
    private func weight(ofFirst count: Int) -> Double {
        if count < sums.count { return sums[count] }
        let (low, high) = (Double(Self.summed), Double(count))
        let (first, last) = (pow(low, -theta), pow(high, -theta))
        return sums[Self.summed] + (high * last - low * first) / (1 - theta) + (last - first) / 2
            + theta / 12 * (first / low - last / high)
    }
}
