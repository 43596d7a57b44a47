import Foundation
import Testing

@testable import Harness

/// gnuplot has to be there: make deps installs it.
struct ResultsFiguresTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: directory.path + "/" + name)
    }

    @Test func `all figures are drawn as SVG and PNG`() throws {
        var results = SyntheticResults()
        results.repetitions = 2
        try results.write(to: directory.path)
        try Tables.write(directory: directory.path, floors: [:])
        #expect(try Figures.render(directory.path).notes == [])
        #expect(exists("figures/sweep.svg"))
        for number in ["07", "08", "09", "10", "11", "12"] {
            let svg = try directory.text("figures/figure-\(number).svg")
            #expect(svg.contains("<svg") && svg.hasSuffix("</svg>\n\n"), "\(number)")
            #expect(svg.contains("Figure \(Int(number) ?? 0): "), "\(number)")
            #expect(svg.utf8.count > 10_000, "\(number)")
            let png = try directory.bytes("figures/figure-\(number).png")
            #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
            #expect(png.count > 10_000, "\(number)")
        }
        let space = try directory.text("figures/figure-07.svg")
        for nodes in [2, 4, 6, 8, 10] {
            #expect(space.contains("replication, \(nodes) nodes"))
        }
        #expect(space.contains("fusion, with index"))
        #expect(space.contains("fusion, code words only"))
        #expect(try directory.text("figures/figure-09.svg").contains("5 groups"))
    }

    @Test func `spans are drawn where a mechanism tells them`() throws {
        try SyntheticResults().write(to: directory.path)
        try Tables.write(directory: directory.path, floors: [:])
        #expect(try Figures.render(directory.path).notes == [])
        #expect(!exists("figures/spans.svg"))

        let told = try TemporaryDirectory()
        try SyntheticResults().write(to: told.path)
        var rows = try CSVReader.rows(UpdateRow.self, in: told.path).rows
        for index in rows.indices where rows[index].run.isMultiple(of: 2) {
            rows[index].localNs = 1000
            rows[index].acknowledgementNs = rows[index].backupNs - 1000
        }
        try FileManager.default.removeItem(atPath: told.path + "/updates.csv")
        try CSVWriter.write(rows, in: told.path)
        try Tables.write(directory: told.path, floors: [:])
        #expect(try Figures.render(told.path).notes == [])
        let svg = try told.text("figures/spans.svg")
        #expect(svg.contains("Where the time of an update goes"))
        #expect(svg.contains("until all have acknowledged"))
        #expect(svg.contains("n = 5"))
        #expect(!svg.contains("held back") && !svg.contains("fusion"))
    }

    /// What gnuplot draws is compared with what was written, through its own data blocks.
    @Test func `joined medians and sums are right, what was not proved is left out`() throws {
        var results = SyntheticResults()
        results.repetitions = 2
        results.groups = [2]
        results.operations = 2000
        try results.write(to: directory.path)
        let handle = try #require(FileHandle(forWritingAtPath: directory.path + "/recovery.csv"))
        try handle.seekToEnd()
        var wrong = try #require(CSVReader.rows(RecoveryRow.self, in: directory.path).rows.first)
        #expect(wrong.role == "primary" && wrong.elements == 1000)
        wrong.recoveryNs = 1
        wrong.verified = false
        var bytes: [UInt8] = []
        for _ in 1...20 { wrong.append(to: &bytes) }
        try handle.write(contentsOf: Data(bytes))
        try handle.close()

        #expect(try blocks("figure-09", "$medians") == ["2 1000 136000.0", "2 2000 272000.0"])
        // 4 replicas and one fused backup, whose payload is all that it has.
        #expect(
            try blocks("figure-07", "$sums")
                == [
                    "1000 35040", "2000 70080", "1000 73000", "2000 146000", "1000 73000",
                    "2000 146000",
                ])
    }

    /// The lines of a data block behind a figure, without comments and marks of points.
    private func blocks(_ script: String, _ name: String) throws -> [String] {
        let path = try #require(ProjectFiles.locate("plots/\(script).gnuplot"))
        let settings = "results='\(directory.path)'; output='/dev/null'; format='svg'"
        let outcome = try #require(
            Command.run(
                ["gnuplot", "-e", settings, path, "-e", "set print '-'; print \(name)"]))
        #expect(outcome.status == 0)
        return outcome.output.split(separator: "\n").filter { $0.first != "#" }.map { line in
            line.split(separator: " ").filter { $0 != "i" }.joined(separator: " ")
        }.filter { !$0.isEmpty }
    }

    @Test func `a figure whose data is not there is left out with a note`() throws {
        var results = SyntheticResults()
        results.mechanisms = ["replication"]
        results.groups = [1]
        results.operations = 1000
        try results.write(to: directory.path)
        try Tables.write(directory: directory.path, floors: [:])
        let notes = try Figures.render(directory.path).notes
        #expect(notes.count == 4)
        #expect(!exists("figures/sweep.svg"))
        #expect(notes.allSatisfy { $0.contains("no verified recovery of a fusion primary") })
        #expect(exists("figures/figure-07.svg"))
        #expect(exists("figures/figure-08.png"))
        for number in ["09", "10", "11", "12"] {
            #expect(!exists("figures/figure-\(number).svg"))
            #expect(!exists("figures/figure-\(number).png"))
        }
    }

    @Test func `files with nothing but a header are left out too`() throws {
        try CSVWriter<RunRow>.write([], in: directory.path)
        try CSVWriter<SpaceRow>.write([], in: directory.path)
        try CSVWriter<RecoveryRow>.write([], in: directory.path)
        try CSVWriter<SummaryRow>.write([], in: directory.path)
        let notes = try Figures.render(directory.path).notes
        #expect(notes.count == 6)
        #expect(notes.allSatisfy { $0.contains("no run has ended") })
    }

    @Test func `other settings than the first run's do not mix in`() throws {
        var results = SyntheticResults()
        results.groups = [1]
        results.operations = 1000
        try results.write(to: directory.path)
        let runs = try CSVReader.rows(RunRow.self, in: directory.path).rows
        let recoveries = try CSVReader.rows(RecoveryRow.self, in: directory.path).rows
        let other = try TemporaryDirectory()
        try CSVWriter.write(
            runs
                + runs.map {
                    var run = $0
                    run.run += 2
                    run.window = 8
                    return run
                }, in: other.path)
        try CSVWriter.write(
            recoveries
                + recoveries.map {
                    var recovery = $0
                    recovery.run += 2
                    recovery.elements = 7777
                    return recovery
                }, in: other.path)
        _ = try Figures.draw([.init(script: "figure-10")], of: other.path)
        let svg = try other.text("figures/figure-10.svg")
        #expect(svg.contains(">1000<"))
        #expect(!svg.contains("7777"))
        #expect(svg.contains("window 1"))
    }

    @Test func `a script that is not there is an error with its name`() {
        let error = #expect(throws: ResultsError.self) {
            try Figures.draw([.init(script: "figure-99")], of: directory.path)
        }
        #expect(error?.description.contains("plots/figure-99.gnuplot") == true)
    }

    @Test func `what gnuplot says of a failure is passed on`() throws {
        try SyntheticResults().write(to: directory.path)
        try FileManager.default.createDirectory(
            atPath: directory.path + "/figures/figure-08.svg", withIntermediateDirectories: true)
        let error = #expect(throws: ResultsError.self) {
            try Figures.draw([.init(script: "figure-08")], of: directory.path)
        }
        let description = try #require(error).description
        #expect(description.hasPrefix("gnuplot could not draw figure-08: "), "\(description)")
        #expect(description.contains("Is a directory"), "\(description)")
        #expect(!description.contains("\n"), "\(description)")
    }

    @Test func `a full disk is noticed`() throws {
        try SyntheticResults().write(to: directory.path)
        try FileManager.default.createDirectory(
            atPath: directory.path + "/figures", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: directory.path + "/figures/figure-08.svg", withDestinationPath: "/dev/full")
        #expect(throws: ResultsError.self) {
            try Figures.draw([.init(script: "figure-08")], of: directory.path)
        }
    }
}
