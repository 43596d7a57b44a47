import Foundation

/// Where the results of one call of `crashbench run` go.
package struct ResultsDirectory: Sendable, Equatable {
    package let path: String

    /// Creates the directory, before anything is started.
    ///
    /// - Parameters:
    ///   - path: as given with `--output`; nil for `Results/<experiment>/<UTC time>` in the working
    ///     directory.
    ///   - experiment: the experiment's name.
    ///   - expectedBytes: what may be written; see `expectedBytes(of:)`.
    /// - Throws: `ResultsError.exists`, `.noSpace` or `.notWritable`.
    package static func create(
        _ path: String?, experiment: String, expectedBytes: Int, now: Date = Date()
    ) throws(ResultsError) -> ResultsDirectory {
        if let path {
            try make(path, expectedBytes: expectedBytes)
            return ResultsDirectory(path: path)
        }
        let path = defaultPath(experiment: experiment, now: now)
        // Two runs may begin within one second.
        var attempt = 1
        while true {
            let numbered = attempt == 1 ? path : "\(path)-\(attempt)"
            do throws(ResultsError) {
                try make(numbered, expectedBytes: expectedBytes)
                return ResultsDirectory(path: numbered)
            } catch .exists {
                attempt += 1
            }
        }
    }

    /// A generous guess at the bytes that the runs write, the figures included.
    package static func expectedBytes(of plans: [RunPlan]) -> Int {
        plans.reduce(16 << 20) { $0 + $1.groups * $1.workload.operations * 64 }
    }

    /// Writes a small file, whole or not at all.
    package func write(_ text: String, to name: String) throws(ResultsError) {
        let file = path + "/" + name
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: file), options: .atomic)
        } catch {
            throw .write(path: file, reason: reason(of: error))
        }
    }

    /// Writes a CSV file, whole or not at all; it takes the place of one that is there.
    package func write<Row: CSVRow>(_ rows: [Row]) throws(ResultsError) {
        var bytes = Row.header
        for row in rows { row.append(to: &bytes) }
        try write(String(decoding: bytes, as: UTF8.self), to: Row.fileName)
    }

    /// Colons stay out of the time, so that the path needs no quoting anywhere.
    static func defaultPath(experiment: String, now: Date) -> String {
        let time = now.formatted(.iso8601.timeSeparator(.omitted))
        let name = experiment.map { character in
            character.isASCII && (character.isLetter || character.isNumber)
                || "-_".contains(character) ? character : "-"
        }
        return "Results/\(String(name))/\(time)"
    }

    private static func make(_ path: String, expectedBytes: Int) throws(ResultsError) {
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        guard makeWithParents(parent) else {
            throw .notWritable(path: path, reason: reason(of: errno))
        }
        var status = stat()
        if lstat(path, &status) == 0 { throw .exists(path: path) }
        var space = statvfs()
        if statvfs(parent, &space) == 0 {
            let free = Int(clamping: space.f_bavail) * Int(clamping: space.f_frsize)
            guard free >= expectedBytes else {
                throw .noSpace(path: path, free: free, needed: expectedBytes)
            }
        }
        guard mkdir(path, 0o755) == 0 else {
            throw errno == EEXIST
                ? .exists(path: path) : .notWritable(path: path, reason: reason(of: errno))
        }
    }

    /// Whether the directory is there now; errno says why not.
    private static func makeWithParents(_ path: String) -> Bool {
        if mkdir(path, 0o755) == 0 || errno == EEXIST { return true }
        guard errno == ENOENT, path != "/" else { return false }
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return makeWithParents(parent) && mkdir(path, 0o755) == 0
    }
}
