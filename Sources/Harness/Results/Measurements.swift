import Foundation

/// What a results directory holds, except for the single updates, which may be millions.
package struct Measurements: Sendable {
    package let directory: String
    package private(set) var runs: [RunRow] = []
    package private(set) var recoveries: [RecoveryRow] = []
    package private(set) var space: [SpaceRow] = []
    /// Files that end in the middle of a row, which was left out.
    package private(set) var cutFiles: [String] = []

    /// Reads the files of a directory. A run that did not get far may lack all but `runs.csv`.
    package init(directory: String) throws(ResultsError) {
        self.directory = directory
        runs = try take(CSVReader.rows(RunRow.self, in: directory))
        if has(RecoveryRow.self) {
            recoveries = try take(CSVReader.rows(RecoveryRow.self, in: directory))
        }
        if has(SpaceRow.self) { space = try take(CSVReader.rows(SpaceRow.self, in: directory)) }
    }

    /// The durations of all updates and reads of runs that pass `isIncluded`, by the settings of their
    /// runs and by what they are summed up as, and how long those of an open loop waited.
    ///
    /// - Complexity: one pass over `updates.csv`; 8 bytes of memory for each row, 16 in an open loop.
    package mutating func updateTimes(
        where isIncluded: (RunRow) -> Bool
    ) throws(ResultsError) -> [RunRow: [SummaryRow.Metric: [Int]]] {
        guard has(UpdateRow.self) else { return [:] }
        var configurations: [RunRow] = []
        var places: [RunRow: Int] = [:]
        var placeOfRun: [Int: Int] = [:]
        for run in runs where isIncluded(run) {
            let configuration = run.configuration
            let place = places[configuration] ?? configurations.count
            if place == configurations.count { configurations.append(configuration) }
            places[configuration] = place
            placeOfRun[run.run] = place
        }
        var times = [[SummaryRow.Metric: [Int]]](repeating: [:], count: configurations.count)
        var reader = try CSVReader(
            directory + "/" + UpdateRow.fileName, columns: ["run", "backup_ns", "kind", "wait_ns"],
            optional: ["wait_ns"])
        while try reader.next() {
            guard let place = placeOfRun[try reader.integer(0)] else { continue }
            let metric = SummaryRow.Metric(ofOperation: reader.text(2))
            times[place][metric, default: []].append(try reader.integer(1))
            if let wait = try reader.optionalInteger(3) {
                times[place][.wait, default: []].append(wait)
            }
        }
        if reader.isCut { cutFiles.append(UpdateRow.fileName) }
        return Dictionary(uniqueKeysWithValues: zip(configurations, times))
    }

    func has<Row: CSVRow>(_ row: Row.Type) -> Bool {
        FileManager.default.fileExists(atPath: directory + "/" + Row.fileName)
    }

    private mutating func take<Row: CSVRow>(_ read: (rows: [Row], isCut: Bool)) -> [Row] {
        if read.isCut { cutFiles.append(Row.fileName) }
        return read.rows
    }
}

extension Measurements {
    /// The settings of all valid runs, in the order in which they first ran.
    package var configurations: [RunRow] {
        var seen: Set<RunRow> = []
        return runs.filter(\.valid).map(\.configuration).filter { seen.insert($0).inserted }
    }

    /// The recoveries that may be aggregated, those verified in valid runs, by settings.
    package var verifiedRecoveries: [RunRow: [RecoveryRow]] {
        let settings = settingsOfValidRuns
        return recoveries.filter(\.verified).reduce(into: [:]) { result, row in
            if let key = settings[row.run] { result[key, default: []].append(row) }
        }
    }

    /// How many updates and reads were complete in a second in which any were on, of each valid run, by
    /// settings.
    package var throughputs: [RunRow: [Int]] {
        runs.filter(\.valid).reduce(into: [:]) { result, run in
            guard let time = run.updatingNs, time > 0 else { return }
            result[run.configuration, default: []].append(
                Int((Double(run.updates) * 1e9 / Double(time)).rounded()))
        }
    }

    /// What all nodes held together, of valid runs, by settings; samples in the order of runs and
    /// operations.
    package var spaceSamples: [RunRow: [SpaceSample]] {
        struct Key: Hashable {
            var run: Int
            var operations: Int
        }
        let settings = settingsOfValidRuns
        // Before the first update there is nothing to back up.
        let rows = space.filter { settings[$0.run] != nil && $0.operations > 0 }
        let samples = Dictionary(grouping: rows) {
            Key(run: $0.run, operations: $0.operations)
        }
        return samples.sorted {
            ($0.key.run, $0.key.operations) < ($1.key.run, $1.key.operations)
        }.reduce(into: [:]) { result, sample in
            guard let key = settings[sample.key.run] else { return }
            result[key, default: []].append(SpaceSample(sample.value))
        }
    }

    var settingsOfValidRuns: [Int: RunRow] {
        let pairs = runs.filter(\.valid).map { ($0.run, $0.configuration) }
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
