import Foundation

/// Draws the report's Figures 7 to 12 with gnuplot from the CSV of a results directory.
package enum Figures {
    /// The scripts in `plots/`, which anybody can call without this program too:
    /// `gnuplot -e "results='DIR'; output='FILE'; format='svg'" plots/figure-07.gnuplot`.
    package static let all = (7...12).map { number in
        number < 10 ? "figure-0\(number)" : "figure-\(number)"
    }

    package static let formats = ["svg", "png"]

    /// What a script exits with when the directory lacks the data that it draws.
    private static let noData: Int32 = 3

    /// Draws each script in each format to `DIR/figures`, replacing older figures.
    ///
    /// - Parameter scripts: names without their ending.
    /// - Returns: a sentence for each figure that was left out because its data is not there.
    /// - Throws: `ResultsError.gnuplot` with what gnuplot said.
    package static func render(
        _ directory: String, scripts: [String] = Figures.all
    ) throws(ResultsError) -> [String] {
        let figures = directory + "/figures"
        do {
            try FileManager.default.createDirectory(
                atPath: figures, withIntermediateDirectories: true)
        } catch {
            throw .write(path: figures, reason: reason(of: error))
        }
        var notes: [String] = []
        for script in scripts {
            for format in formats {
                let output = "\(figures)/\(script).\(format)"
                if let note = try draw(script, directory, to: output, format: format) {
                    notes.append(note)
                    break
                }
            }
        }
        return notes
    }

    /// Draws one file; returns a note when there is nothing to draw.
    private static func draw(
        _ script: String, _ directory: String, to output: String, format: String
    ) throws(ResultsError) -> String? {
        guard let path = ProjectFiles.locate("plots/\(script).gnuplot") else {
            throw .gnuplot(
                script: script,
                reason: "plots/\(script).gnuplot is in no directory above the working directory or "
                    + "the program; call it within the project.")
        }
        let settings = [("results", directory), ("output", output), ("format", format)]
            .map { "\($0)=\(quoted($1))" }.joined(separator: "; ")
        let outcome = Command.run(["gnuplot", "-e", settings, path], withErrors: true)
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
