/// Where a run's measurements go as they are made.
protocol RunRecorder: AnyObject {
    func record(_ rows: [UpdateRow]) throws
    func record(_ rows: [SpaceRow]) throws
    func record(_ row: RecoveryRow) throws
    func record(_ rows: [ResourceRow]) throws
}

/// Writes a run's measurements to the CSV files of a results directory. What has been recorded is in
/// the files, whatever happens next.
final class ResultsRecorder: RunRecorder {
    private let runs: CSVWriter<RunRow>
    private let updates: CSVWriter<UpdateRow>
    private let space: CSVWriter<SpaceRow>
    private let recoveries: CSVWriter<RecoveryRow>
    private let resources: CSVWriter<ResourceRow>

    /// - Parameter isResumed: whether the files may be there already.
    init(in directory: ResultsDirectory, isResumed: Bool) throws {
        runs = try CSVWriter(in: directory.path, isResumed: isResumed)
        updates = try CSVWriter(in: directory.path, isResumed: isResumed)
        space = try CSVWriter(in: directory.path, isResumed: isResumed)
        recoveries = try CSVWriter(in: directory.path, isResumed: isResumed)
        resources = try CSVWriter(in: directory.path, isResumed: isResumed)
    }

    func record(_ rows: [UpdateRow]) throws {
        for row in rows { try updates.write(row) }
        try updates.flush()
    }

    func record(_ rows: [SpaceRow]) throws {
        for row in rows { try space.write(row) }
        try space.flush()
    }

    func record(_ row: RecoveryRow) throws {
        try recoveries.write(row)
        try recoveries.flush()
    }

    func record(_ rows: [ResourceRow]) throws {
        for row in rows { try resources.write(row) }
        try resources.flush()
    }

    func record(_ row: RunRow) throws {
        try runs.write(row)
        try runs.flush()
    }
}
