import Foundation
import ProgramTesting
import Testing

/// The report's experiment at small size, from the command to the figures.
struct ReproduceTests {
    @Test func reproducesBoyd() throws {
        let scratch = try Scratch()
        let directory = scratch.path("r")
        let program = try Program([
            "reproduce", "boyd", "--operations", "40", "--output", directory,
        ])
        let outcome = try program.wait()
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        try program.waitForFamilysEnd()

        let files = ResultsFiles(directory: directory)
        try files.checkFiles()
        try files.checkRuns()
        // Each node after each tenth: 2 to 6 nodes of fusion and 2 to 10 replicas.
        #expect(try files.rows("recovery.csv").count == 10 * (20 + 30))

        let tables = try files.text("tables.md")
        for part in ["(Table 1)", "(Table 2)", "### Published claims", "## What fusion costs"] {
            #expect(tables.contains(part))
        }
        for claim in try claims() { #expect(tables.contains("(`\(claim)`) |"), "\(claim)") }
        try checkFigures(directory)

        // Both can be had again from the CSV alone.
        try FileManager.default.removeItem(atPath: directory + "/tables.md")
        try FileManager.default.removeItem(atPath: directory + "/figures")
        let again = try Program.call(["tables", directory])
        #expect(again.status == 0)
        #expect(again.errors == "")
        #expect(try files.text("tables.md") == tables)
        let drawn = try Program.call(["plot", directory])
        #expect(drawn.status == 0)
        #expect(drawn.errors == "")
        try checkFigures(directory)
        #expect(try files.text("tables.md") == tables)
    }

    /// The ids in the file of published claims.
    private func claims() throws -> [String] {
        let file = "Sources/Harness/Published/boyd-2016-claims.csv"
        let text = try String(
            contentsOf: projectRoot.appendingPathComponent(file), encoding: .utf8)
        let claims = text.split(whereSeparator: \.isNewline).dropFirst().compactMap {
            $0.split(separator: ",").first.map(String.init)
        }
        try #require(claims.count >= 12)
        return claims
    }

    private func checkFigures(_ directory: String) throws {
        let names = (7...12).map { "figure-\($0 < 10 ? "0" : "")\($0)" } + ["spans", "sweep"]
        let expected = names.flatMap { name in ["svg", "png"].map { "\(name).\($0)" } }
        let figures = directory + "/figures"
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: figures).sorted()
                == expected.sorted())
        for name in expected {
            let data = try #require(FileManager.default.contents(atPath: figures + "/" + name))
            let start = name.hasSuffix("png") ? [0x89, 0x50, 0x4e, 0x47] : Array("<?xml".utf8)
            #expect(data.starts(with: start), "\(name)")
        }
    }
}
