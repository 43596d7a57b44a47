/// Makes `summary.csv` from the other files of a results directory.
package enum Summary {
    /// Sums up what is in the directory and writes `summary.csv` into it.
    ///
    /// - Parameter floors: by the mechanism's name; without one the floor's cells stay empty.
    /// - Throws: `ResultsError`, also when the directory has a `summary.csv` already.
    package static func write(
        directory: String, floors: [String: MechanismFloor]
    ) throws(ResultsError) {
        var measurements = try Measurements(directory: directory)
        let rows = try rows(of: &measurements, floors: floors)
        try CSVWriter.write(rows, in: directory)
    }

    /// The rows of `summary.csv`: settings in the order in which they first ran, only of valid runs
    /// and verified recoveries.
    static func rows(
        of measurements: inout Measurements, floors: [String: MechanismFloor]
    ) throws(ResultsError) -> [SummaryRow] {
        let floors = try Floors(directory: measurements.directory, mechanisms: floors)
        let updates = try measurements.updateTimes(where: \.valid)
        let parts = try measurements.updateParts()
        let recoveries = measurements.verifiedRecoveries
        let samples = measurements.spaceSamples
        let throughputs = measurements.throughputs
        var rows: [SummaryRow] = []
        for configuration in measurements.configurations {
            for metric in [SummaryRow.Metric.backup, .wait, .read, .readAll] {
                guard let statistics = Statistics(of: updates[configuration]?[metric] ?? [])
                else { continue }
                // What a read takes differs too much by mechanism for a common floor.
                let floor = metric == .backup ? floors.update(configuration) : nil
                var row = SummaryRow(
                    configuration: configuration, metric: metric, statistics: statistics,
                    floor: floor.map { Double($0.median) })
                row.compareTail(with: floor)
                rows.append(row)
            }
            rows += SummaryRow.Metric.spans.compactMap { metric in
                Statistics(of: parts[configuration]?.times(of: metric) ?? []).map {
                    SummaryRow(
                        configuration: configuration, metric: metric, statistics: $0, floor: nil)
                }
            }
            rows += recoveryRows(
                of: recoveries[configuration] ?? [], configuration: configuration, floors: floors)
            if let throughput = Statistics(of: throughputs[configuration] ?? []) {
                rows.append(
                    SummaryRow(
                        configuration: configuration, metric: .throughput, statistics: throughput,
                        floor: nil))
            }
            let space = samples[configuration] ?? []
            let final = space.final
            let sizes: [(SummaryRow.Metric, [Int])] = [
                (.backupBytes, space.compactMap(\.bytesBeyondOneCopy)),
                (.finalBackupBytes, final.compactMap(\.bytesBeyondOneCopy)),
                (.finalTotalBytes, final.map(\.totalBytes)),
            ]
            rows += sizes.compactMap { metric, bytes in
                Statistics(of: bytes).map {
                    SummaryRow(
                        configuration: configuration, metric: metric, statistics: $0, floor: nil)
                }
            }
        }
        return rows
    }

    /// A role by itself: rebuilding a primary is not what re-encoding a backup is.
    private static func recoveryRows(
        of recoveries: [RecoveryRow], configuration: RunRow, floors: Floors
    ) -> [SummaryRow] {
        let roles = Dictionary(grouping: recoveries, by: \.role).sorted { $0.key < $1.key }
        return roles.flatMap { role, recoveries -> [SummaryRow] in
            func floor(by pull: FloorMeasure) -> Double? {
                Statistics.median(
                    of: recoveries.compactMap { row in
                        floors.recovery(configuration, bytes: row.bytes, by: pull).map {
                            Int($0.rounded())
                        }
                    })
            }
            var recovery = Statistics(of: recoveries.map(\.recoveryNs)).map {
                SummaryRow(
                    configuration: configuration, metric: .recovery, role: role, statistics: $0,
                    floor: floor(by: .bulkPull))
            }
            recovery?.compareMedian(withFresh: floor(by: .freshPull))
            let restart = Statistics(of: recoveries.map(\.restartNs)).map {
                SummaryRow(
                    configuration: configuration, metric: .restart, role: role, statistics: $0,
                    floor: nil)
            }
            let bytes = Statistics(of: recoveries.map(\.bytes)).map {
                SummaryRow(
                    configuration: configuration, metric: .recoveryBytes, role: role,
                    statistics: $0, floor: nil)
            }
            return [recovery, restart, bytes].compactMap(\.self)
        }
    }
}
