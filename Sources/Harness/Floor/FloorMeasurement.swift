/// What one exchange or computation costs at least on this machine: one row of `floor.csv`.
package struct FloorMeasurement: Sendable, Equatable {
    /// `tcp`, `ipc` or `inproc`; empty for what uses no transport.
    package var transport: String
    /// The raw value of a `FloorMeasure`.
    package var measure: String
    /// Peers that answer one sample; for `decode` the sources that are folded.
    package var peers: Int
    /// Bytes of one message: the request and its answer, or the answer alone of a bulk pull; for
    /// `decode` the bytes of one source.
    package var messageBytes: Int
    /// The number of samples.
    package var count: Int
    package var median: Int64
    /// The 99th percentile towards the slow end: of durations a long one, of rates a low one.
    package var p99: Int64
    /// The raw value of a `FloorUnit`.
    package var unit: String

    package init(
        transport: String, measure: String, peers: Int, messageBytes: Int, count: Int,
        median: Int64, p99: Int64, unit: String
    ) {
        self.transport = transport
        self.measure = measure
        self.peers = peers
        self.messageBytes = messageBytes
        self.count = count
        self.median = median
        self.p99 = p99
        self.unit = unit
    }
}

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

extension FloorMeasurement {
    /// Sums up samples of one measure.
    ///
    /// - Parameters:
    ///   - durations: nanoseconds of each sample, at least one, in any order.
    ///   - bytes: what one sample moves, which makes the result a rate; nil keeps durations.
    init(
        transport: String, measure: FloorMeasure, peers: Int, messageBytes: Int,
        durations: [Int64], bytes: Int?
    ) {
        let sorted = durations.sorted()
        let value = { (quantile: Double) -> Int64 in
            let rank = Int((Double(sorted.count) * quantile).rounded(.up))
            let duration = max(1, sorted[max(rank, 1) - 1])
            return bytes.map { Int64(Double($0) * 1e9 / Double(duration)) } ?? duration
        }
        self.init(
            transport: transport, measure: measure.rawValue, peers: peers,
            messageBytes: messageBytes, count: sorted.count, median: value(0.5), p99: value(0.99),
            unit: (bytes == nil ? FloorUnit.nanoseconds : .bytesPerSecond).rawValue)
    }
}
