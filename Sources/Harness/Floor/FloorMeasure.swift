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
    /// A process that has just started opens its sockets, asks one peer, and waits for its large
    /// answer: what moves the bytes once where nothing is there yet, neither connections nor memory.
    case freshPull = "fresh_pull"
    /// Five sources multiplied and added into one fresh result, by raw Jerasure calls; the rate
    /// counts the input.
    case decode
    /// Messages to one peer as fast as they go, with no answer but one to the last.
    case oneWay = "one_way"
    /// Rounds of one message to each of k peers and all answers, `window` of them in flight.
    case windowed
    /// Lost primaries decoded by the erasure code from its codes and the others' data; the rate
    /// counts the input.
    case reconstruct
    /// memcpy of as many bytes as `reconstruct` of a thousand primaries reads.
    case copy
}

/// The units of `floor.csv`.
package enum FloorUnit: String, Sendable, CaseIterable {
    case nanoseconds = "ns"
    case bytesPerSecond = "bytes_per_second"
    case messagesPerSecond = "messages_per_second"
    case roundsPerSecond = "rounds_per_second"
}

/// The samples of one measure as they are taken.
struct FloorSeries {
    /// What is measured; count, median and percentiles come from the samples.
    var row: FloorRow
    var unit: FloorUnit
    /// How many of the unit's things one sample moves, where the unit is a rate.
    var amount = 1
    /// Samples before those that count.
    var warmup: Int
    var samples: Int
    /// Samples between two looks at the time.
    var batch = 100
    /// Takes so many samples and returns the nanoseconds of each.
    var take: (FloorAsker, Int) throws -> [Int]
    var durations: [Int] = []

    /// The row, or nil where no sample was taken.
    var result: FloorRow? {
        if durations.isEmpty { return nil }
        let sorted = durations.sorted()
        let value = { (quantile: Double) -> Int in
            let rank = Int((Double(sorted.count) * quantile).rounded(.up))
            let duration = max(1, sorted[max(rank, 1) - 1])
            return unit == .nanoseconds
                ? duration : Int(Double(amount) * 1e9 / Double(duration))
        }
        var result = row
        result.unit = unit.rawValue
        result.count = sorted.count
        result.median = value(0.5)
        result.p99 = value(0.99)
        result.p999 = value(0.999)
        return result
    }
}
