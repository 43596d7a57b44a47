import Foundation

/// Draws the figures of a results directory with gnuplot from its CSV: what the experiment sweeps,
/// where the time of updates goes, and the report's Figures 7 to 12.
package enum Figures {
    /// A script in `plots/`, which anybody can call without this program too:
    /// `gnuplot -e "results='DIR'; output='FILE'; format='svg'" plots/figure-07.gnuplot`.
    struct Figure {
        /// Without its ending.
        var script: String
        /// Further variables of the script.
        var settings: [(name: String, value: String)] = []
    }

    /// The report's, whose lines are groups.
    static let boyds = (7...12).map { number in
        Figure(script: number < 10 ? "figure-0\(number)" : "figure-\(number)")
    }

    private static let formats = ["svg", "png"]

    /// What a script exits with when the directory lacks the data that it draws.
    private static let noData: Int32 = 3

    /// Draws the figures that suit the directory in each format to `DIR/figures`, replacing older
    /// ones: what is swept, the latency by throughput where rates are, spans where a mechanism tells
    /// them, updates around a crash where some went on, and the report's figures where nothing but the
    /// groups is swept.
    ///
    /// - Parameter floors: by the mechanism's name, for a `summary.csv` that is not there yet.
    /// - Returns: a sentence for each figure that was left out because its data is not there, and
    ///   what of the directory could not be used.
    /// - Throws: `ResultsError.gnuplot` with what gnuplot said, or `.read` and `.malformed` where
    ///   the directory holds no results.
    package static func render(
        _ directory: String, floors: [String: MechanismFloor] = [:]
    ) throws(ResultsError) -> (notes: [String], omissions: [String]) {
        let files = FileManager.default
        let written =
            files.fileExists(atPath: directory + "/" + SummaryRow.fileName)
            ? nil : try Tables.write(directory: directory, floors: floors)
        let measured =
            files.fileExists(atPath: directory + "/" + RunRow.fileName)
            ? try Measurements(directory: directory) : nil
        var omissions = Omissions()
        let rows = try CSVReader.wholeRows(SummaryRow.self, in: directory, &omissions)
        let swept = SweptSettings(of: rows.map(\.configuration))
        var figures: [Figure] = []
        if let horizontal = swept.horizontal {
            let series = swept.series.map(\.column.name).joined(separator: " ")
            figures.append(
                Figure(
                    script: "sweep",
                    settings: [("x", horizontal.column.name), ("series", series)]))
        }
        if swept.horizontal?.column.name == "groups",
            rows.contains(where: { $0.configuration.launch == LaunchKind.simulated.rawValue })
        {
            figures.append(Figure(script: "scale"))
        }
        if swept.settings.contains(where: { $0.column.name == "rate" }) {
            let series = swept.settings.map(\.column.name).filter { $0 != "rate" }
            figures.append(
                Figure(
                    script: "saturation",
                    settings: [("series", series.joined(separator: " "))]))
        }
        if rows.contains(where: { $0.metric == SummaryRow.Metric.local.rawValue }) {
            let series = swept.settings.map(\.column.name).joined(separator: " ")
            figures.append(Figure(script: "spans", settings: [("series", series)]))
        }
        if measured?.recoveries.contains(where: { $0.updatesMeanwhile != nil }) ?? false {
            figures.append(Figure(script: "recovery-under-load"))
        }
        if swept.settings.allSatisfy({ $0.column.name == "groups" }) { figures += boyds }
        let sentences = (written ?? measured?.omissions.sentences ?? []) + omissions.sentences
        return (try draw(figures, of: directory), sentences)
    }

    /// Whether the directory has any.
    package static func areDrawn(in directory: String) -> Bool {
        let names = try? FileManager.default.contentsOfDirectory(atPath: directory + "/figures")
        return names?.contains { $0.hasSuffix(".svg") } ?? false
    }

    static func draw(
        _ all: [Figure], of directory: String
    ) throws(ResultsError) -> [String] {
        let figures = directory + "/figures"
        do {
            try FileManager.default.createDirectory(
                atPath: figures, withIntermediateDirectories: true)
        } catch {
            throw .write(path: figures, reason: reason(of: error))
        }
        var notes: [String] = []
        for figure in all {
            for format in formats {
                let output = "\(figures)/\(figure.script).\(format)"
                if let note = try draw(figure, directory, to: output, format: format) {
                    notes.append(note)
                    break
                }
            }
        }
        return notes
    }

    /// Draws one file; returns a note when there is nothing to draw.
    private static func draw(
        _ figure: Figure, _ directory: String, to output: String, format: String
    ) throws(ResultsError) -> String? {
        let script = figure.script
        guard let path = ProjectFiles.locate("plots/\(script).gnuplot") else {
            throw .gnuplot(
                script: script,
                reason: "plots/\(script).gnuplot is in no directory above the working directory or "
                    + "the program; call it within the project.")
        }
        let settings =
            [("results", directory), ("output", output), ("format", format)]
            + figure.settings
        let assignments = settings.map { "\($0)=\(quoted($1))" }.joined(separator: "; ")
        let outcome = Command.run(["gnuplot", "-e", assignments, path], withErrors: true)
        guard let outcome, !outcome.isMissing else {
            throw .gnuplot(
                script: script, reason: "it is not installed; make deps installs it.")
        }
        switch outcome.status {
        case 0:
            // gnuplot does not notice a full disk.
            guard isWhole(output, format) else {
                throw .write(path: output, reason: "the file is not whole")
            }
            return nil
        // gnuplot may have warned of empty files before.
        case noData: return outcome.output.split(separator: "\n").last.map(String.init) ?? script
        default:
            throw .gnuplot(
                script: script, reason: complaint(outcome.output) + " (\(outcome.status)).")
        }
    }

    /// What gnuplot said, without the commands that it repeats before.
    private static func complaint(_ output: String) -> String {
        let lines = output.split(separator: "\n")
        let start = lines.firstIndex { $0.contains("\" line ") } ?? lines.startIndex
        return lines[start...].joined(separator: "; ")
    }

    private static func isWhole(_ path: String, _ format: String) -> Bool {
        let end = format == "png" ? "IEND" : "</svg>"
        guard let file = FileHandle(forReadingAtPath: path), let size = try? file.seekToEnd(),
            (try? file.seek(toOffset: size - min(size, 16))) != nil,
            let tail = try? file.read(upToCount: 16)
        else { return false }
        return tail.range(of: Data(end.utf8)) != nil
    }

    /// A string of gnuplot's, in which nothing is special but the quote.
    private static func quoted(_ text: String) -> String {
        "'" + text.replacingOccurrences(of: "'", with: "''") + "'"
    }
}
