import SeededGenerator
import Structures
import Testing

@testable import Harness

/// Whether the halves of a run differ.
struct SteadinessTests {
    /// - Parameter time: of an update, by its number among `operations`.
    private static func verdict(
        operations: Int = 2000, _ time: (Int) -> Int
    ) -> Steadiness.Verdict? {
        var steadiness = Steadiness(operations: operations)
        for operation in 1...operations {
            steadiness.add(time(operation), operation: operation)
        }
        return steadiness.verdict
    }

    @Test func `a run that warms up, slows down or drifts is not steady`() throws {
        let warming = try #require(Self.verdict { $0 <= 900 ? 150 : 100 })
        #expect(!warming.isSteady && warming.firstHalf == 150 && warming.secondHalf == 100)
        #expect(Self.verdict { $0 > 1000 ? 107 : 100 }?.isSteady == false)
        #expect(Self.verdict { 100_000 + $0 * 10 }?.isSteady == false)
    }

    @Test func `noise, a slow episode and small certain changes are steady`() {
        #expect(Self.verdict { _ in 100 }?.isSteady == true)
        // Certain, but of no account.
        #expect(Self.verdict { $0 > 1000 ? 104 : 100 }?.isSteady == true)
        // A neighbour that comes and goes.
        #expect(Self.verdict { (300...600).contains($0) ? 200 : 100 }?.isSteady == true)
        // Slow phases of a hundred updates, here and there: single updates would seem to prove much.
        var generator = SeededGenerator(seed: 7)
        var flagged = 0
        for _ in 0..<200 {
            let phases = (0...20).map { _ in Int.random(in: 80...200, using: &generator) }
            if Self.verdict({ phases[$0 / 100] })?.isSteady == false { flagged += 1 }
        }
        #expect(flagged <= 6)
    }

    @Test func `too few updates say nothing`() {
        #expect(Self.verdict(operations: 399) { _ in 1 } == nil)
        #expect(Self.verdict(operations: 400) { _ in 1 } != nil)
    }

    @Test func `a run writes it down, and the tables name it`() throws {
        var plan = RunDriverTests.plan("fusion", groups: 1, crash: nil)
        plan.workload.operations = 400
        plan.workload.mix = [OperationWeight(kind: .append, weight: 1)]
        #expect(
            try RunDriverTests.simulate(plan).driver.steadiness.verdict?.isSteady == true)
        plan.workload.operations = 40
        #expect(try RunDriverTests.simulate(plan).driver.steadiness.verdict == nil)

        var run = RunRow()
        run.run = 2
        run.mechanism = "fusion"
        run.valid = true
        run.take(Steadiness.Verdict(firstHalf: 100_000, secondHalf: 150_000, isSteady: false))
        #expect(run.configuration.steady == "" && run.configuration.firstHalfNs == nil)
        #expect(
            [run].unsteadinessNote?.contains("run 2 (fusion, n = 0, f = 0) 100 µs, then 150 µs")
                == true)
        run.take(Steadiness.Verdict(firstHalf: 100_000, secondHalf: 100_000, isSteady: true))
        #expect([run].unsteadinessNote == nil)
        let directory = try TemporaryDirectory()
        run.steady = "false"
        try CSVWriter.write([run], in: directory.path)
        try Tables.write(directory: directory.path)
        #expect(try directory.text("tables.md").contains("Not steady: in 1 of 1 runs"))
    }
}
