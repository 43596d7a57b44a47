import Foundation
import Testing

@testable import Harness

struct ResultsCSVTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    @Test func `columns keep the contract's names and order`() {
        func names<Row: CSVRow>(_: Row.Type) -> String {
            Row.columns.map(\.name).joined(separator: ", ")
        }
        // As in DESIGN.md, Contracts; what comes behind are additions.
        #expect(
            names(RunRow.self).hasPrefix(
                "run, experiment, mechanism, groups, faults, structure, value_bytes, operations, "
                    + "window, transport, launch, code, word_bits, repetition, seed, nodes, "
                    + "duration_ns, updates, recoveries, valid"))
        #expect(
            names(UpdateRow.self).hasPrefix(
                "run, group, operation, kind, backup_ns, messages, bytes"))
        #expect(
            names(SpaceRow.self).hasPrefix(
                "run, operations, node, role, group, elements, payload_bytes, auxiliary_bytes, "
                    + "slack_bytes, protocol_bytes, total_bytes, resident_bytes"))
        #expect(
            names(RecoveryRow.self).hasPrefix(
                "run, operations, node, role, group, elements, incarnation, detect_ns, quiesce_ns, "
                    + "collect_ns, decode_ns, install_ns, resume_ns, recovery_ns, restart_ns, "
                    + "messages, bytes, verified"))
        #expect(
            names(SummaryRow.self).hasPrefix(
                "mechanism, groups, faults, structure, value_bytes, transport, metric, count, mean, "
                    + "median, variance, stddev, min, p95, p99, p999, max, floor, ratio_to_floor"))
        #expect(
            names(FloorRow.self)
                == "transport, measure, peers, message_bytes, count, median, p99, unit, window, "
                + "failed, p999, placement")
    }

    @Test func `the data dictionary names every column`() {
        let text = DataDictionary.markdown
        for column in RunRow.columns { #expect(text.contains("| `\(column.name)` |")) }
        for column in RecoveryRow.columns { #expect(text.contains("| `\(column.name)` |")) }
        #expect(text.contains("### summary.csv"))
    }

    @Test func `bytes of a file are RFC 4180`() throws {
        try CSVWriter.write([UpdateRow.example(1)], in: directory.path)
        #expect(
            try directory.text("updates.csv")
                == "run,group,operation,kind,backup_ns,messages,bytes,local_ns,proposal_ns,"
                + "acknowledgement_ns,holdback_ns,sender,wait_ns,began_ns\r\n"
                + "1,2,1,append,90000,2,64,,,,,,,\r\n"
        )
    }

    @Test func `rows come back as they were, quotes and empty cells included`() throws {
        var run = RunRow()
        run.run = 3
        run.experiment = "a \"b\", c\r\nd, ü"
        run.seed = .max
        run.wordBits = 8
        run.crashEvery = nil
        run.durationNs = 1_000_000_000_000_000
        run.updates = 0
        run.valid = true
        var other = RunRow()
        other.mix = "\""
        try CSVWriter.write([run, other], in: directory.path)
        let read = try CSVReader.rows(RunRow.self, in: directory.path)
        #expect(read.rows == [run, other])
        #expect(!read.isCut)
    }

    @Test func `real numbers come back exactly`() throws {
        var row = SummaryRow()
        row.mean = 0.1 + 0.2
        row.variance = 1e300 / 3
        row.ratioToFloor = nil
        try CSVWriter.write([row], in: directory.path)
        #expect(try CSVReader.rows(SummaryRow.self, in: directory.path).rows == [row])
    }

    @Test func `columns are found by name, further ones and bare line feeds do not matter`() throws
    {
        let text = "later,run,bytes,messages,backup_ns,kind,operation,group\nx,1,7,6,5,set,3,2\n"
        try directory.write(text, to: "updates.csv")
        let expected = UpdateRow(
            run: 1, group: 2, operation: 3, kind: "set", backupNs: 5, messages: 6, bytes: 7)
        #expect(try CSVReader.rows(UpdateRow.self, in: directory.path).rows == [expected])
    }

    @Test func `a row cut at any byte is left out and reported`() throws {
        var first = RunRow()
        first.experiment = "one"
        var second = RunRow()
        second.experiment = "quoted, \"two\""
        try CSVWriter.write([first, second], in: directory.path)
        let whole = try directory.bytes("runs.csv")
        var one: [UInt8] = RunRow.header
        first.append(to: &one)
        for count in one.count..<whole.count {
            try directory.write(String(decoding: whole[..<count], as: UTF8.self), to: "runs.csv")
            let read = try CSVReader.rows(RunRow.self, in: directory.path)
            #expect(read.rows == [first], "\(count) bytes")
            #expect(read.isCut == (count > one.count), "\(count) bytes")
        }
    }

    @Test(arguments: [
        ("run,group\n1,2,3\n", 2, "3 fields where the header has 2"),
        ("run,group\n1,2\n\n1\n", 4, "1 field where the header has 2"),
        ("run,group\n1,x\n", 2, "group is \"x\" where a whole number from 0 to 10^15 belongs"),
        ("run,group\n1,\n", 2, "group is \"\" where a whole number"),
        ("run,group\n1,-1\n", 2, "group is \"-1\" where a whole number"),
        ("run,group\n1,1000000000000001\n", 2, "a whole number from 0 to 10^15 belongs"),
        ("run,group\n1,99999999999999999999999\n", 2, "a whole number from 0 to 10^15 belongs"),
        ("run,group\n1,2\n\"1,2\n3,4\n", 3, "a quote is never closed"),
        ("run,group,run\n1,2,3\n", 1, "the column \"run\" stands twice in the header"),
        ("run,group\n\"1\"x,2\n", 2, "text stands behind a closing quote"),
        ("run,group\n1\r2,2\n", 2, "a carriage return stands alone"),
        ("run,grp\n1,2\n", 1, "the column \"group\" is missing in the header"),
        ("", 1, "the header is missing or cut"), ("run,gro", 1, "the header is missing or cut"),
    ])
    func `a wrong file is named with its line`(text: String, line: Int, reason: String) throws {
        let error = #expect(throws: ResultsError.self) {
            var reader = try CSVReader(Array(text.utf8), path: "f.csv", columns: ["run", "group"])
            while try reader.next() {
                _ = try reader.integer(0)
                _ = try reader.integer(1)
            }
        }
        let description = try #require(error).description
        #expect(description.hasPrefix("f.csv, line \(line): "), "\(description)")
        #expect(description.contains(reason), "\(description)")
    }

    @Test func `a reader goes on behind what is wrong`() throws {
        let text = "\u{FEFF}run,group\n1,2\n\n\"3,4\n5\n\"6\"x,7\n8,9\n"
        var reader = try CSVReader(Array(text.utf8), path: "f", columns: ["run", "group"])
        var rows: [Int] = []
        var wrong: [Int] = []
        while true {
            do throws(ResultsError) {
                guard try reader.next() else { break }
                rows.append(try reader.integer(0))
            } catch .malformed(_, let line, _) {
                wrong.append(line)
            }
        }
        #expect(rows == [1, 8])
        #expect(wrong == [4, 5, 6])
    }

    @Test func `a missing file is named`() {
        #expect(
            throws: ResultsError.read(
                path: "/nowhere/runs.csv", reason: "No such file or directory")
        ) {
            try CSVReader.rows(RunRow.self, in: "/nowhere")
        }
    }

    @Test func `an existing file is not overwritten`() throws {
        try directory.write("mine", to: "updates.csv")
        #expect(throws: ResultsError.self) { try CSVWriter<UpdateRow>(in: directory.path) }
        #expect(try directory.text("updates.csv") == "mine")
    }
}
