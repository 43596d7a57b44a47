import CMalloc
import Roles
import Structures
import Testing

@testable import Harness

/// What nodes use, by phase, and what recording takes.
struct ResourceTests {
    private static func plan(_ mechanism: String, moment: CrashMoment = .between) -> RunPlan {
        var plan = RunDriverTests.plan(
            mechanism, faults: 1, transport: .inproc, window: 1,
            crash: CrashPlan(every: 60, moment: moment))
        plan.workload.mix = [OperationWeight(kind: .append, weight: 1)]
        return plan
    }

    @Test(arguments: ["fusion", "replication", "sequencer"])
    func `messages of the phases are those of the updates and recoveries`(
        mechanism: String
    ) throws {
        let rows = try RunDriverTests.simulate(Self.plan(mechanism)).rows
        let updates = rows.resources.filter { $0.phase == "updates" }
        let messages = updates.reduce(0) { $0 + $1.messagesSent }
        let bytes = updates.reduce(0) { $0 + $1.bytesSent }
        #expect(messages == rows.updates.reduce(0) { $0 + $1.messages })
        #expect(bytes == rows.updates.reduce(0) { $0 + $1.bytes })
        for phase in ["warm-up", "updates", "recovery"] {
            let all = rows.resources.filter { $0.phase == phase }
            #expect(Set(all.map(\.node)) == Set(rows.space.map(\.node)), "\(phase)")
            #expect(
                all.reduce(0) { $0 + $1.messagesReceived } == all.reduce(0) { $0 + $1.messagesSent }
                    || phase == "recovery", "\(phase)")
        }
        let recovery = rows.resources.filter { $0.phase == "recovery" }
        #expect(
            recovery.reduce(0) { $0 + $1.bytesSent }
                >= rows.recoveries.reduce(0) { $0 + $1.bytes })
        // Nothing of the machine is in a simulation.
        #expect(
            rows.resources.allSatisfy {
                $0.userNs == nil && $0.residentBytes == nil && $0.accountedBytes > 0
            })
    }

    @Test(arguments: CrashMoment.allCases)
    func `real nodes tell what the kernel and malloc say`(moment: CrashMoment) throws {
        var plan = Self.plan("fusion", moment: moment)
        plan.transport = .tcp
        let rows = try RunDriverTests.run(plan)
        #expect(Set(rows.resources.map(\.phase)) == ["warm-up", "updates", "recovery"])
        for row in rows.resources {
            #expect(row.run == 3)
            #expect(row.userNs ?? -1 >= 0 && row.systemNs ?? -1 >= 0)
            #expect(row.voluntarySwitches ?? -1 >= 0 && row.involuntarySwitches ?? -1 >= 0)
            #expect(row.residentBytes ?? 0 >= row.proportionalBytes ?? 0)
            #expect(row.proportionalBytes ?? 0 > 1 << 20)
            #expect(row.mallocArenaBytes ?? 0 >= row.mallocBytes ?? 0)
            #expect(row.mallocBytes ?? 0 > row.accountedBytes)
            if row.phase != "recovery" {
                #expect((row.recordingBytes != nil) == (row.role == "primary"))
            }
        }
    }

    private static func status(sent: Int, userNs: Int) -> NodeStatus {
        let usage = ProcessUsage(
            mallocBytes: 1, mallocArenaBytes: 1, residentBytes: 1, proportionalBytes: 1,
            userNs: userNs, systemNs: 0, voluntarySwitches: 0, involuntarySwitches: 0,
            processors: [])
        var traffic = RoleHost.Traffic()
        traffic.messages = sent
        return NodeStatus(
            elements: 0, payloadBytes: 0, auxiliaryBytes: 0, slackBytes: 0, protocolBytes: 0,
            usage: usage, sent: traffic, received: RoleHost.Traffic(), recordingBytes: nil,
            recoveryMessages: 0, recoveryBytes: 0, malformedMessages: 0)
    }

    @Test func `what a proof costs is nobody's, and a new life counts from zero`() throws {
        let node = NodeID(1)
        var meter = ResourceMeter()
        func take(
            _ sent: Int, _ userNs: Int, life: Incarnation = 1, _ phase: ResourceMeter.Phase?,
            isProof: Bool = false
        ) {
            meter.take(
                [node: Self.status(sent: sent, userNs: userNs)], incarnation: { _ in life },
                phase: phase, isProof: isProof)
        }
        take(5, 50, nil)
        take(7, 70, .updates)
        take(8, 1000, .recovery, isProof: true)
        take(9, 1010, .updates)
        take(2, 3, life: 2, .recovery)
        let mechanism = try RunDriverTests.mechanism(of: Self.plan("none"))
        let rows = meter.rows(run: 1, of: mechanism)
        #expect(rows.map(\.phase) == ["updates", "recovery"])
        #expect(rows.map(\.messagesSent) == [3, 3])
        #expect(rows.map(\.userNs) == [30, 3])
    }

    /// Issue 6: a million updates of a run take under 64 MiB in their initiator for recording.
    @Test func `a million updates are recorded in less than 64 MiB`() throws {
        var plan = Self.plan("none")
        plan.crash = nil
        plan.workload.operations = 1_000_000
        plan.workload.openLoop = OpenLoop(rate: 10_000_000, catchesUp: true)
        func held() -> Int {
            let heap = mallinfo2()
            return Int(heap.uordblks) + Int(heap.hblkhd)
        }
        var (now, most, begun, isFinished) = (UInt64(1), 0, 0, false)
        var inFlight: UInt64?
        let before = held()
        let client = TraceClient(
            plan: plan,
            now: {
                now += 1
                return now
            },
            begin: { _, ticket, _ in
                begun += 1
                inFlight = ticket
            },
            interrupted: { _ in },
            finished: { _, _, records in
                isFinished = records.records.count == 1_000_000
            },
            setAlarm: { moment in if let moment { now = max(now, moment) } })
        client.perform(
            ControlMessage.Assignment(
                group: 0, batch: .trace(first: 0, count: 1_000_000),
                share: Share(place: 0, initiators: 1), firstTicket: 0))
        while !isFinished {
            if begun.isMultiple(of: 10_000) { most = max(most, held() - before) }
            guard let ticket = inFlight else {
                client.alarmRang()
                continue
            }
            inFlight = nil
            client.completed(group: 0, ticket: ticket, messages: 0, bytes: 0)
        }
        #expect(begun == 1_000_000)
        let told = try #require(client.mostRecordingBytes)
        #expect(told < 64 << 20)
        // Other tests hold and free memory at the same time, so that malloc says no more than this.
        #expect(most > told / 2, "\(most) bytes")
    }
}
