import Simulation

/// Draws positions of a list.
struct PositionDrawer: Sendable {
    private let distribution: Distribution
    private let zipfian: Zipfian?
    /// The next position of a sequence.
    private var cursor = 0

    init(_ distribution: Distribution) {
        self.distribution = distribution
        zipfian = distribution.zipfian
    }

    /// A position below `limit`, which is at least 1. Under `zipfian` those in front are hot, under
    /// `latest` those at the back, where `append` adds.
    mutating func position(below limit: Int, _ draws: SplitMix64, at index: UInt64) -> Int {
        switch distribution {
        case .uniform: return draws.number(below: limit, at: index)
        case .zipfian: return zipfian!.rank(below: limit, draws[index])
        case .latest: return limit - 1 - zipfian!.rank(below: limit, draws[index])
        case .sequential:
            if cursor >= limit { cursor = 0 }
            defer { cursor += 1 }
            return cursor
        }
    }
}
