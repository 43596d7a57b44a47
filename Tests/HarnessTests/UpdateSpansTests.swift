import Roles
import Testing

@testable import Harness

/// Where the time of an update goes, from the steps that roles report to `updates.csv`.
struct UpdateSpansTests {
    private func record(_ nanoseconds: UInt64) -> UpdateRecord {
        UpdateRecord(nanoseconds: nanoseconds, messages: 1, bytes: 1, kind: 1)
    }

    @Test func spansAddUpToTheWholeTime() {
        var record = record(1000)
        #expect(record.spans == nil)
        record.reached(.sent, after: 100)
        #expect(record.spans == UpdateSpans(localNs: 100, acknowledgementNs: 900))
        record.reached(.proposed, after: 400)
        #expect(
            record.spans == UpdateSpans(localNs: 100, proposalNs: 300, acknowledgementNs: 600))
    }

    @Test func aStepThatIsRepeatedIsTheFirstSendingAndTheLastProposal() {
        var record = record(1000)
        for (step, time) in [
            (UpdateStep.sent, 100), (.proposed, 200), (.sent, 300), (.proposed, 700),
        ] {
            record.reached(step, after: UInt64(time))
        }
        #expect(
            record.spans == UpdateSpans(localNs: 100, proposalNs: 600, acknowledgementNs: 300))
    }

    /// No time is too long or too short to be told.
    @Test func spansNeverTrap() {
        var record = record(10_000_000_000)
        record.reached(.sent, after: 0)
        record.reached(.proposed, after: 9_000_000_000)
        let longest = Int(UInt32.max)
        #expect(
            record.spans
                == UpdateSpans(
                    localNs: 1, proposalNs: longest - 1,
                    acknowledgementNs: 10_000_000_000 - longest))
    }

    @Test func whatIsCompleteKeepsItsSteps() {
        var before = record(0)
        before.begun = 77
        before.reached(.sent, after: 5)
        var after = record(20)
        after.keep(before)
        #expect(after.spans == UpdateSpans(localNs: 5, acknowledgementNs: 15))
        #expect(after.begun == 77)
    }

    @Test(arguments: ["fusion", "replication", "none"])
    func rowsHaveTheSpansThatTheMechanismReports(mechanism: String) throws {
        let rows = try RunDriverTests.run(RunDriverTests.plan(mechanism, crash: nil)).updates
        #expect(!rows.isEmpty)
        for row in rows {
            let spans = [row.localNs, row.proposalNs, row.acknowledgementNs].compactMap(\.self)
            #expect(spans.count == (mechanism == "replication" ? 3 : 0))
            #expect(spans.isEmpty || spans.reduce(0, +) == row.backupNs)
            #expect(spans.allSatisfy { $0 > 0 })
            // One sender's updates come in the order in which they were sent.
            #expect(row.holdbackNs == (mechanism == "replication" ? 0 : nil))
        }
    }
}
