import Foundation
import ProgramTesting
import Testing

/// `plots/figures.py`, which draws with pandas what `crashbench plot` draws with gnuplot.
struct PandasFiguresTests {
    @Test func `the report's figures have the medians of the CSV`() throws {
        let scratch = try Scratch()
        let directory = try Self.run(
            "boyd.json5", in: scratch,
            ["groups=[1,2]", "workload.operations=30", "crash.every=10", "workload.warmup=5"])
        let files = ResultsFiles(directory: directory)

        let drawn = try Self.python([directory, "--output", scratch.path("pandas")])
        #expect(drawn.status == 0, "\(drawn.errors)")
        #expect(
            try Self.names(in: scratch.path("pandas"), ending: ".png")
                == Self.gnuplots(of: directory))
        for name in try FileManager.default.contentsOfDirectory(atPath: scratch.path("pandas")) {
            let data = try Data(contentsOf: URL(fileURLWithPath: scratch.path("pandas/\(name)")))
            #expect(data.count > 8_000 && data.suffix(12).contains(Data("IEND".utf8)), "\(name)")
        }

        let points = try Self.numbers(directory)
        let groups = Dictionary(
            uniqueKeysWithValues: try files.rows("runs.csv").map { ($0["run"], $0["groups"]) })
        let recoveries = try files.rows("recovery.csv").filter { $0["role"] == "primary" }
        for count in ["1", "2"] {
            for elements in ["10", "20", "30"] {
                let times = recoveries.filter {
                    groups[$0["run"]] == count && $0["elements"] == elements
                }.compactMap { $0["recovery_ns"].flatMap(Double.init) }.sorted()
                let middle = times.count / 2
                let median =
                    times.count % 2 == 1
                    ? times[middle] : (times[middle - 1] + times[middle]) / 2
                let name = "fusion, \(count) group" + (count == "1" ? "" : "s")
                for figure in ["figure-09", "figure-11", "figure-12"] {
                    #expect(points["\(figure)/\(name)/\(elements)"] == median)
                }
                #expect(points["figure-10/\(elements) elements/\(count)"] == median)
            }
        }
        let space = try files.rows("space.csv").filter {
            groups[$0["run"]] == "2" && $0["role"] == "replica" && $0["operations"] == "30"
        }.compactMap { $0["total_bytes"].flatMap(Double.init) }
        #expect(points["figure-07/replication, 4 nodes/30"] == space.reduce(0, +))
        let update = try files.rows("summary.csv").first {
            $0["metric"] == "backup_ns" && $0["mechanism"] == "fusion" && $0["groups"] == "2"
        }
        #expect(
            points["sweep/Update time, median/fusion/2"] == update?["median"].flatMap(Double.init))
    }

    @Test(arguments: [
        ("saturation.json5", ["workload.operations=100", "workload.rate=[1000,20000]"]),
        (
            "recovery-under-load.json5",
            ["workload.preload=50", "workload.operations=120", "crash.every=60"]
        ),
        ("scale.json5", ["groups=[2,3,4,8]", "faults=1", "workload.preload=20"]),
    ])
    func `it draws what gnuplot draws`(_ file: String, _ settings: [String]) throws {
        let scratch = try Scratch()
        let directory = try Self.run(file, in: scratch, settings)
        let drawn = try Self.python([directory])
        #expect(drawn.status == 0, "\(drawn.errors)")
        let names = try Self.names(in: directory + "/figures-pandas", ending: ".png")
        #expect(names.contains(String(file.split(separator: ".")[0])))
        #expect(names == (try Self.gnuplots(of: directory)))
    }

    @Test func `what is not there is a sentence`() throws {
        let scratch = try Scratch()
        let empty = try Self.python([scratch.path("")])
        #expect(empty.status == 1)
        #expect(empty.errors.hasPrefix("Nothing to draw: no runs.csv in "))
        let unknown = try Self.python([scratch.path(""), "figure-13"])
        #expect(unknown.status == 2 && unknown.errors.contains("there is no figure figure-13; "))
        let reference = projectRoot.appendingPathComponent("Results/reference/boyd").path
        let other = try Self.python([reference, "scale", "--output", scratch.path("p")])
        #expect(other.status == 3)
        #expect(other.errors.hasPrefix("scale: left out, no simulated runs"))
    }

    /// Runs a shipped experiment small and returns the directory of its results.
    private static func run(
        _ file: String, in scratch: Scratch, _ settings: [String]
    ) throws -> String {
        let command = file == "scale.json5" ? "simulate" : "run"
        let path = projectRoot.appendingPathComponent("Experiments/\(file)").path
        let outcome = try Program.call(
            [command, path, "--output", scratch.path("r")] + settings.flatMap { ["--set", $0] })
        #expect(outcome.status == 0, "\(outcome.errors)")
        return scratch.path("r")
    }

    /// The figures that `crashbench plot` draws.
    private static func gnuplots(of directory: String) throws -> [String] {
        let outcome = try Program.call(["plot", directory])
        #expect(outcome.status == 0, "\(outcome.errors)")
        return try names(in: directory + "/figures", ending: ".png")
    }

    private static func names(in folder: String, ending: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder)
            .filter { $0.hasSuffix(ending) }.sorted()
            .map { String($0.dropLast(ending.count)) }
    }

    /// All points by figure, panel if it has a title, series and x; of equal ones the last.
    private static func numbers(_ directory: String) throws -> [String: Double] {
        let outcome = try python([directory, "--numbers"])
        #expect(outcome.status == 0, "\(outcome.errors)")
        var points: [String: Double] = [:]
        for line in outcome.output.split(separator: "\n").dropFirst() {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
            let place = [fields[0], fields[1], fields[2]].filter { !$0.isEmpty }
            let x = Double(fields[3]).map { String(Int($0)) } ?? ""
            points[place.joined(separator: "/") + "/" + x] = Double(fields[4])
        }
        return points
    }

    private static func python(_ arguments: [String]) throws -> (
        status: Int32, output: String, errors: String
    ) {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        // Debian's, which has Debian's pandas.
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments =
            [projectRoot.appendingPathComponent("plots/figures.py").path] + arguments
        process.environment = ["MPLCONFIGDIR": NSTemporaryDirectory(), "PATH": "/usr/bin:/bin"]
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = try output.fileHandleForReading.readToEnd() ?? Data()
        let complaints = try errors.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: text, as: UTF8.self),
            String(decoding: complaints, as: UTF8.self)
        )
    }
}
