import Testing

@testable import Harness

/// The harness's test of itself, and what it finds where measurements are wrong.
struct SelfTestTests {
    /// The verdicts by the name of the check.
    private static func verdicts(
        _ mechanism: KnownDelayMechanism? = nil, expectedStall: UInt64 = SelfTest.stall
    ) throws -> [String: String] {
        var test = SelfTest(interrupt: Interrupt(signals: []))
        test.expectedStall = expectedStall
        if let mechanism {
            test.mechanism = { bare in
                KnownDelayMechanism(
                    bare: bare, delay: mechanism.delay, stalled: mechanism.stalled,
                    stall: mechanism.stall)
            }
        }
        let rows = try test.rows(exchange: 100_000)
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.check, $0.passed) })
    }

    private static func planted(
        delay: UInt64 = SelfTest.delay, stall: UInt64 = SelfTest.stall
    ) -> KnownDelayMechanism {
        KnownDelayMechanism(
            bare: UnprotectedMechanism(
                groups: 1, shape: RunDriverTests.plan("none").shape), delay: delay,
            stalled: SelfTest.stalled, stall: stall)
    }

    @Test func `a stall and what it makes late are in what the harness measures`() throws {
        let verdicts = try Self.verdicts()
        #expect(Set(verdicts.keys) == ["overhead", "delay", "stall", "late", "wake"])
        #expect(verdicts["stall"] == "true" && verdicts["late"] == "true")
        // The other tests are on the machine, too: whether the delay is read back is not for here.
        #expect(verdicts["delay"] != "" && verdicts["wake"] == "")
    }

    @Test func `a delay that is not as told, and a stall that is hidden, are found`() throws {
        #expect(try Self.verdicts(Self.planted(delay: 520_000))["delay"] == "false")
        // No machine stalls as long by itself, however busy the other tests make it.
        let hidden = try Self.verdicts(
            Self.planted(stall: SelfTest.delay), expectedStall: 60_000_000_000)
        #expect(hidden["late"] == "false" && hidden["stall"] == "false")
    }

    @Test func `verdicts go by what is expected`() {
        func passed(
            _ expected: Int?, _ measured: Int, _ verdict: SelfTestRow.Verdict?,
            _ check: String = "x"
        ) -> String {
            SelfTestRow(check, expected: expected, measured: measured, verdict: verdict).passed
        }
        #expect(passed(1000, 1019, .within) == "true" && passed(1000, 981, .within) == "true")
        #expect(passed(1000, 1021, .within) == "false" && passed(1000, 979, .within) == "false")
        #expect(passed(1000, 5000, .atLeast) == "true" && passed(1000, 979, .atLeast) == "false")
        #expect(passed(1000, 19, .part, "overhead") == "true")
        #expect(passed(1000, 21, .part, "overhead") == "false")
        #expect(passed(nil, 21, .part) == "" && passed(1000, 5000, nil) == "")
    }

    @Test func `what failed is said, and the section has every check`() throws {
        let fine = SelfTestRow("delay", expected: 500_000, measured: 500_400, verdict: .within)
        let wrong = SelfTestRow("overhead", expected: 80_000, measured: 4000, verdict: .part)
        #expect([fine].failureNote == nil)
        #expect(
            [fine, wrong].failureNote?.contains("overhead measured 4.00 µs beside 80.0 µs") == true)
        let directory = try TemporaryDirectory()
        var run = RunRow()
        run.run = 1
        run.valid = true
        try CSVWriter.write([run], in: directory.path)
        try CSVWriter.write([fine, wrong], in: directory.path)
        try Tables.write(directory: directory.path)
        let text = try directory.text("tables.md")
        #expect(text.contains("| delay | 500 µs | 500 µs | 0.0800 % | passed |"))
        #expect(text.contains("| overhead | 80.0 µs | 4.00 µs | 5.00 % | FAILED |"))
        #expect(text.contains("The self-test of the harness failed"))
    }
}
