/// What was measured, in the form in which claims are tested: one figure for each number of groups
/// and each size.
struct Evidence {
    /// One figure for each number of groups, then for each size (elements or operations).
    typealias Grid = [Int: [Int: Double]]

    let comparison: Comparison
    let recoveries: [RunRow: [RecoveryRow]]
    let samples: [RunRow: [SpaceSample]]
    let updates: [RunRow: SummaryRow]

    /// The median recovery time of the nodes of one role, in nanoseconds, by groups and elements.
    func recoveryTimes(of mechanism: String, role: String) -> Grid {
        grid(of: mechanism) { configuration in
            let rows = (recoveries[configuration] ?? []).filter { $0.role == role }
            return Dictionary(grouping: rows, by: \.elements).compactMapValues {
                Statistics.median(of: $0.map(\.recoveryNs))
            }
        }
    }

    /// A figure of the space samples, by groups and operations; the median where runs were repeated.
    func space(of mechanism: String, _ figure: (SpaceSample) -> Int) -> Grid {
        grid(of: mechanism) { configuration in
            Dictionary(grouping: samples[configuration] ?? [], by: \.operations).compactMapValues {
                Statistics.median(of: $0.map(figure))
            }
        }
    }

    /// The statistics of the update time, by groups.
    func updateTimes(of mechanism: String) -> [Int: SummaryRow] {
        let pairs = comparison.configurations(of: mechanism).compactMap { configuration in
            updates[configuration].map { (configuration.groups, $0) }
        }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    private func grid(of mechanism: String, _ column: (RunRow) -> [Int: Double]) -> Grid {
        comparison.configurations(of: mechanism).reduce(into: [:]) { grid, configuration in
            let column = column(configuration)
            if !column.isEmpty { grid[configuration.groups] = column }
        }
    }
}

extension Evidence.Grid {
    /// The figures at the largest size that every number of groups has, by groups.
    var atLargestSize: (size: Int, points: [(x: Double, y: Double)])? {
        guard let first = values.first else { return nil }
        let shared = values.reduce(Set(first.keys)) { $0.intersection($1.keys) }
        guard let size = shared.max() else { return nil }
        let points = sorted { $0.key < $1.key }.compactMap { groups, column in
            column[size].map { (x: Double(groups), y: $0) }
        }
        return (size, points)
    }

    /// The largest figure of all, and where it stands.
    var largest: (groups: Int, size: Int, value: Double)? {
        flatMap { groups, column in
            column.map { (groups: groups, size: $0.key, value: $0.value) }
        }.max { ($0.value, $0.groups, $0.size) < ($1.value, $1.groups, $1.size) }
    }
}
