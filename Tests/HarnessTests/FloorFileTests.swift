import Foundation
import Testing

@testable import Harness

@Suite("Floor file")
struct FloorFileTests {
    private static let header = "transport,measure,peers,message_bytes,count,median,p99,unit"
    private static let rows = [
        FloorMeasurement(
            transport: "tcp", measure: "two_rounds", peers: 2, messageBytes: 64, count: 5_000,
            median: 161_200, p99: 284_600, unit: "ns"),
        FloorMeasurement(
            transport: "", measure: "decode", peers: 5, messageBytes: 8_000_000, count: 15,
            median: 2_230_000_000, p99: 1_960_000_000, unit: "bytes_per_second"),
    ]

    @Test("What was written is read again")
    func roundTrip() throws {
        try inDirectory { directory in
            try Floor.write(Self.rows, to: directory)
            #expect(try Floor.read(from: directory) == Self.rows)
            let text = try String(
                contentsOf: directory.appendingPathComponent("floor.csv"), encoding: .utf8)
            #expect(
                text == Self.header + "\r\ntcp,two_rounds,2,64,5000,161200,284600,ns\r\n"
                    + ",decode,5,8000000,15,2230000000,1960000000,bytes_per_second\r\n")
        }
    }

    @Test(
        "A malformed file gives its line and what is wrong with it",
        arguments: [
            ([], 1, "the header must be"),
            (["transport,measure"], 1, "the header must be"),
            ([header, "tcp,round_trip,1"], 2, "3 fields where 8 belong"),
            ([header, ""], 2, "1 fields where 8 belong"),
            ([header, "udp,round_trip,1,64,9,1,1,ns"], 2, "the transport \"udp\""),
            ([header, "tcp,trip,1,64,9,1,1,ns"], 2, "the measure \"trip\""),
            ([header, "tcp,round_trip,1,64,9,1,1,s"], 2, "the unit \"s\""),
            ([header, "tcp,round_trip,1,64,9,1.5,1,ns"], 2, "median is \"1.5\""),
            (
                [header, ",decode,1,64,9,1,1,ns", "tcp,one_round,0,64,9,1,1,ns"], 3,
                "peers is \"0\""
            ),
        ])
    func malformed(lines: [String], line: Int, reason: String) throws {
        try inDirectory { directory in
            let text = lines.map { $0 + "\n" }.joined()
            try Data(text.utf8).write(to: directory.appendingPathComponent("floor.csv"))
            let error = #expect(throws: FloorError.self) { try Floor.read(from: directory) }
            #expect(error?.description.contains("floor.csv, line \(line): \(reason)") == true)
        }
    }

    @Test("The table aligns its columns and shows units")
    func table() {
        #expect(
            Floor.table(Self.rows) == """
                transport  measure     peers  message bytes  count     median        p99
                tcp        two_rounds      2             64   5000   161.2 µs   284.6 µs
                -          decode          5        8000000     15  2.23 GB/s  1.96 GB/s

                """)
    }

    @Test("Median and 99th percentile are samples, and a rate's lies at the slow end")
    func percentiles() {
        let durations = (1...200).map { Int64($0) * 10 }.shuffled()
        let duration = FloorMeasurement(
            transport: "tcp", measure: .oneRound, peers: 1, messageBytes: 1, durations: durations,
            bytes: nil)
        #expect([duration.median, duration.p99] == [1_000, 1_980])
        let rate = FloorMeasurement(
            transport: "tcp", measure: .bulkPull, peers: 1, messageBytes: 1, durations: durations,
            bytes: 3_960)
        #expect([rate.median, rate.p99] == [3_960_000_000, 2_000_000_000])
    }

    private func inDirectory(_ body: (URL) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("crashbench-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try body(directory)
    }
}
