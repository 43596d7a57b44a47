import Foundation
import Roles
import Structures
import Transport

/// Takes one run from the start of its nodes to their end: the updates of its trace, the crash rounds
/// between them, and after every recovery and at the end the proof that nothing is lost.
final class RunDriver {
    private let plan: RunPlan
    private let number: Int
    private let mechanism: any Mechanism
    private let session: Session
    private let recorder: any RunRecorder
    private let progress: (_ share: Double) -> Void

    /// The model: per group the trace and the structure as the trace leaves it.
    private var traces: [Trace]
    private var models: [ModelStructure]
    private var statuses: [NodeID: NodeStatus] = [:]

    private(set) var updates = 0
    private(set) var recoveries = 0

    /// - Parameters:
    ///   - number: the run's number in the results, from 1.
    ///   - mechanism: the plan's, or a test's own.
    ///   - progress: told which share of all updates is done.
    init(
        plan: RunPlan, number: Int, mechanism: any Mechanism, session: Session,
        recorder: any RunRecorder, progress: @escaping (_ share: Double) -> Void = { _ in }
    ) {
        self.plan = plan
        self.number = number
        self.mechanism = mechanism
        self.session = session
        self.recorder = recorder
        self.progress = progress
        traces = (0..<plan.groups).map { Trace(plan: plan, group: $0) }
        models = (0..<plan.groups).map { _ in ModelStructure(plan.shape) }
    }

    /// - Throws: `RunError`, or what the recorder throws.
    func run() throws {
        try session.start()
        if plan.workload.warmup > 0 {
            let pairs = (plan.workload.warmup + 1) / 2
            for groups in turns { _ = try session.perform(.warmUp(pairs: pairs), groups: groups) }
        }
        var done = 0
        try recordSpace(after: done)
        // Without crashes the space is still looked at ten times.
        let every = plan.crash?.every ?? max(1, plan.workload.operations / 10)
        while done < plan.workload.operations {
            let count = min(every, plan.workload.operations - done)
            try update(from: done, count)
            done += count
            try recordSpace(after: done)
            if let crash = plan.crash, done.isMultiple(of: crash.every) {
                for node in crashedNodes(crash.nodes) { try self.crash(node, after: done) }
            }
        }
        try verify()
        try session.end()
    }

    /// The groups that are updated at the same time, turn by turn.
    private var turns: [[Int]] {
        switch plan.workload.order {
        case .sequential: (0..<plan.groups).map { [$0] }
        case .concurrent: [Array(0..<plan.groups)]
        }
    }

    private func update(from first: Int, _ count: Int) throws {
        for groups in turns {
            let records = try session.perform(
                .trace(first: first, count: count), groups: groups)
            for group in groups {
                let measured = records[group] ?? []
                try recorder.record(
                    measured.enumerated().map { offset, record in
                        UpdateRow(
                            run: number, group: group + 1, operation: first + offset + 1,
                            kind: record.kindName, backupNs: Int(record.nanoseconds),
                            messages: Int(record.messages), bytes: Int(record.bytes))
                    })
                updates += measured.count
                guard measured.count == count else {
                    throw RunError.invalid(
                        "group \(group + 1) reported \(measured.count) of \(count) updates")
                }
                for _ in 0..<count { try models[group].apply(traces[group].next()) }
            }
            progress(Double(updates) / Double(plan.groups * plan.workload.operations))
        }
    }

    private func recordSpace(after operations: Int) throws {
        statuses = try session.status(of: mechanism.nodeIDs)
        try recorder.record(
            mechanism.nodeIDs.compactMap { node in
                statuses[node].map { status in
                    let description = mechanism.description(of: node)
                    return SpaceRow(
                        run: number, operations: operations, node: description.name,
                        role: description.kind.rawValue, group: description.group.map { $0 + 1 },
                        elements: status.elements, ledger: status.ledger,
                        residentBytes: status.residentBytes, heapBytes: status.heapBytes)
                }
            })
    }

    // MARK: - Crashes

    private func crashedNodes(_ choice: CrashedNodes) -> [NodeID] {
        switch choice {
        case .each: mechanism.nodeIDs.filter { mechanism.description(of: $0).isCrashable }
        case .named(let names): names.compactMap(mechanism.node(named:))
        }
    }

    private func crash(_ node: NodeID, after operations: Int) throws {
        let before = statuses
        let crash = try session.crash(node)
        let times = try session.restart(node)
        statuses = try session.status(of: mechanism.nodeIDs)
        let difference = try firstDifference()
        let description = mechanism.description(of: node)
        var row = RecoveryRow()
        row.run = number
        row.operations = operations
        row.node = description.name
        row.role = description.kind.rawValue
        row.group = description.group.map { $0 + 1 }
        row.elements = statuses[node]?.elements ?? 0
        row.incarnation = Int(session.incarnation(of: node))
        row.detectNs = Int(crash.noticed - crash.killed)
        let durations = times.durations.map { Int($0) }
        row.quiesceNs = durations[Int(RecoveryPhase.quiesce.rawValue)]
        row.collectNs = durations[Int(RecoveryPhase.collect.rawValue)]
        row.decodeNs = durations[Int(RecoveryPhase.decode.rawValue)]
        row.installNs = durations[Int(RecoveryPhase.install.rawValue)]
        row.resumeNs = durations[Int(RecoveryPhase.resume.rawValue)]
        row.recoveryNs = Int(times.ended - times.started)
        row.restartNs = Int(times.ended - crash.killed)
        (row.messages, row.bytes) = recoveryTraffic(since: before, of: node)
        row.verified = difference == nil
        try recorder.record(row)
        recoveries += 1
        if let difference {
            throw RunError.invalid(
                "after \(operations) updates of each group and the recovery of "
                    + "\(description.name): \(difference)")
        }
    }

    /// What all nodes have sent for recoveries since the last look; a node that crashed in between
    /// has counted from zero.
    private func recoveryTraffic(
        since before: [NodeID: NodeStatus], of crashed: NodeID
    ) -> (messages: Int, bytes: Int) {
        statuses.reduce(into: (0, 0)) { sum, entry in
            let base = entry.key == crashed ? nil : before[entry.key]
            sum.0 += entry.value.recoveryMessages - (base?.recoveryMessages ?? 0)
            sum.1 += entry.value.recoveryBytes - (base?.recoveryBytes ?? 0)
        }
    }

    // MARK: - Proof

    private func firstDifference() throws -> String? {
        let holders = mechanism.nodeIDs.filter { mechanism.description(of: $0).holdsData }
        return mechanism.firstDifference(
            in: try session.state(of: holders), expected: models)
    }

    private func verify() throws {
        if let difference = try firstDifference() {
            throw RunError.invalid("at the end: \(difference)")
        }
        let statuses = try session.status(of: mechanism.nodeIDs)
        for node in mechanism.nodeIDs {
            if let malformed = statuses[node]?.malformedMessages, malformed > 0 {
                throw RunError.invalid(
                    "\(mechanism.description(of: node).name) could not read \(malformed) messages")
            }
        }
    }
}
