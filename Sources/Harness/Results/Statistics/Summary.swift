/// Sums up the measurements: one sample for each metric of each set of settings.
enum Summary {
    /// The samples behind `summary.csv`: settings in the order in which they first ran, only of valid
    /// runs and verified recoveries.
    static func samples(
        of measurements: Measurements, updates: [RunUpdates], floors: Floors
    ) -> [Sample] {
        let updates = Dictionary(grouping: updates, by: \.configuration)
        let allRuns = Dictionary(grouping: measurements.runs, by: \.configuration)
        let recoveries = measurements.verifiedRecoveries
        let spaces = measurements.spaceSamples
        var samples: [Sample] = []
        for configuration in measurements.configurations {
            func add(
                _ metric: SummaryRow.Metric, role: String = "", floor: Double? = nil,
                exchange: FloorRow? = nil, freshFloor: Double? = nil,
                _ values: [(Repetition, [Int])]
            ) {
                let values = Dictionary(
                    values.filter { !$0.1.isEmpty }, uniquingKeysWith: { $0 + $1 })
                if values.isEmpty { return }
                samples.append(
                    Sample(
                        configuration: configuration, metric: metric, role: role, floor: floor,
                        exchange: exchange, freshFloor: freshFloor, values: values))
            }
            func byRun<Row>(_ rows: [Row], _ run: (Row) -> Int, _ value: (Row) -> Int?)
                -> [(Repetition, [Int])]
            {
                rows.compactMap { row in
                    measurements.repetitions[run(row)].flatMap { repetition in
                        value(row).map { (repetition, [$0]) }
                    }
                }
            }
            let runs = updates[configuration] ?? []
            for metric in [SummaryRow.Metric.backup, .wait, .read, .readAll] {
                // What a read takes differs too much by mechanism for a common floor.
                let exchange = metric == .backup ? floors.update(configuration) : nil
                add(
                    metric, floor: exchange.map { Double($0.median) }, exchange: exchange,
                    runs.map { ($0.repetition, $0.times[metric] ?? []) })
            }
            for metric in SummaryRow.Metric.spans {
                add(metric, runs.map { ($0.repetition, $0.parts.times(of: metric)) })
            }
            // A role by itself: rebuilding a primary is not what re-encoding a backup is.
            let roles = Dictionary(grouping: recoveries[configuration] ?? [], by: \.role)
            for (role, rows) in roles.sorted(by: { $0.key < $1.key }) {
                func floor(by pull: FloorMeasure) -> Double? {
                    Statistics.median(
                        of: rows.compactMap { row in
                            floors.recovery(configuration, bytes: row.bytes, by: pull).map {
                                Int(min($0, 1e15).rounded())
                            }
                        })
                }
                add(
                    .recovery, role: role, floor: floor(by: .bulkPull),
                    freshFloor: floor(by: .freshPull), byRun(rows, \.run, \.recoveryNs))
                add(.restart, role: role, byRun(rows, \.run, \.restartNs))
                add(.recoveryBytes, role: role, byRun(rows, \.run, \.bytes))
            }
            add(
                .throughput,
                byRun(allRuns[configuration] ?? [], \.run, \.updatesPerSecond))
            let space = spaces[configuration] ?? []
            add(.backupBytes, byRun(space, \.run, \.bytesBeyondOneCopy))
            add(.finalBackupBytes, byRun(space.final, \.run, \.bytesBeyondOneCopy))
            add(.finalTotalBytes, byRun(space.final, \.run, \.totalBytes))
        }
        return samples
    }
}

extension RunRow {
    /// Of all groups together; nil where no time is known.
    fileprivate var updatesPerSecond: Int? {
        guard let updatingNs, updatingNs > 0 else { return nil }
        return Int(min(Double(updates) * 1e9 / Double(updatingNs), 1e15).rounded())
    }
}
