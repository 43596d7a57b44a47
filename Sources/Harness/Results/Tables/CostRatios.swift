/// What fusion costs over what replication costs, at every point of a sweep.
struct CostRatios {
    /// A figure that both mechanisms have, by which they are compared.
    struct Cost: Sendable {
        /// The head of its column.
        var name: String
        /// What is true where the ratio is below 1.
        var claim: String
        var metric: SummaryRow.Metric
        /// The roles of fusion and of replication, for costs of recovery.
        var roles = (fusion: "", replication: "")

        static let all = [
            Cost(
                name: "update", claim: "An update of fusion's takes less time", metric: .backup),
            Cost(
                name: "memory in all", claim: "Fusion needs less memory in all",
                metric: .finalTotalBytes),
            Cost(
                name: "backups alone", claim: "Fusion's backups need less memory",
                metric: .finalBackupBytes),
            Cost(
                name: "recovery of a primary",
                claim: "A primary of fusion's recovers faster than a replica", metric: .recovery,
                roles: ("primary", "replica")),
            Cost(
                name: "recovery of a fused backup",
                claim: "A fused backup recovers faster than a replica", metric: .recovery,
                roles: ("backup", "replica")),
            Cost(
                name: "read", claim: "A read of one element of fusion's takes less time",
                metric: .read),
            Cost(
                name: "read of all", claim: "A read of all elements of fusion's takes less time",
                metric: .readAll),
        ]

        func median(of configuration: RunRow?, role: String, in summary: [SummaryRow]) -> Double? {
            summary.first {
                $0.configuration == configuration && $0.metric == metric.rawValue
                    && $0.role == role
            }?.median
        }
    }

    /// Two medians, side by side.
    struct Pair: Equatable {
        var fusion: Double
        var replication: Double
        /// Of the ratio.
        var interval: Interval?

        var ratio: Estimate { Estimate(value: fusion / replication, interval: interval) }
    }

    /// One combination of the values of all swept settings.
    struct Point {
        /// In the order of `CostRatios.settings`.
        var values: [String]
        /// In the order of `Cost.all`; nil where one of the two was not measured.
        var pairs: [Pair?]
    }

    /// The series first, the setting that is drawn from left to right last.
    let settings: [SweptSetting]
    let points: [Point]
    /// Those of the two mechanisms of which there is no valid run.
    let missing: [String]

    /// - Parameter pairs: what has an interval.
    /// - Returns: nil where nothing is swept.
    init?(_ summary: [SummaryRow], pairs: [MechanismPair]) {
        var seen: Set<RunRow> = []
        let configurations = summary.map(\.configuration).filter { seen.insert($0).inserted }
        let swept = SweptSettings(of: configurations)
        guard let horizontal = swept.horizontal else { return nil }
        let settings = swept.series + [horizontal]
        self.settings = settings
        func values(_ configuration: RunRow) -> [String] {
            settings.map { configuration.text(of: $0.column) }
        }
        missing = ["fusion", "replication"].filter { name in
            !configurations.contains { $0.mechanism == name }
        }
        let members = configurations.filter { ["fusion", "replication"].contains($0.mechanism) }
        points = Self.points(of: members.map(values), settings: settings).map { point in
            let both = ["fusion", "replication"].map { name in
                members.first { $0.mechanism == name && values($0).covers(point) }
            }
            return Point(
                values: point,
                pairs: Cost.all.map { cost in
                    guard
                        let fusion = cost.median(of: both[0], role: cost.roles.fusion, in: summary),
                        let replication = cost.median(
                            of: both[1], role: cost.roles.replication, in: summary),
                        replication > 0
                    else { return nil }
                    let pair = pairs.first {
                        $0.sample.configuration == both[0] && $0.sample.metric == cost.metric
                            && $0.baseline.configuration == both[1]
                            && $0.sample.role == cost.roles.fusion
                            && $0.baseline.role == cost.roles.replication
                    }
                    return Pair(
                        fusion: fusion, replication: replication,
                        interval: pair?.figures.ratio?.interval)
                })
        }
    }

    /// All different points in order. One that lacks a setting, such as the code of replication,
    /// stands beside every point that has it and is none of its own.
    private static func points(of all: [[String]], settings: [SweptSetting]) -> [[String]] {
        func order(_ point: [String]) -> [Int] {
            zip(settings, point).map { $0.values.firstIndex(of: $1) ?? -1 }
        }
        return Set(all).filter { point in
            !all.contains { $0 != point && point.covers($0) }
        }.sorted { order($0).lexicographicallyPrecedes(order($1)) }
    }
}

extension [String] {
    /// Whether a point has the same values, where the mechanism has the settings at all.
    fileprivate func covers(_ point: [String]) -> Bool {
        zip(self, point).allSatisfy { $0.isEmpty || $0 == $1 }
    }
}
