/// What the floor measures; the raw values stand in `floor.csv`.
package enum FloorMeasure: String, Sendable, CaseIterable {
    /// A request to one peer and its answer.
    case roundTrip = "round_trip"
    /// A request to each of k peers, until the last of their answers.
    case oneRound = "one_round"
    /// Two such rounds, one after the other.
    case twoRounds = "two_rounds"
    /// A small request to each of five peers at once, until the last of their large answers.
    case bulkPull = "bulk_pull"
    /// Five sources multiplied and added into one fresh result; the rate counts the input.
    case decode
}

/// The units of `floor.csv`.
package enum FloorUnit: String, Sendable, CaseIterable {
    case nanoseconds = "ns"
    case bytesPerSecond = "bytes_per_second"
}

extension FloorRow {
    /// Sums up samples of one measure.
    ///
    /// - Parameters:
    ///   - durations: nanoseconds of each sample, at least one, in any order.
    ///   - bytes: what one sample moves, which makes the result a rate; nil keeps durations.
    init(
        transport: String, measure: FloorMeasure, peers: Int, messageBytes: Int,
        durations: [Int], bytes: Int?
    ) {
        let sorted = durations.sorted()
        let value = { (quantile: Double) -> Int in
            let rank = Int((Double(sorted.count) * quantile).rounded(.up))
            let duration = max(1, sorted[max(rank, 1) - 1])
            return bytes.map { Int(Double($0) * 1e9 / Double(duration)) } ?? duration
        }
        self.init(
            transport: transport, measure: measure.rawValue, peers: peers,
            messageBytes: messageBytes, count: sorted.count, median: value(0.5), p99: value(0.99),
            unit: (bytes == nil ? FloorUnit.nanoseconds : .bytesPerSecond).rawValue)
    }
}
