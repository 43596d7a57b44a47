import Foundation
import Testing

@testable import Harness

/// The figure of what an experiment sweeps.
struct SweepFigureTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private var figures: [String] {
        let path = directory.path + "/figures"
        return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// What gnuplot prints of the script's variables behind the figure and further commands.
    private func printed(
        _ settings: String, _ variables: String, after commands: String = "unset print"
    ) throws -> String {
        let path = try #require(ProjectFiles.locate("plots/sweep.gnuplot"))
        let outcome = try #require(
            Command.run([
                "gnuplot", "-e", "results='\(directory.path)'; output='/dev/null'; \(settings)",
                path, "-e", "\(commands); set print '-'; print \(variables)",
            ]))
        #expect(outcome.status == 0)
        return outcome.output
    }

    /// Runs that differ in their structure; with `others`, in the window too.
    private func writeStructures(windows: [Int] = [1]) throws {
        var results = SyntheticResults()
        results.groups = [2]
        results.operations = 2000
        try results.write(to: directory.path)
        try Tables.write(directory: directory.path, floors: [:])
        let rows = try CSVReader.rows(SummaryRow.self, in: directory.path).rows
        try FileManager.default.removeItem(atPath: directory.path + "/summary.csv")
        try CSVWriter.write(
            ["list", "map"].flatMap { structure in
                windows.flatMap { window in
                    rows.map {
                        var row = $0
                        row.configuration.structure = structure
                        row.configuration.window = window
                        return row
                    }
                }
            }, in: directory.path)
    }

    @Test func `medians, whiskers and floors of every series stand where they belong`() throws {
        var results = SyntheticResults()
        results.groups = [4, 2]
        results.operations = 1000
        results.update = { mechanism, groups, operation in
            (mechanism == "fusion" ? 1000 : 5000) * groups + (operation == 20 ? 50 : 0)
        }
        try results.write(to: directory.path)
        var floor = FloorRow()
        floor.transport = "tcp"
        floor.measure = "one_round"
        floor.peers = 1
        floor.median = 700
        try CSVWriter.write([floor], in: directory.path)
        try Tables.write(directory: directory.path, floors: Registry.floors)
        let points = try printed(
            "x='groups'", "$points",
            after: "metric = 'backup_ns'; whisker = 'p99'; eval collect"
        ).split(separator: "\n").filter { !$0.contains("NaN NaN") }.map {
            $0.split(separator: " ").dropFirst().map { Double($0) ?? .nan }
        }
        try #require(points.count == 4)
        #expect(points[0] == [2000, 2050, 700])
        #expect(points[1] == [4000, 4050, 700])
        #expect(points[2].prefix(2) == [10000, 10050])
        #expect(points[3].prefix(2) == [20000, 20050])
        #expect(points[2][2].isNaN)
    }

    @Test func `words stand side by side and another setting makes series`() throws {
        try writeStructures(windows: [1, 8])
        #expect(try Figures.render(directory.path).notes == [])
        #expect(figures == ["sweep.png", "sweep.svg"])
        let svg = try directory.text("figures/sweep.svg")
        // As many windows as structures: the number goes from left to right.
        for text in [
            ">fusion, list<", ">replication, map<", "Update time, median (ms)", "by window",
            "Backup space at the end (KB)", "Recovery time, median (ms)", "2000 operations",
        ] {
            #expect(svg.contains(text), "\(text)")
        }
        #expect(!svg.contains("window 1"))
        #expect(
            try printed("x='structure'; series='window'", "is_numeric, x_count, names[3]")
                == "0 2 fusion, window = 8")
    }

    @Test func `a mechanism that lacks the setting stands at every place`() throws {
        try writeStructures()
        var rows = try CSVReader.rows(SummaryRow.self, in: directory.path).rows
        rows.removeAll {
            $0.configuration.mechanism == "replication" && $0.configuration.structure == "map"
        }
        for index in rows.indices {
            let isMap = rows[index].configuration.structure == "map"
            let codes = rows[index].configuration.mechanism == "fusion"
            rows[index].configuration.structure = "list"
            rows[index].configuration.code = codes ? (isMap ? "cauchy" : "vandermonde") : ""
        }
        try FileManager.default.removeItem(atPath: directory.path + "/summary.csv")
        try CSVWriter.write(rows, in: directory.path)
        // Each mechanism has a line above its two points, and above those that no backup has.
        let lines = try printed(
            "x='code'", "$points", after: "metric = 'backup_ns'; whisker = ''; eval collect"
        ).split(separator: "\n")
        #expect(lines.count == 4 + 4)
        #expect(lines.filter { !$0.contains("NaN NaN NaN") }.count == 4)
        #expect(try printed("x='code'", "x_count, name_count") == "2 2")
    }

    @Test func `what was not measured is called so in its panel`() throws {
        var results = SyntheticResults()
        results.groups = [1, 2]
        results.operations = 1000
        try results.write(to: directory.path)
        for name in ["recovery.csv", "space.csv"] {
            try FileManager.default.removeItem(atPath: directory.path + "/" + name)
        }
        try Tables.write(directory: directory.path, floors: [:])
        _ = try Figures.render(directory.path)
        let svg = try directory.text("figures/sweep.svg")
        #expect(svg.contains("Recovery time, median: not measured"))
        #expect(svg.contains("Backup space at the end: not measured"))
        #expect(svg.contains("Update time, median (ms)"))
    }

    @Test func `a directory without results is refused and left alone`() throws {
        let path = directory.path + "/none"
        let error = #expect(throws: ResultsError.self) { try Figures.render(path) }
        #expect(
            error?.description
                == "\(path)/runs.csv cannot be read (No such file or directory): name a "
                + "directory that crashbench run has written.")
        #expect(!FileManager.default.fileExists(atPath: path))
        try directory.write("a,b\r\n", to: "summary.csv")
        let malformed = #expect(throws: ResultsError.self) {
            try Figures.render(directory.path)
        }
        #expect(malformed?.description.contains("\"mechanism\" is missing in the header") == true)
        #expect(figures.isEmpty)
    }

    @Test func `called by hand without a setting it says what is missing`() throws {
        try writeStructures()
        let notes = try Figures.draw([.init(script: "sweep")], of: directory.path)
        #expect(notes.count == 1)
        #expect(
            notes.first?.hasSuffix("the swept setting is not named, such as x='groups'") == true)
    }
}
