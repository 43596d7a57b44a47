import Foundation
import ProgramTesting
import Testing

@testable import Harness

/// `report.html`: what is in it, that nothing in it leads elsewhere or runs, and how browsers show it.
struct HTMLReportTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        var results = SyntheticResults()
        results.operations = 2000
        results.repetitions = 3
        results.pace = { _, repetition in 1 + Double(repetition) / 10 }
        try results.write(to: directory.path)
    }

    private func report() throws -> String {
        try Evaluation(directory: directory.path).writeReport()
        return try directory.text("report.html")
    }

    @Test func `it says all that tables.md says`() throws {
        try Tables.write(directory: directory.path)
        let page = try report()
        let blocks = Markdown.blocks(of: try directory.text("tables.md"))
        #expect(blocks.count > 10)
        for block in blocks {
            switch block {
            case .heading(_, let text), .paragraph(let text):
                #expect(page.contains(HTML.inline(text)), "\(text)")
            case .list(let items):
                for item in items { #expect(page.contains("<li>\(HTML.inline(item))</li>")) }
            case .table(let header, let rows):
                for cell in header { #expect(page.contains(">\(HTML.inline(cell))</th>")) }
                for cell in rows.joined() { #expect(page.contains(">\(HTML.inline(cell))</td>")) }
            }
        }
        #expect(page.contains("Every run is valid."))
        #expect(page.contains(/Published claims: \d+ reproduced/))
        for column in RecoveryRow.columns {
            #expect(page.contains("<code>\(column.name)</code>"))
        }
    }

    @Test func `markdown comes back as it was written`() {
        let rows = [["a|b", "`c`", "\\", ""], ["1", "2 | 3", "two\nlines", "-"]]
        let text =
            "# One\n\ntext of\ntwo lines\n\n- a\n- b\n\n"
            + MarkdownTable(["x", "y", "z", "|"], rows).text + "\n### Three\n"
        #expect(
            Markdown.blocks(of: text) == [
                .heading(1, "One"), .paragraph("text of two lines"), .list(["a", "b"]),
                .table(
                    header: ["x", "y", "z", "|"],
                    rows: [["a|b", "`c`", "\\", ""], ["1", "2 | 3", "two lines", "-"]]),
                .heading(3, "Three"),
            ])
    }

    @Test(arguments: [
        ("a < b & `c<d`", "a &lt; b &amp; <code>c&lt;d</code>"),
        ("**no** `", "<strong>no</strong> `"),
        ("2 ** 3", "2 ** 3"), ("`a**b` **c**", "<code>a**b</code> <strong>c</strong>"),
        ("\"\u{1}\"", "&quot;\u{FFFD}&quot;"),
    ])
    func `marks in a text become tags`(text: String, markup: String) {
        #expect(HTML.inline(text) == markup)
    }

    /// Names come from files that anybody may have written.
    @Test func `texts are escaped and nothing runs or is fetched`() throws {
        var runs = try CSVReader.rows(RunRow.self, in: directory.path).rows
        let attack = "<script>alert(1)</script><img src=x onerror=\"alert(2)\">&"
        for index in runs.indices {
            runs[index].experiment = attack
            runs[index].mix = attack
        }
        try ResultsDirectory(path: directory.path).write(runs)
        try directory.write(
            "{\"commit\": \"\(attack.replacing("\"", with: "'"))\"}", to: "environment.json")
        try directory.write(attack, to: "experiment.json5")
        let page = try report()
        #expect(page.contains("<h1>&lt;script&gt;alert(1)&lt;/script&gt;&lt;img"))
        #expect(!page.contains("<script") && !page.contains("<img"))
        // Links stay within the page, and addresses are only names of namespaces.
        for match in page.matches(of: #/(?:href|src)=["']([^"']*)/#) {
            #expect(match.output.1.hasPrefix("#"), "\(match.output.0)")
        }
        let names = page.replacing(/xmlns(:xlink)?="[^"]*"/, with: "")
        #expect(!names.contains("http:") && !names.contains("https:") && !names.contains("@import"))
        #expect(page.contains("default-src 'none'"))
    }

    @Test func `figures stand in it and do not disturb each other`() throws {
        let outcome = try Program.call(["report", directory.path])
        #expect(outcome.status == 0 && outcome.errors == "")
        #expect(outcome.output == "Written: \(directory.path)/report.html\n")
        let page = try directory.text("report.html")
        #expect(page.matches(of: #/<svg\b/#).count == 7)
        let names = page.matches(of: /\bid=["']([^"']*)/).map { String($0.output.1) }
        #expect(names.count > 100)
        #expect(Set(names).count == names.count, "every name is there once")
        for match in page.matches(of: #/(?:href=["']|url\()#([^"')]*)/#) {
            #expect(names.contains(String(match.output.1)), "\(match.output.0)")
        }
    }

    @Test(arguments: [
        "<svg><script>alert(1)</script></svg>", "<svg onload=\"alert(1)\"></svg>", "no figure",
        "<svg><image href=\"http://example.org/\"/></svg>", "<svg viewBox=\"0 0 1 1\">",
    ])
    func `what gnuplot has not drawn is left out`(svg: String) throws {
        try FileManager.default.createDirectory(
            atPath: directory.path + "/figures", withIntermediateDirectories: false)
        try directory.write(svg, to: "figures/figure-07.svg")
        let page = try report()
        #expect(!page.contains("<svg") && !page.contains("alert"))
        #expect(page.contains("figures/figure-07.svg: this is no figure of crashbench plot"))
    }

    @Test func `a report of results that are not whole says so`() throws {
        var runs = try CSVReader.rows(RunRow.self, in: directory.path).rows
        runs[1].valid = false
        try ResultsDirectory(path: directory.path).write(runs)
        try FileManager.default.removeItem(atPath: directory.path + "/recovery.csv")
        let outcome = try Program.call(["report", directory.path])
        #expect(outcome.status == 2)
        #expect(outcome.errors == "crashbench: \(directory.path): recovery.csv is missing.\n")
        let page = try directory.text("report.html")
        #expect(page.contains("<p>recovery.csv is missing.</p>"))
        #expect(page.contains("<div class=\"verdict bad\">"))
        #expect(page.contains("1 of 30 runs is not valid and not counted."))
    }

    static let hasBrowser = FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium")

    private static func browse(_ arguments: [String]) throws -> String {
        let common = [
            "chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
            "--allow-file-access-from-files",
        ]
        let outcome = try #require(Harness.Command.run(common + arguments))
        #expect(outcome.status == 0)
        return outcome.output
    }

    /// The width and height of a PNG file, from its first chunk.
    private static func size(of data: Data) -> [Int] {
        [16, 20].map { offset in
            data.dropFirst(offset).prefix(4).reduce(0) { $0 << 8 | Int($1) }
        }
    }

    @Test(.enabled(if: hasBrowser, "chromium is not there; make test installs it"))
    func `a browser shows it without scrolling sideways`() throws {
        #expect(try Program.call(["report", directory.path]).status == 0)
        for width in [390, 1280] { try check(width: width) }
    }

    private func check(width: Int) throws {
        // A window may have a least width, a frame has none.
        let frame = """
            <body><iframe id="page" src="report.html" width="\(width)" height="2000"></iframe>
            <p id="found"></p><script>
            document.getElementById("page").onload = event => {
              const root = event.target.contentDocument.documentElement
              const tables = root.querySelectorAll(".scroll > table").length
              const wide = [...root.querySelectorAll("body *")].filter(
                element => !element.closest(".scroll, pre")
                  && element.getBoundingClientRect().right > root.clientWidth + 1).length
              document.getElementById("found").textContent =
                `page ${root.scrollWidth} of ${root.clientWidth} tables ${tables} wide ${wide}`
            }
            </script></body>
            """
        try directory.write(frame, to: "frame.html")
        let dump = try Self.browse(["--dump-dom", "file://\(directory.path)/frame.html"])
        let found = try #require(
            dump.firstMatch(of: /page (\d+) of (\d+) tables (\d+) wide (\d+)/)?.output)
        let numbers = [found.1, found.2, found.3, found.4].compactMap { Int($0) }
        #expect(numbers[0] <= numbers[1], "the page is \(numbers[0]) wide in \(numbers[1])")
        #expect((width - 20...width).contains(numbers[1]))
        #expect(numbers[2] > 10)
        #expect(numbers[3] == 0, "elements reach over the edge")
        let shot = directory.path + "/shot.png"
        _ = try Self.browse([
            "--window-size=\(width),1500", "--screenshot=\(shot)",
            "file://\(directory.path)/report.html",
        ])
        let picture = Data(try directory.bytes("shot.png"))
        #expect(Self.size(of: picture) == [width, 1500])
        // A blank page of this size is a few thousand bytes.
        #expect(picture.count > 50_000)
    }
}
