import Testing

@testable import Harness

struct ResultsSummaryTests {
    private let directory: TemporaryDirectory
    /// As the registry of mechanisms will have them.
    private let floors = [
        "fusion": MechanismFloor(update: UpdateFloor(rounds: 1, peers: { $0 }), decodes: true),
        "replication": MechanismFloor(
            update: UpdateFloor(rounds: 2, peers: { $0 + 1 }), decodes: false),
    ]

    init() throws { directory = try TemporaryDirectory() }

    private func run(
        _ number: Int, mechanism: String = "fusion", repetition: Int = 1, valid: Bool = true
    ) -> RunRow {
        let plan = RunPlan(
            experiment: "e", mechanism: mechanism, groups: 2, faults: 1,
            workload: Workload(operations: 10), repetition: repetition, seed: UInt64(number))
        var row = RunRow(run: number, plan: plan, nodes: 3, codes: mechanism == "fusion")
        row.durationNs = number
        row.valid = valid
        return row
    }

    private func updates(_ run: Int, _ times: [Int]) -> [UpdateRow] {
        times.enumerated().map {
            UpdateRow(
                run: run, group: 1, operation: $0 + 1, kind: "append", backupNs: $1, messages: 2,
                bytes: 64)
        }
    }

    private func recovery(
        _ run: Int, role: String = "primary", ns: Int, bytes: Int = 0, verified: Bool = true
    ) -> RecoveryRow {
        var row = RecoveryRow()
        row.run = run
        row.role = role
        row.recoveryNs = ns
        row.restartNs = ns * 10
        row.bytes = bytes
        row.verified = verified
        return row
    }

    private func space(
        _ run: Int, _ role: String, group: Int?, total: Int, operations: Int = 10
    ) -> SpaceRow {
        var row = SpaceRow()
        row.run = run
        row.operations = operations
        row.role = role
        row.group = group
        row.totalBytes = total
        return row
    }

    private func floor(
        _ measure: String, peers: Int, bytes: Int = 64, median: Int, transport: String = "tcp"
    ) -> FloorRow {
        var row = FloorRow()
        row.transport = transport
        row.measure = measure
        row.peers = peers
        row.messageBytes = bytes
        row.median = median
        return row
    }

    /// Writes `summary.csv` and reads it again.
    private func summary() throws -> [SummaryRow] {
        try Tables.write(directory: directory.path, floors: floors)
        return try CSVReader.rows(SummaryRow.self, in: directory.path).rows
    }

    private func row(
        _ rows: [SummaryRow], _ metric: String, mechanism: String = "fusion", role: String = ""
    ) throws -> SummaryRow {
        let found = rows.filter {
            $0.metric == metric && $0.configuration.mechanism == mechanism && $0.role == role
        }
        #expect(found.count == 1)
        return try #require(found.first)
    }

    @Test func `repetitions are summed up together, mechanisms apart, invalid runs not at all`()
        throws
    {
        try CSVWriter.write(
            [
                run(1), run(2, mechanism: "replication"), run(3, repetition: 2),
                run(4, repetition: 3, valid: false),
            ], in: directory.path)
        try CSVWriter.write(
            updates(1, [10, 20]) + updates(2, [7]) + updates(3, [60]) + updates(4, [1000])
                + updates(9, [2000]), in: directory.path)
        let rows = try summary()
        #expect(rows.count == 2)
        let fusion = try row(rows, "backup_ns")
        #expect(fusion.count == 3)
        #expect(fusion.mean == 30)
        #expect(fusion.median == 20)
        #expect(fusion.variance == 700)
        #expect([fusion.minimum, fusion.maximum, fusion.p95] == [10, 60, 60])
        #expect(fusion.floor == nil)
        #expect(fusion.ratioToFloor == nil)
        #expect(fusion.configuration.wordBits == 8)
        #expect(try row(rows, "backup_ns", mechanism: "replication").count == 1)
    }

    @Test func `spans are summed up where a mechanism tells them`() throws {
        try CSVWriter.write(
            [run(1), run(2, mechanism: "replication"), run(3, valid: false)], in: directory.path)
        var told = updates(2, [100, 200]) + updates(3, [500])
        for index in told.indices {
            told[index].localNs = 10 + index
            told[index].proposalNs = 20 + index
            told[index].acknowledgementNs = told[index].backupNs - 30 - 2 * index
        }
        told[1].proposalNs = nil
        told[1].holdbackNs = 7
        try CSVWriter.write(updates(1, [40]) + told, in: directory.path)
        let rows = try summary()
        #expect(
            rows.map(\.metric) == [
                "backup_ns", "backup_ns", "local_ns", "proposal_ns", "acknowledgement_ns",
                "holdback_ns",
            ])
        #expect(rows[1...].allSatisfy { $0.configuration.mechanism == "replication" })
        #expect(rows[1...].map(\.count) == [2, 2, 1, 2, 1])
        #expect(rows[1...].map(\.median) == [150, 10.5, 20, 119, 7])
        #expect(rows[2...].allSatisfy { $0.floor == nil })
    }

    @Test func `the slowest updates tell which span made them slow`() throws {
        try CSVWriter.write([run(1, mechanism: "replication")], in: directory.path)
        // Of 20,000 updates the slowest 20 wait for proposals, those behind them for the rest.
        let times = (0..<20_000).map { $0 < 20 ? 1_000_000 : $0 < 100 ? 500_000 : 1000 }
        try CSVWriter.write(
            zip(times, updates(1, times)).enumerated().map { number, update in
                var (time, row) = update
                let wait = time * 3 / 4
                row.localNs = time / 8
                row.proposalNs = number < 20 ? wait : time / 8
                row.acknowledgementNs = number < 20 ? time / 8 : wait
                return row
            }, in: directory.path)
        try Tables.write(directory: directory.path)
        let text = try directory.text("tables.md")
        let section = try #require(text.range(of: "### Where the time of an update goes\n"))
        let rows = text[section.upperBound...].split(separator: "\n").filter {
            $0.hasPrefix("| 2 ")
        }
        #expect(
            Array(rows[..<3]) == [
                "| 2 | replication | local | 125 ns | 125 ns | 62.5 µs | 125 µs | 12.5 % |",
                "| 2 | replication | proposal | 125 ns | 125 ns | 62.5 µs | 750 µs | 75.0 % |",
                "| 2 | replication | acknowledgement | 750 ns | 750 ns | 375 µs | 375 µs | 12.5 % |",
            ])
        #expect(!text.contains("| hold-back |"))
    }

    @Test func `of few updates the slowest ten count`() {
        let parts = (1...30).map {
            RunUpdates.Parts(
                backupNs: $0, spans: UpdateSpans(localNs: $0, acknowledgementNs: 0))
        }
        #expect(parts.slowest.map(\.backupNs) == Array((21...30).reversed()))
        #expect(Array(parts[..<4]).slowest.count == 4)
        #expect(parts.slowest.meanShare(of: .local) == 1)
        #expect(parts.slowest.meanShare(of: .proposal) == nil)
    }

    @Test func `reads are summed up apart from updates and have no floor`() throws {
        try CSVWriter.write([run(1)], in: directory.path)
        try CSVWriter.write([floor("one_round", peers: 1, median: 10)], in: directory.path)
        var reads = updates(1, [3, 5, 1000])
        for (index, kind) in ["read", "read", "readAll"].enumerated() { reads[index].kind = kind }
        try CSVWriter.write(updates(1, [10, 20]) + reads, in: directory.path)
        let rows = try summary()
        #expect(rows.map(\.metric) == ["backup_ns", "read_ns", "read_all_ns"])
        #expect(rows.map(\.count) == [2, 2, 1])
        #expect(rows.map(\.median) == [15, 4, 1000])
        #expect(rows.map(\.floor) == [10, nil, nil])
        let text = try Tables.text(directory: directory.path, floors: floors)
        #expect(text.contains("### Read time"))
        #expect(text.contains("| 2 | fusion | one element | 2 | 4.00 ns |"), "\(text)")
        #expect(text.contains("| 2 | fusion | all elements | 1 | 1.00 µs |"))
    }

    @Test func `runs that differ in a setting are not mixed`() throws {
        var concurrent = run(2)
        concurrent.order = "concurrent"
        var wide = run(3)
        wide.wordBits = 16
        try CSVWriter.write([run(1), concurrent, wide], in: directory.path)
        try CSVWriter.write((1...3).flatMap { updates($0, [10 * $0]) }, in: directory.path)
        let rows = try summary()
        #expect(rows.map(\.median) == [10, 20, 30])
        #expect(rows.map(\.configuration.order) == ["sequential", "concurrent", "sequential"])
        #expect(rows.map(\.configuration.wordBits) == [8, 8, 16])
    }

    @Test func `recoveries that were not verified are left out, roles stay apart`() throws {
        try CSVWriter.write([run(1), run(2, valid: false)], in: directory.path)
        try CSVWriter.write(
            [
                recovery(1, ns: 100), recovery(1, ns: 200), recovery(1, ns: 9, verified: false),
                recovery(1, role: "backup", ns: 1000), recovery(2, ns: 5),
            ], in: directory.path)
        let rows = try summary()
        #expect(rows.count == 6)
        let primary = try row(rows, "recovery_ns", role: "primary")
        #expect(primary.count == 2)
        #expect(primary.median == 150)
        #expect(try row(rows, "restart_ns", role: "primary").median == 1500)
        #expect(try row(rows, "recovery_ns", role: "backup").median == 1000)
        #expect(try row(rows, "recovery_bytes", role: "primary").count == 2)
        #expect(try row(rows, "recovery_bytes", role: "backup").count == 1)
    }

    @Test func `backup bytes are what is held beyond one copy`() throws {
        try CSVWriter.write([run(1), run(2, mechanism: "replication")], in: directory.path)
        try CSVWriter.write(
            [
                space(1, "primary", group: 1, total: 500),
                space(1, "primary", group: 2, total: 700),
                space(1, "backup", group: nil, total: 90),
                space(1, "backup", group: nil, total: 80),
                space(2, "manager", group: 1, total: 5000),
                space(2, "replica", group: 1, total: 10), space(2, "replica", group: 1, total: 30),
                space(2, "replica", group: 1, total: 20), space(2, "replica", group: 2, total: 400),
                space(2, "replica", group: 2, total: 300),
                space(2, "replica", group: 1, total: 10, operations: 20),
                space(2, "replica", group: 1, total: 6, operations: 20),
            ], in: directory.path)
        let rows = try summary()
        #expect(try row(rows, "backup_bytes").maximum == 170)
        let replication = try row(rows, "backup_bytes", mechanism: "replication")
        #expect(replication.count == 2)
        #expect(replication.maximum == 330)
        #expect(replication.minimum == 6)
    }

    @Test func `floors are those of the mechanism's shape`() throws {
        try CSVWriter.write([run(1), run(2, mechanism: "replication")], in: directory.path)
        try CSVWriter.write(updates(1, [60]) + updates(2, [300]), in: directory.path)
        try CSVWriter.write(
            [
                recovery(1, ns: 6000, bytes: 1000), recovery(1, ns: 6000, bytes: 2000),
                recovery(2, role: "replica", ns: 9000, bytes: 1000),
            ], in: directory.path)
        try CSVWriter.write(
            [
                floor("one_round", peers: 1, bytes: 4096, median: 70),
                floor("one_round", peers: 1, bytes: 64, median: 40),
                floor("one_round", peers: 2, median: 90),
                floor("one_round", peers: 1, median: 1, transport: "ipc"),
                floor("two_rounds", peers: 1, median: 80),
                floor("two_rounds", peers: 2, median: 100),
                // 1 and 2 ns a byte.
                floor("bulk_pull", peers: 5, median: 1_000_000_000),
                // 3 ns a byte.
                floor("fresh_pull", peers: 1, median: 333_333_333),
                floor("decode", peers: 5, median: 500_000_000, transport: ""),
            ], in: directory.path)
        let rows = try summary()
        let fusion = try row(rows, "backup_ns")
        #expect(fusion.floor == 40)
        #expect(fusion.ratioToFloor == 1.5)
        #expect(try row(rows, "backup_ns", mechanism: "replication").ratioToFloor == 3)
        // Medians of (1 + 2) * 1000 and (1 + 2) * 2000.
        let recovery = try row(rows, "recovery_ns", role: "primary")
        #expect(recovery.floor == 4500)
        #expect(recovery.ratioToFloor == 6000.0 / 4500)
        let replica = try row(rows, "recovery_ns", mechanism: "replication", role: "replica")
        #expect(replica.floor == 1000)
        #expect([replica.freshFloor, replica.ratioToFreshFloor] == [3000, 3])
        // Medians of (3 + 2) * 1000 and (3 + 2) * 2000.
        #expect(recovery.freshFloor == 7500)
        #expect(try row(rows, "restart_ns", role: "primary").floor == nil)
    }

    @Test func `a directory without runs is refused, one without updates is not`() throws {
        #expect(throws: ResultsError.self) { try summary() }
        try CSVWriter.write([run(1)], in: directory.path)
        #expect(try summary().isEmpty)
    }
}
