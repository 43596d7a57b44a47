import Foundation
import ProgramTesting
import Testing

@testable import Harness

/// What README.md says of commands, keys, files and columns is what the program does.
struct ReadmeTests {
    private static let root = ShippedExperimentTests.folder.deletingLastPathComponent()

    private static func readme() throws -> String {
        try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    }

    /// The rows of the first table under a heading, without the marks of code.
    private static func table(under heading: String) throws -> [[String]] {
        let start = try #require(
            try readme().range(of: "\n\(heading)\n"), "README.md has no heading \"\(heading)\"")
        let lines = try readme()[start.upperBound...].split(
            separator: "\n", omittingEmptySubsequences: false)
        let table = lines.drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
        // The header and the rule below it.
        return table.dropFirst(2).map { line in
            line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
                .map {
                    $0.replacing("`", with: "").trimmingCharacters(in: .whitespaces)
                }
        }
    }

    private static func help(_ arguments: [String]) throws -> String {
        try Program.call(arguments + ["--help"]).output
    }

    @Test func `the data dictionary is the one that the columns give`() throws {
        let text = try Self.readme()
        let begin = try #require(text.range(of: "<!-- data dictionary: begin -->\n\n"))
        let end = try #require(text.range(of: "\n<!-- data dictionary: end -->"))
        #expect(
            text[begin.upperBound..<end.lowerBound] == DataDictionary.markdown,
            "put this between the two comments of README.md:\n\n\(DataDictionary.markdown)")
    }

    @Test func `the commands and their options are the program's`() throws {
        let commands = try Self.table(under: "## The command line")
        let listed = try Self.help([]).matches(of: #/\n  ([a-z]+(?: [A-Za-z\[\]]+)*)  /#).map {
            String($0.output.1)
        }
        #expect(commands.map(\.[0]) == listed)
        for command in commands {
            let name = String(command[0].prefix { $0 != " " })
            let options = try Self.help([name]).matches(of: /\n  .{4}--([a-z]+)/).map {
                "--\($0.output.1)"
            }.filter { $0 != "--help" }
            #expect(command[2].split(separator: " ").map(String.init) == options, "\(name)")
        }
    }

    @Test func `the keys of the experiment file are the loader's`() throws {
        let experiment = try ExperimentTests.load(ExperimentTests.smallest, ["crash.every=5"])
        let values = Self.leaves(of: try JSONValue(parsing: experiment.text))
        let rows = try Self.table(under: "### Keys")
        #expect(Set(rows.map(\.[0])) == Set(values.keys))
        for row in rows {
            let value = try #require(values[row[0]], "\(row[0]) is no key")
            if row[2] != "required" {
                #expect(try JSONValue(parsing: row[2]) == value, "the default of \(row[0])")
            }
            var list = try Override(setting: "\(row[0])=0")
            list.value = .list([value])
            let takesList =
                (try? Experiment.parse(
                    ExperimentTests.smallest, origin: "",
                    overrides: [
                        try Override(setting: "crash.every=5"), list,
                    ])) != nil
            #expect(row[3] == (takesList ? "yes" : "no"), "whether \(row[0]) takes a list")
        }
    }

    /// The values of an experiment by the paths of their keys.
    private static func leaves(of value: JSONValue, at path: String = "") -> [String: JSONValue] {
        guard case .object(let members) = value, path != "workload.mix" else {
            return [path: value]
        }
        return members.reduce(into: [:]) { all, member in
            let path = path.isEmpty ? member.key : "\(path).\(member.key)"
            all.merge(leaves(of: member.value, at: path)) { first, _ in first }
        }
    }

    @Test func `the example of an experiment file is one`() throws {
        let text = try Self.readme()
        let example = try #require(text.firstMatch(of: /```json5\n((?s:.*?))```/)?.output.1)
        let experiment = try ExperimentTests.load(String(example))
        #expect(experiment.plans.count > 1)
    }

    @Test func `all shipped experiments are there`() throws {
        let rows = try Self.table(under: "### Shipped experiments")
        #expect(rows.map(\.[0]) == ShippedExperimentTests.files)
    }

    @Test func `every target of the package is there`() throws {
        let rows = try Self.table(under: "## The code")
        let folders = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appendingPathComponent("Sources").path)
        #expect(rows.map(\.[0]).sorted() == folders.sorted())
    }

    @Test func `links lead to files`() throws {
        let links = try Self.readme().matches(of: /\]\(([^)#:]+)\)/).map { String($0.output.1) }
        #expect(!links.isEmpty)
        for link in links {
            let file = Self.root.appendingPathComponent(link).path
            #expect(FileManager.default.fileExists(atPath: file), "\(link)")
        }
    }
}
