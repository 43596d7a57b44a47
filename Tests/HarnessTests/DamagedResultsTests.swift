import Foundation
import ProgramTesting
import Testing

@testable import Harness

/// Results that are incomplete, edited by hand, or of another version: what is wrong is said, and the
/// rest is used.
struct DamagedResultsTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        var results = SyntheticResults()
        results.groups = [1]
        results.operations = 1000
        try results.write(to: directory.path)
    }

    /// One fault, and what is said of it.
    struct Damage: Sendable, CustomTestStringConvertible {
        var file: String
        var change: @Sendable (String) -> String?
        var sentence: String

        var testDescription: String { sentence }
    }

    private static func line(_ number: Int, of text: String, _ new: String?) -> String {
        var lines = text.components(separatedBy: "\r\n")
        if let new { lines[number - 1] = new } else { lines.remove(at: number - 1) }
        return lines.joined(separator: "\r\n")
    }

    /// A row of an update but for its run.
    private static func rest(_ time: Any) -> String {
        let empty = String(repeating: ",", count: UpdateRow.columns.count - 7)
        return ",1,2,append,\(time),2,64\(empty)\r\n"
    }

    private static func update(_ number: Int, of text: String, time: String) -> String {
        line(number, of: text, "1" + rest(time).dropLast(1))
    }

    private static let damages: [Damage] = [
        Damage(
            file: "updates.csv", change: { String($0.dropLast(3)) },
            sentence: "updates.csv ends in the middle of a row, which was left out."),
        Damage(
            file: "updates.csv",
            change: { update(3, of: $0, time: "many") },
            sentence: "updates.csv, line 3: backup_ns is \"many\" where a whole number from 0 to "
                + "10^15 belongs; the row was left out."),
        Damage(
            file: "updates.csv", change: { update(3, of: $0, time: "-5") },
            sentence: "updates.csv, line 3: backup_ns is \"-5\" where a whole number"),
        Damage(
            file: "updates.csv", change: { line(3, of: $0, "1,1,2") },
            sentence:
                "updates.csv, line 3: 3 fields where the header has \(UpdateRow.columns.count); the "
                + "row was left out."
        ),
        Damage(
            file: "updates.csv", change: { line(3, of: $0, "\"1,1,2,append,5,2,64,") },
            sentence: "updates.csv, line 3: a quote is never closed; the row was left out."),
        Damage(
            file: "updates.csv", change: { line(3, of: $0, nil) },
            sentence: "updates.csv has 19 rows of run 1 where runs.csv counts 20."),
        Damage(
            file: "updates.csv",
            change: { $0 + "77\(rest(5))77\(rest(6))" },
            sentence: "updates.csv has 2 rows of run 77, which runs.csv does not have; they were "
                + "left out."),
        Damage(
            file: "updates.csv", change: { $0.replacing("backup_ns", with: "time") },
            sentence: "updates.csv, line 1: the column \"backup_ns\" is missing in the header; the "
                + "file was left out."),
        Damage(
            file: "updates.csv",
            change: { text in
                text.components(separatedBy: "\r\n").enumerated().map { index, line in
                    line.isEmpty ? "" : line + (index == 0 ? ",colour" : ",red")
                }.joined(separator: "\r\n")
            },
            sentence: "updates.csv has a column that this version does not know (colour) and did "
                + "not use; crashbench columns lists those that it knows."),
        Damage(file: "updates.csv", change: { _ in nil }, sentence: "updates.csv is missing."),
        Damage(
            file: "updates.csv", change: { _ in "" },
            sentence: "updates.csv, line 1: the header is missing or cut; the file was left out."),
        Damage(file: "recovery.csv", change: { _ in nil }, sentence: "recovery.csv is missing."),
        Damage(
            file: "recovery.csv", change: { $0.replacing("true", with: "yes", maxReplacements: 1) },
            sentence: "recovery.csv, line 2: verified is \"yes\" where true or false belongs; the "
                + "row was left out."),
        Damage(file: "space.csv", change: { _ in nil }, sentence: "space.csv is missing."),
        Damage(
            file: "space.csv", change: { $0 + "9,1,n,backup,,1,1,1,1,1,4,5,6\r\n" },
            sentence: "space.csv has 1 row of run 9, which runs.csv does not have; it was left out."
        ),
        Damage(
            file: "runs.csv", change: { line(3, of: $0, "2,boyd-2016") },
            sentence: "runs.csv, line 3: 2 fields where the header has"),
        Damage(
            file: "runs.csv",
            change: { $0 + $0.components(separatedBy: "\r\n")[1] + "\r\n" },
            sentence: "runs.csv has run 1 twice; the second was left out."),
        Damage(
            file: "floor.csv", change: { _ in "measure\r\n" },
            sentence: "floor.csv, line 1: the column \"transport\" is missing in the header; the "
                + "file was left out."),
        Damage(
            file: "environment.json", change: { _ in "{\"commit\": 7}" },
            sentence: "environment.json cannot be read; the machine is not named."),
    ]

    private func apply(_ damage: Damage) throws {
        let path = directory.path + "/" + damage.file
        let text = (try? directory.text(damage.file)) ?? ""
        guard let changed = damage.change(text) else {
            try FileManager.default.removeItem(atPath: path)
            return
        }
        #expect(changed != text || text.isEmpty, "the damage changes something")
        try directory.write(changed, to: damage.file)
    }

    @Test(arguments: damages)
    func `a fault is named and the rest is used`(_ damage: Damage) throws {
        let whole = try Tables.text(directory: directory.path, floors: [:])
        try apply(damage)
        let sentences = try Tables.write(directory: directory.path, floors: Registry.floors)
        #expect(sentences.contains { $0.hasPrefix(damage.sentence) }, "\(sentences)")
        let text = try directory.text("tables.md")
        #expect(text.contains(damage.sentence))
        // What stands in another file is as it was.
        let heads = ["### Update time\n", "### Recovery time", "### Backup space"]
        for (head, file) in zip(heads, ["updates.csv", "recovery.csv", "space.csv"])
        where damage.file != file && damage.file != "runs.csv" {
            #expect(whole.contains(head) && text.contains(head), "\(head)")
        }
        #expect(text.contains("| 1 | fusion |"))
    }

    /// Damage that leaves most rows of the file itself.
    @Test(arguments: [0, 1, 2, 3, 4, 5, 6, 8])
    func `whole rows of a damaged file are used`(_ index: Int) throws {
        try apply(Self.damages[index])
        try Tables.write(directory: directory.path)
        let rows = try CSVReader.rows(SummaryRow.self, in: directory.path).rows
        let counts = rows.filter { $0.metric == "backup_ns" }.map(\.count)
        #expect(counts.reduce(0, +) == ([6, 8].contains(index) ? 40 : 39), "\(counts)")
    }

    @Test func `many faults are counted and not listed`() throws {
        try apply(
            Damage(
                file: "updates.csv", change: { $0.replacing(",append,", with: ",append,x") },
                sentence: ""))
        let sentences = try Tables.write(directory: directory.path)
        #expect(sentences.count == 5)
        #expect(sentences.last == "updates.csv has 38 more faults of this kind.")
    }

    @Test func `results without runs are refused`() throws {
        try FileManager.default.removeItem(atPath: directory.path + "/runs.csv")
        for command in [["tables"], ["plot"], ["summary"], ["compare", directory.path]] {
            let outcome = try Program.call(command + [directory.path])
            #expect(outcome.status == 2)
            #expect(outcome.output == "")
            #expect(
                outcome.errors
                    == "crashbench: \(directory.path)/runs.csv cannot be read (No such file or "
                    + "directory): name a directory that crashbench run has written.\n")
        }
    }

    @Test func `commands say what was left out and exit with 2`() throws {
        try apply(Self.damages[1])
        let sentence = "crashbench: \(directory.path): \(Self.damages[1].sentence)\n"
        for command in [["summary"], ["plot"], ["tables"], ["compare", directory.path]] {
            let outcome = try Program.call(command + [directory.path])
            #expect(outcome.status == 2, "\(command)")
            #expect(outcome.errors.hasPrefix(sentence), "\(outcome.errors)")
            #expect(!outcome.output.isEmpty)
        }
    }

    /// Every byte of the small files takes part; nothing may crash, hang, or be thrown but a sentence.
    @Test func `no change of a byte crashes`() throws {
        let files = ["runs.csv", "recovery.csv", "space.csv", "updates.csv"]
        for name in files {
            let bytes = try directory.bytes(name)
            for (step, byte) in zip(0..<80, "\",\r\n-9xé\0".utf8.repeated(to: 80)) {
                var changed = bytes
                changed[(step * 7919) % bytes.count] = byte
                try Data(changed).write(to: URL(fileURLWithPath: directory.path + "/" + name))
                do throws(ResultsError) {
                    _ = try Tables.text(directory: directory.path, floors: Registry.floors)
                } catch {
                    #expect(name == "runs.csv" && error.description.contains("runs.csv"))
                }
            }
            try Data(bytes).write(to: URL(fileURLWithPath: directory.path + "/" + name))
        }
    }
}

extension Sequence {
    /// The elements again and again, so many.
    fileprivate func repeated(to count: Int) -> [Element] {
        let all = Array(self)
        return (0..<count).map { all[$0 % all.count] }
    }
}
