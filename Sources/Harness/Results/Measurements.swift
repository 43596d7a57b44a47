import Foundation

/// What a results directory holds, except for the single updates, which may be millions. What is
/// torn or does not fit together is left out and noted.
package struct Measurements: Sendable {
    package let directory: String
    package private(set) var runs: [RunRow] = []
    package private(set) var recoveries: [RecoveryRow] = []
    package private(set) var space: [SpaceRow] = []
    package private(set) var floor: [FloorRow] = []
    /// Empty where the harness has not tested itself, as in a simulation.
    package private(set) var selfTest: [SelfTestRow] = []
    /// Nil where it is not there or not known.
    package private(set) var environment: Environment?
    package internal(set) var omissions = Omissions()

    /// What each valid run is called among those of its settings.
    let repetitions: [Int: Repetition]

    /// Reads the files of a directory. A run that did not get far may lack all but `runs.csv`.
    ///
    /// - Throws: `ResultsError` where there is no `runs.csv` or nothing of it can be read.
    package init(directory: String) throws(ResultsError) {
        self.directory = directory
        var seen: Set<Int> = []
        for run in try CSVReader.wholeRows(RunRow.self, in: directory, &omissions) {
            if seen.insert(run.run).inserted {
                runs.append(run)
            } else {
                omissions.note(
                    "runs.csv has run \(run.run) twice; the second was left out.", of: "runs.csv")
            }
        }
        repetitions = Self.repetitions(of: runs)
        recoveries = part(of: RecoveryRow.self, run: \.run)
        space = part(of: SpaceRow.self, run: \.run)
        // Nothing is computed from it, but what is wrong with it is said.
        _ = part(of: ResourceRow.self, run: \.run)
        floor = file(of: FloorRow.self)
        selfTest = file(of: SelfTestRow.self)
        note(fewer: RecoveryRow.self, runs: recoveries.map(\.run), than: \.recoveries)
        if !has(SpaceRow.self), runs.contains(where: { $0.valid && $0.updates > 0 }) {
            omissions.note("space.csv is missing.", of: SpaceRow.fileName)
        }
        environment = try? Environment.read(from: directory)
        if environment == nil, has(Environment.fileName) {
            omissions.note(
                "\(Environment.fileName) cannot be read; the machine is not named.",
                of: Environment.fileName)
        }
    }

    private static func repetitions(of runs: [RunRow]) -> [Int: Repetition] {
        var names: [Int: Repetition] = [:]
        var seen: [RunRow: [Repetition: Int]] = [:]
        for run in runs where run.valid {
            var name = Repetition(number: run.repetition, seed: run.seed)
            seen[run.configuration, default: [:]][name, default: 0] += 1
            name.occurrence = seen[run.configuration]?[name] ?? 1
            names[run.run] = name
        }
        return names
    }

    func has<Row: CSVRow>(_ row: Row.Type) -> Bool { has(Row.fileName) }

    private func has(_ file: String) -> Bool {
        FileManager.default.fileExists(atPath: directory + "/" + file)
    }

    /// The whole rows of a file that need not be there.
    private mutating func file<Row: CSVRow>(of type: Row.Type) -> [Row] {
        guard has(type) else { return [] }
        do throws(ResultsError) {
            return try CSVReader.wholeRows(type, in: directory, &omissions)
        } catch {
            omissions.note(error, of: Row.fileName, leavingOut: "the file")
            return []
        }
    }

    /// Those of them that are of runs in `runs.csv`.
    private mutating func part<Row: CSVRow>(
        of type: Row.Type, run: (Row) -> Int
    ) -> [Row] {
        let known = Set(runs.map(\.run))
        let rows = file(of: type)
        var strangers: [Int: Int] = [:]
        for row in rows where !known.contains(run(row)) { strangers[run(row), default: 0] += 1 }
        note(strangers: strangers, of: Row.fileName)
        return strangers.isEmpty ? rows : rows.filter { known.contains(run($0)) }
    }

    /// - Parameter strangers: numbers of rows by runs that `runs.csv` does not have.
    mutating func note(strangers: [Int: Int], of file: String) {
        for (run, count) in strangers.sorted(by: { $0.key < $1.key }) {
            omissions.note(
                "\(file) has \(count) \(count == 1 ? "row" : "rows") of run \(run), which runs.csv "
                    + "does not have; \(count == 1 ? "it was" : "they were") left out.", of: file)
        }
    }

    /// Notes valid runs of which a file has fewer rows than `runs.csv` counts.
    mutating func note<Row: CSVRow>(
        fewer type: Row.Type, runs rows: [Int], than count: KeyPath<RunRow, Int>
    ) {
        var found: [Int: Int] = [:]
        for run in rows { found[run, default: 0] += 1 }
        note(fewer: type, found: found, than: count)
    }

    /// - Parameter found: the numbers of rows by run.
    mutating func note<Row: CSVRow>(
        fewer type: Row.Type, found: [Int: Int], than count: KeyPath<RunRow, Int>
    ) {
        let file = Row.fileName
        let lacking = runs.filter { $0.valid && (found[$0.run] ?? 0) < $0[keyPath: count] }
        if !lacking.isEmpty, !has(type) {
            omissions.note("\(file) is missing.", of: file)
            return
        }
        for run in lacking {
            omissions.note(
                "\(file) has \(found[run.run] ?? 0) rows of run \(run.run) where runs.csv counts "
                    + "\(run[keyPath: count]).", of: file)
        }
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
