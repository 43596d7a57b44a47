import Foundation

/// What is left to do of an experiment whose results were interrupted.
extension ResultsDirectory {
    /// Opens the directory of an interrupted experiment to go on with it; the caller holds its lock. Rows of runs that did not
    /// end are taken out of the files: these runs are made again.
    ///
    /// - Parameters:
    ///   - path: of the directory.
    ///   - experiment: the text of `experiment.json5` as this call would write it.
    ///   - environment: of this call.
    /// - Returns: the directory, and the numbers of the runs that have ended, judged.
    /// - Throws: `ResultsError.cannotResume` where the experiment, the commit or the program is
    ///   another one; nothing is changed then.
    static func reopen(
        _ path: String, experiment: String, environment: Environment
    ) throws(ResultsError) -> (directory: ResultsDirectory, judged: Set<Int>) {
        let directory = ResultsDirectory(path: path)
        try directory.check(experiment: experiment, environment)
        let judged = try directory.judgedRuns()
        try directory.keepRows(of: judged)
        for name in Evaluation.files {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
        return (directory, judged)
    }

    private func check(
        experiment: String, _ environment: Environment
    ) throws(ResultsError) {
        let then: String
        do {
            then = try String(contentsOfFile: path + "/experiment.json5", encoding: .utf8)
        } catch {
            throw .cannotResume(
                path: path, reason: "it has no experiment.json5 that can be read")
        }
        let lines = zip(
            then.split(separator: "\n", omittingEmptySubsequences: false),
            experiment.split(separator: "\n", omittingEmptySubsequences: false))
        if let (old, new) = lines.first(where: { $0 != $1 }) {
            throw .cannotResume(
                path: path,
                reason: "its experiment is another one: it has \(old.trimmed) where this one has "
                    + "\(new.trimmed)")
        }
        guard then == experiment else {
            throw .cannotResume(path: path, reason: "its experiment is another one")
        }
        guard let before = try? Environment.read(from: path) else {
            throw .cannotResume(
                path: path, reason: "it has no environment.json that can be read")
        }
        guard before.commit == environment.commit else {
            throw .cannotResume(
                path: path,
                reason: "it was measured at commit \(before.commit.prefix(12)), and this is "
                    + "\(environment.commit.prefix(12))")
        }
        guard before.program == environment.program else {
            throw .cannotResume(
                path: path, reason: "it was measured by another build of the program")
        }
    }

    /// The runs that have an end and a judgement.
    private func judgedRuns() throws(ResultsError) -> Set<Int> {
        guard FileManager.default.fileExists(atPath: path + "/" + RunRow.fileName) else {
            return []
        }
        let rows = try CSVReader.rows(RunRow.self, in: path).rows
        // Files of earlier versions tell an invalid run and an interrupted one alike.
        return Set(
            rows.filter {
                $0.valid || $0.outcome == ExperimentRunner.Outcome.invalid.name
            }.map(\.run))
    }

    private func keepRows(of runs: Set<Int>) throws(ResultsError) {
        try keep(RunRow.self, of: runs)
        try keep(UpdateRow.self, of: runs)
        try keep(SpaceRow.self, of: runs)
        try keep(RecoveryRow.self, of: runs)
        try keep(ResourceRow.self, of: runs)
    }

    /// Takes all rows out of a file that are of other runs, or not whole.
    private func keep<Row: CSVRow>(_: Row.Type, of runs: Set<Int>) throws(ResultsError) {
        let file = path + "/" + Row.fileName
        guard FileManager.default.fileExists(atPath: file) else { return }
        var reader = try CSVReader(file, columns: ["run"])
        var kept = Data(reader.rowBytes)
        while try reader.next() {
            if runs.contains(try reader.integer(0)) { kept.append(contentsOf: reader.rowBytes) }
        }
        do {
            try kept.write(to: URL(fileURLWithPath: file), options: .atomic)
        } catch {
            throw .write(path: file, reason: reason(of: error))
        }
    }
}

extension Substring {
    /// Without the blanks at both ends and a comma behind.
    fileprivate var trimmed: String {
        var text = trimmingCharacters(in: .whitespaces)
        if text.hasSuffix(",") { text.removeLast() }
        return text.isEmpty ? "nothing" : text
    }
}
