import Foundation
import Testing

@testable import Harness

/// What `tables.md` says of speed beside its bounds, from rows made by hand.
struct SpeedBoundTests {
    private func run(_ mechanism: String, window: Int = 1) -> RunRow {
        let plan = RunPlan(
            experiment: "e", mechanism: mechanism, groups: 5, faults: 3,
            workload: Workload(operations: 10, window: window))
        var row = RunRow(
            run: 1, plan: plan, nodes: 8, codes: mechanism == "fusion",
            orders: mechanism == "replication")
        row.valid = true
        return row
    }

    /// The rows of nodes that crashed together, one for each time.
    private func set(
        _ milliseconds: [Int], role: String = "primary", bytes: Int
    ) -> [RecoveryRow] {
        milliseconds.map {
            var row = RecoveryRow()
            row.run = 1
            row.role = role
            row.failedAtOnce = milliseconds.count
            row.recoveryNs = $0 * 1_000_000
            row.bytes = bytes
            row.verified = true
            return row
        }
    }

    private func floor(
        _ measure: FloorMeasure, peers: Int, median: Int, p999: Int? = nil
    ) -> FloorRow {
        FloorRow(
            transport: "tcp", measure: measure.rawValue, peers: peers, messageBytes: 64,
            count: 2000, median: median, p99: median, unit: "", p999: p999)
    }

    /// The rows of the table without what precedes the subject.
    private func bounds(
        _ run: RunRow, updates: [Int] = [], recoveries: [RecoveryRow] = []
    ) throws -> [String] {
        let directory = try TemporaryDirectory()
        try CSVWriter.write([run], in: directory.path)
        try CSVWriter.write(
            updates.enumerated().map {
                UpdateRow(
                    run: 1, group: 1, operation: $0 + 1, kind: "append", backupNs: $1,
                    messages: 2, bytes: 64)
            }, in: directory.path)
        try CSVWriter.write(recoveries, in: directory.path)
        try CSVWriter.write(
            [
                floor(.oneRound, peers: 3, median: 100, p999: 300),
                floor(.twoRounds, peers: 4, median: 100, p999: 300),
                // 1 and 2 ns a byte.
                floor(.bulkPull, peers: 5, median: 1_000_000_000),
                floor(.freshPull, peers: 1, median: 500_000_000),
            ], in: directory.path)
        let text = try Tables.text(directory: directory.path, floors: Registry.floors)
        guard let section = text.range(of: "### Speed beside its bounds\n") else { return [] }
        let lines = text[section.upperBound...].split(separator: "\n")
        let table = lines.drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
        return table.dropFirst(2).map { row in
            row.split(separator: "|").dropFirst(2).joined(separator: "|")
                .trimmingCharacters(in: .whitespaces)
        }
    }

    @Test(arguments: [(500, "0.833"), (900, "1.50")])
    func `the tail of updates may be twice as long as their floor's`(
        slowest: Int, share: String
    ) throws {
        let times = Array(repeating: 100, count: 1997) + [slowest, slowest, slowest]
        for mechanism in ["fusion", "replication"] {
            #expect(
                try bounds(run(mechanism), updates: times) == [
                    "update, p99.9 over median | \(slowest / 100).00 | 6.00 | "
                        + "2 × 3.00 of the floor | \(share)"
                ])
        }
    }

    @Test func `few updates, and those that wait for others, have no tail to judge`() throws {
        let times = Array(repeating: 100, count: 1000)
        #expect(try bounds(run("fusion"), updates: Array(times.dropLast())).isEmpty)
        #expect(try bounds(run("fusion", window: 2), updates: times).isEmpty)
        #expect(try bounds(run("fusion"), updates: times).count == 1)
    }

    @Test(arguments: [(38, "0.905"), (50, "1.19")])
    func `several primaries may take 1.3 times as long as one, and what their bytes take`(
        last: Int, share: String
    ) throws {
        // Sets stand one behind the other; those with a backup among them do not count.
        let recoveries =
            set([10], bytes: 40_000_000) + set([9, last, 20], bytes: 56_000_000)
            + set([3], role: "backup", bytes: 1)
            + set([500, 500], bytes: 90_000_000).enumerated().map { place, row in
                var row = row
                if place == 1 { row.role = "backup" }
                return row
            }
            + set([30], bytes: 40_000_000) + set([last, 1, 2], bytes: 56_000_000)
        #expect(
            try bounds(run("fusion"), recoveries: recoveries) == [
                "recovery of 3 primaries at once | \(last).0 ms | 42.0 ms | 1.3 × 20.0 ms of one, "
                    + "and 16.0 MB more at the pull rate, 16.0 ms | \(share)"
            ])
    }

    @Test(arguments: [(30, "0.938"), (40, "1.25")])
    func `a replica may take twice as long as a process that pulls the bytes once`(
        time: Int, share: String
    ) throws {
        #expect(
            try bounds(
                run("replication"), recoveries: set([time], role: "replica", bytes: 8_000_000))
                == [
                    "re-entry of a replica | \(time).0 ms | 32.0 ms | 2 × 16.0 ms of a fresh pull; "
                        + "a warm one takes 8.00 ms | \(share)"
                ])
    }

    @Test func `recoveries that move little are not judged by what moving takes`() throws {
        #expect(
            try bounds(
                run("replication"), recoveries: set([30], role: "replica", bytes: 499_999)
            ).isEmpty)
        let few = set([10], bytes: 40_000) + set([9, 30, 20], bytes: 1_039_999)
        #expect(try bounds(run("fusion"), recoveries: few).isEmpty)
    }
}
