import Simulation
import Structures
import Testing

@testable import Harness

/// Updates that begin when a schedule says.
struct OpenLoopTests {
    private static func plan(
        _ mechanism: String, operations: Int = 100, window: Int = 1, _ loop: OpenLoop?
    ) -> RunPlan {
        var plan = RunDriverTests.plan(
            mechanism, groups: 1, transport: .inproc, window: window, crash: nil)
        plan.workload.operations = operations
        plan.workload.openLoop = loop
        return plan
    }

    // MARK: - The schedule

    @Test func `constant arrivals are evenly spaced, and groups at once take turns`() {
        var plan = Self.plan("fusion", OpenLoop(rate: 1000))
        plan.groups = 4
        func times(of group: Int) -> [UInt64] {
            var times = ArrivalTimes(plan, group: group, first: 50)
            return (0..<4).compactMap { times?.due($0) }
        }
        #expect(times(of: 2) == [0, 1_000_000, 2_000_000, 3_000_000])
        plan.workload.order = .concurrent
        #expect(times(of: 0) == [0, 1_000_000, 2_000_000, 3_000_000])
        #expect(times(of: 3) == [750_000, 1_750_000, 2_750_000, 3_750_000])
        plan.workload.openLoop = nil
        #expect(times(of: 0) == [])
    }

    @Test func `poisson arrivals are exponential and follow from the seed`() throws {
        var plan = Self.plan("fusion", OpenLoop(rate: 1000, arrivals: .poisson))
        func times(_ numbers: StrideTo<Int>, group: Int = 0, first: Int = 0) -> [Int] {
            var times = ArrivalTimes(plan, group: group, first: first)
            return numbers.compactMap { times?.due($0) }.map { Int($0) }
        }
        let all = times(stride(from: 0, to: 20_000, by: 1))
        let intervals = zip(all.dropFirst(), all).map { $0 - $1 }
        let statistics = try #require(Statistics(of: intervals))
        // Of an exponential distribution the mean is the deviation, and the median ln 2 of it.
        #expect(abs(statistics.mean / 1e6 - 1) < 0.03)
        #expect(abs((statistics.standardDeviation ?? 0) / 1e6 - 1) < 0.03)
        #expect(abs(statistics.median / 1e6 - 0.693) < 0.03)
        // One sender of two has every second of the same times.
        #expect(
            times(stride(from: 1, to: 20, by: 2)) == stride(from: 1, to: 20, by: 2).map { all[$0] })
        // A batch goes on with the intervals of the trace.
        let later = times(stride(from: 0, to: 3, by: 1), first: 10)
        #expect(later[1] - later[0] == all[11] - all[10])
        #expect(times(stride(from: 0, to: 3, by: 1), group: 1) != Array(all[..<3]))
        plan.seed += 1
        #expect(times(stride(from: 0, to: 3, by: 1)) != Array(all[..<3]))
    }

    // MARK: - The client

    /// A client whose clock and role are the test's: each update takes as long as `takes` says.
    private static func play(
        _ loop: OpenLoop?, window: Int = 1, operations: Int = 40,
        takes: @escaping (Int) -> UInt64
    ) throws -> [UpdateRecord] {
        var now: UInt64 = 1_000_000
        var alarm: UInt64?
        var inFlight: [(ticket: UInt64, end: UInt64)] = []
        var records: [UpdateRecord]?
        let client = TraceClient(
            plan: plan("fusion", operations: operations, window: window, loop), now: { now },
            begin: { _, ticket, _ in inFlight.append((ticket, now + takes(Int(ticket)))) },
            interrupted: { _ in },
            finished: { _, _, all in records = Array(all.records) },
            setAlarm: { alarm = $0 })
        client.perform(
            ControlMessage.Assignment(
                group: 0, batch: .trace(first: 0, count: operations),
                share: Share(place: 0, initiators: 1), firstTicket: 0))
        while records == nil {
            let next = try #require(
                [alarm, inFlight.map(\.end).min()].compactMap(\.self).min(), "nothing is to come")
            now = max(now, next)
            if alarm == next {
                alarm = nil
                client.alarmRang()
            } else if let place = inFlight.firstIndex(where: { $0.end == next }) {
                let ticket = inFlight.remove(at: place).ticket
                client.completed(group: 0, ticket: ticket, messages: 2, bytes: 10)
            }
        }
        return try #require(records)
    }

    private static func starts(_ records: [UpdateRecord]) -> [Int] {
        records.map { Int($0.begun - records[0].begun) }
    }

    @Test(arguments: [1, 4])
    func `updates begin when they are due, neither earlier nor later`(window: Int) throws {
        let records = try Self.play(OpenLoop(rate: 1000), window: window) { _ in 300_000 }
        #expect(Self.starts(records) == (0..<40).map { $0 * 1_000_000 })
        #expect(records.allSatisfy { $0.waited == 0 && $0.nanoseconds == 300_000 })
        // Without a schedule, each as soon as the one before it is complete.
        let closed = try Self.play(nil) { _ in 300_000 }
        #expect(Self.starts(closed) == (0..<40).map { $0 * 300_000 })
        #expect(closed.allSatisfy { $0.waited == nil })
    }

    /// The fifth takes ten intervals, so that nine are due meanwhile.
    @Test func `after a stall the schedule is kept and lateness counted, without a burst`() throws {
        let stall: (Int) -> UInt64 = { $0 == 4 ? 10_000_000 : 100_000 }
        let paced = try Self.play(OpenLoop(rate: 1000), takes: stall)
        #expect(paced.map(\.due) == (1...40 as ClosedRange<UInt64>).map { $0 * 1_000_000 })
        // Two for each interval, until none is late.
        let expected = (0..<40).map { number in
            number < 5
                ? number * 1_000_000
                : max(14_000_000 + (number - 5) * 500_000, number * 1_000_000)
        }
        #expect(Self.starts(paced) == expected)
        #expect(paced[5].waited == 9_000_000 && paced[6].waited == 8_500_000)
        #expect(paced[23].waited == 0 && paced[22].waited == 500_000)

        let burst = try Self.play(OpenLoop(rate: 1000, catchesUp: true), takes: stall)
        #expect(burst.map(\.due) == paced.map(\.due))
        #expect(burst[5].waited == 9_000_000 && burst[6].waited == 8_100_000)
        #expect(burst[15].waited == 0)
    }

    @Test func `no more are in flight than the window has room for`() throws {
        let records = try Self.play(
            OpenLoop(rate: 1000, catchesUp: true), window: 2, operations: 10
        ) { _ in 4_000_000 }
        let starts = Self.starts(records)
        #expect(starts == (0..<10).map { ($0 / 2 * 4 + $0 % 2) * 1_000_000 })
        #expect(records.last?.waited == 8_000_000)
    }

    // MARK: - Whole runs

    @Test(arguments: ["fusion", "replication", "sequencer", "none"])
    func `in virtual time nothing is late below saturation, and everything above`(
        mechanism: String
    ) throws {
        // The model draws jitter by the moment.
        var network = NetworkModel.rack
        network.jitterNs = 0
        func simulate(_ loop: OpenLoop?) throws -> (rows: RunDriverTests.Rows, driver: RunDriver) {
            try RunDriverTests.simulate(Self.plan(mechanism, loop), network: network)
        }
        let slow = try simulate(OpenLoop(rate: 100))
        #expect(slow.rows.updates.allSatisfy { $0.waitNs == 0 })
        let closed = try simulate(nil)
        #expect(closed.rows.updates.allSatisfy { $0.waitNs == nil })
        #expect(slow.rows.updates.map(\.backupNs) == closed.rows.updates.map(\.backupNs))
        #expect(slow.driver.scheduledNs == slow.driver.updatingNs)
        if mechanism == "none" { return }

        let fast = try simulate(OpenLoop(rate: 100_000))
        // What the closed loop does is all that one in flight can do.
        #expect(fast.driver.updatingNs == closed.driver.updatingNs)
        #expect(fast.driver.scheduledNs * 2 < fast.driver.updatingNs)
        let waits = fast.rows.updates.compactMap(\.waitNs)
        // Each of the ten batches begins anew.
        #expect(waits.count == 100 && waits.count { $0 == 0 } == 10)
        #expect((0..<10).allSatisfy { batch in waits[batch * 10..<batch * 10 + 10].isSorted })
    }

    @Test(arguments: ["fusion", "replication"])
    func `real nodes keep the schedule`(mechanism: String) throws {
        let loop = OpenLoop(rate: 2000, arrivals: .constant)
        let rows = try RunDriverTests.run(Self.plan(mechanism, loop))
        for batch in 0..<10 {
            let due = rows.updates[batch * 10..<batch * 10 + 10].map {
                ($0.beganNs ?? 0) - ($0.waitNs ?? -1)
            }
            #expect(due.map { $0 - due[0] } == (0..<10).map { $0 * 500_000 })
        }
        for row in rows.updates {
            #expect(row.waitNs ?? -1 >= 0 && row.backupNs > row.waitNs ?? 0)
            if let local = row.localNs, let acknowledgement = row.acknowledgementNs {
                #expect(local + (row.proposalNs ?? 0) + acknowledgement == row.backupNs)
                #expect(local >= row.waitNs ?? 0)
            }
        }
    }

    @Test(arguments: ["fusion", "replication"])
    func `updates of a schedule survive crashes in their middle`(mechanism: String) throws {
        var plan = Self.plan(
            mechanism, operations: 60, window: 4, OpenLoop(rate: 4000, arrivals: .poisson))
        plan.groups = 2
        plan.workload.order = .concurrent
        plan.crash = CrashPlan(every: 20, nodes: .each, moment: .update)
        let rows = try RunDriverTests.run(plan)
        #expect(rows.recoveries.count >= 9 && rows.recoveries.allSatisfy { $0.verified })
        plan.crash = nil
        plan.replication.senders = 3
        // Several senders' order would decide which removals are possible.
        plan.workload.mix = [OperationWeight(kind: .append, weight: 1)]
        #expect(try RunDriverTests.run(plan).updates.count == 120)
    }

    // MARK: - What is said of it

    private static func series(_ shares: [Double]) -> RateSweep.Series {
        RateSweep.Series(
            name: "fusion",
            points: shares.enumerated().map { place, share in
                RateSweep.Point(
                    rate: (place + 1) * 100, achieved: share * Double(place + 1) * 100,
                    share: share,
                    median: 10, p99: 20, medianWait: 1)
            })
    }

    @Test func `the saturation point is the highest rate that is sustained`() {
        #expect(Self.series([1, 0.9, 0.98, 0.97]).saturation?.rate == 300)
        #expect(Self.series([0.97, 0.5]).saturation == nil)
        #expect(
            RateSweep.sentence(Self.series([1, 0.99, 0.97])).contains(
                "saturated above 200 updates per second"))
        #expect(RateSweep.sentence(Self.series([1, 1])).contains("sustains every rate"))
        #expect(RateSweep.sentence(Self.series([0.9])).contains("saturated below 100"))
    }
}

extension [Int] {
    fileprivate var isSorted: Bool { zip(self, dropFirst()).allSatisfy { $0 <= $1 } }
}

extension ArraySlice<Int> {
    fileprivate var isSorted: Bool { Array(self).isSorted }
}
