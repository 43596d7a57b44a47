/// A time, or a ratio of times, beside what it shall not exceed.
struct SpeedBound {
    /// What was measured, in words.
    var subject: String
    var measured: Double
    /// What the bound is made of.
    var parts: String
    var bound: Double
    /// How a value is written.
    var text: (Double) -> String

    /// At most 1 where the bound is kept.
    var share: Double { measured / bound }
}

extension SpeedBound {
    /// Moving the bytes must take so many nanoseconds for a bound that is made of it: where it takes
    /// less, a recovery is its round trips.
    private static let shortestMove = 1e6

    /// The bounds that what was measured under the same settings can be held against.
    ///
    /// - Parameters:
    ///   - summary: the rows of the configuration.
    ///   - recoveries: verified ones, in the order in which they were written.
    static func all(
        of configuration: RunRow, summary: [SummaryRow], recoveries: [RecoveryRow], floors: Floors
    ) -> [SpeedBound] {
        [tail(of: configuration, summary), reentry(summary)].compactMap(\.self)
            + together(recoveries) { floors.moving(configuration, bytes: $0) }
    }

    /// The slowest thousandth of the updates, over the median: at most twice what it is in a raw
    /// exchange of the same shape. Only where nothing but the update itself is waited for.
    private static func tail(of configuration: RunRow, _ summary: [SummaryRow]) -> SpeedBound? {
        guard configuration.window == 1, configuration.rate == nil, configuration.senders ?? 1 == 1,
            configuration.order == GroupOrder.sequential.rawValue,
            let row = summary.first(where: { $0.metric == SummaryRow.Metric.backup.rawValue }),
            let measured = row.tailRatio, let floor = row.floorTailRatio
        else { return nil }
        return SpeedBound(
            subject: "update, p99.9 over median", measured: measured,
            parts: "2 × \(Quantity.number(floor)) of the floor", bound: 2 * floor,
            text: Quantity.number)
    }

    /// A replica that comes back: at most twice what a process that has just started takes to pull
    /// the bytes once.
    private static func reentry(_ summary: [SummaryRow]) -> SpeedBound? {
        guard
            let row = summary.first(where: {
                $0.metric == SummaryRow.Metric.recovery.rawValue && $0.role == "replica"
            }),
            let fresh = row.freshFloor, let warm = row.floor, fresh >= shortestMove
        else { return nil }
        return SpeedBound(
            subject: "re-entry of a replica", measured: row.median,
            parts: "2 × \(Quantity.time(fresh)) of a fresh pull; a warm one takes "
                + Quantity.time(warm),
            bound: 2 * fresh, text: Quantity.time)
    }

    /// Several primaries that crash at once, until the last is back: at most 1.3 times what one
    /// takes, and the additional bytes at the pull rate.
    ///
    /// - Parameter moving: nanoseconds that so many bytes take at the pull rate.
    private static func together(
        _ recoveries: [RecoveryRow], moving: (Int) -> Double?
    ) -> [SpeedBound] {
        let sets = Dictionary(
            grouping: recoveries.sets.filter { $0.allSatisfy { $0.role == "primary" } },
            by: \.count)
        guard let single = sets[1].flatMap(Medians.init) else { return [] }
        return sets.keys.sorted().dropFirst().compactMap { count in
            guard let several = sets[count].flatMap(Medians.init) else { return nil }
            let additional = max(0, several.bytes - single.bytes)
            guard let pull = moving(Int(additional)), pull >= shortestMove else { return nil }
            return SpeedBound(
                subject: "recovery of \(count) primaries at once", measured: several.time,
                parts: "1.3 × \(Quantity.time(single.time)) of one, and "
                    + "\(Quantity.bytes(additional)) more at the pull rate, \(Quantity.time(pull))",
                bound: 1.3 * single.time + pull, text: Quantity.time)
        }
    }

    /// Of sets of nodes that crashed together, the time until the last is back, and the bytes.
    private struct Medians {
        var time: Double
        var bytes: Double

        init?(_ sets: [[RecoveryRow]]) {
            let times = sets.map { set in set.map(\.recoveryNs).max() ?? 0 }
            guard let time = Statistics.median(of: times),
                let bytes = Statistics.median(of: sets.map { $0[0].bytes })
            else { return nil }
            self.time = time
            self.bytes = bytes
        }
    }
}

extension [RecoveryRow] {
    /// The nodes that crashed together, whose rows stand one behind the other.
    fileprivate var sets: [[RecoveryRow]] {
        var sets: [[RecoveryRow]] = []
        for row in self {
            if let last = sets.last, last.count < last[0].failedAtOnce {
                sets[sets.count - 1].append(row)
            } else {
                sets.append([row])
            }
        }
        return sets
    }
}
