import ProgramTesting
import Testing

/// The bytes that nodes account for, beside what malloc handed out, at 1,000,000 elements.
struct AccountingTests {
    @Test func totalsAgreeWithTheHeap() throws {
        let scratch = try Scratch()
        let experiment = try scratch.file(
            "space.json5",
            """
            {name: "space", mechanisms: ["fusion", "replication"], groups: 1, faults: 1,
             workload: {operations: 1000000, window: 256}}
            """)
        let files = ResultsFiles(directory: scratch.path("r"))
        let outcome = try Program.call(["run", experiment, "--output", files.directory])
        #expect(outcome.status == 0)
        #expect(outcome.errors == "")
        let rows = try files.rows("space.csv").filter { $0["role"] != "manager" }
        let before = rows.filter { $0["operations"] == "0" }
        let after = rows.filter { $0["operations"] == "1000000" }
        #expect(
            after.map { $0["node"] } == ["primary-1", "backup-1", "replica-1-1", "replica-1-2"])
        for (first, last) in zip(before, after) {
            #expect(number(last["elements"]) == 1_000_000)
            func growth(_ column: String) -> Double {
                Double(number(last[column]) - number(first[column]))
            }
            let share = growth("total_bytes") / growth("heap_bytes")
            #expect((0.9...1.1).contains(share), "\(last)")
        }
        // The largest primary's payload, 2 % more, and 256 bytes for each primary.
        let backup = after[1]
        let used = number(backup["total_bytes"]) - number(backup["slack_bytes"])
        #expect(number(after[0]["payload_bytes"]) == 8_000_000)
        #expect(used <= 8_000_000 * 102 / 100 + 256)
    }
}
