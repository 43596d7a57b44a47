/// Whether the second half of a run's updates took as long as the first: a run that had not warmed up,
/// on a machine that slowed down, or above saturation, did not measure one thing.
///
/// Updates that follow each other are not independent, so that single ones prove nothing. Each half is
/// cut into ten blocks of consecutive operations, and the medians of the blocks are compared by
/// their ranks (Mann and Whitney, 1947), which needs no assumption on their distribution.
struct Steadiness {
    /// Blocks of each half.
    private static let blocks = 10
    /// Fewer updates say nothing.
    private static let leastPerBlock = 20
    /// Halves that differ by less are as good as equal, however certain the difference is.
    static let leastChange = 0.05
    /// Of the 100 pairs of blocks, so many have the later one slower, or faster: with equal halves
    /// one run in a hundred comes to that.
    private static let certainPairs = 84.0

    private let operations: Int
    private var times: [[Int]]

    /// - Parameter operations: measured ones of each group.
    init(operations: Int) {
        self.operations = operations
        times = Array(repeating: [], count: 2 * Self.blocks)
    }

    /// Takes the time of an update.
    ///
    /// - Parameter operation: which one of its group, from 1.
    mutating func add(_ nanoseconds: Int, operation: Int) {
        times[(operation - 1) * times.count / operations].append(nanoseconds)
    }

    /// The medians of both halves.
    struct Verdict: Equatable {
        var firstHalf: Double
        var secondHalf: Double
        var isSteady: Bool
    }

    /// Nil where there were too few updates.
    ///
    /// - Complexity: O(n log n).
    var verdict: Verdict? {
        guard times.allSatisfy({ $0.count >= Self.leastPerBlock }),
            let first = Statistics.median(of: times.prefix(Self.blocks).flatMap(\.self)),
            let second = Statistics.median(of: times.suffix(Self.blocks).flatMap(\.self))
        else { return nil }
        let medians = times.compactMap(Statistics.median)
        let slower = medians.prefix(Self.blocks).reduce(0.0) { sum, earlier in
            medians.suffix(Self.blocks).reduce(sum) { sum, later in
                sum + (later > earlier ? 1 : later == earlier ? 0.5 : 0)
            }
        }
        let pairs = Double(Self.blocks * Self.blocks)
        let isCertain = max(slower, pairs - slower) >= Self.certainPairs
        let isLarge = abs(second - first) > Self.leastChange * first
        return Verdict(firstHalf: first, secondHalf: second, isSteady: !(isCertain && isLarge))
    }
}

extension RunRow {
    mutating func take(_ verdict: Steadiness.Verdict?) {
        firstHalfNs = verdict.map { Int($0.firstHalf.rounded()) }
        secondHalfNs = verdict.map { Int($0.secondHalf.rounded()) }
        steady = verdict.map { String($0.isSteady) } ?? ""
    }
}

extension [RunRow] {
    /// What the valid runs say whose halves differ; nil where there is none.
    package var unsteadinessNote: String? {
        let unsteady = filter { $0.valid && $0.steady == "false" }
        guard !unsteady.isEmpty else { return nil }
        let shown = unsteady.prefix(3).map { run in
            "run \(run.run) (\(run.mechanism), n = \(run.groups), f = \(run.faults)) "
                + "\(Quantity.time(Double(run.firstHalfNs ?? 0))), then "
                + Quantity.time(Double(run.secondHalfNs ?? 0))
        }
        return "Not steady: in \(unsteady.count) of \(count) runs the median update of the second "
            + "half differs from that of the first: " + shown.joined(separator: "; ")
            + (unsteady.count > shown.count ? "; and others (steady in runs.csv)." : ".")
    }
}
