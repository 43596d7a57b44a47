import Foundation
import Roles
import Structures
import Transport

/// Takes one run from the start of its nodes to their end: the updates of its trace, the crash rounds
/// between or within them, and after every recovery and at the end the proof that nothing is lost.
final class RunDriver {
    let plan: RunPlan
    let number: Int
    let mechanism: any Mechanism
    let session: Session
    let recorder: any RunRecorder
    let tell: ((RecoveryAccount) throws -> Void)?
    private let progress: (_ share: Double) -> Void

    /// The model: per group the trace and the structure as the trace leaves it.
    private var traces: [Trace]
    var models: [ModelStructure]
    var statuses: [NodeID: NodeStatus] = [:]

    /// Measured updates and recoveries.
    private(set) var updates = 0
    private(set) var refusals = 0
    var recoveries = 0

    /// - Parameters:
    ///   - number: the run's number in the results, from 1.
    ///   - mechanism: the plan's, or a test's own.
    ///   - tell: told of every recovery, where somebody follows them.
    ///   - progress: told which share of all updates is done.
    init(
        plan: RunPlan, number: Int, mechanism: any Mechanism, session: Session,
        recorder: any RunRecorder, tell: ((RecoveryAccount) throws -> Void)? = nil,
        progress: @escaping (_ share: Double) -> Void = { _ in }
    ) {
        self.plan = plan
        self.number = number
        self.mechanism = mechanism
        self.session = session
        self.recorder = recorder
        self.tell = tell
        self.progress = progress
        traces = (0..<plan.groups).map { Trace(plan: plan, group: $0) }
        models = (0..<plan.groups).map { ModelStructure(plan.part(of: $0).shape) }
    }

    /// - Throws: `RunError`, or what the recorder throws.
    func run() throws {
        try session.start()
        if plan.workload.warmup > 0 {
            let pairs = (plan.workload.warmup + 1) / 2
            for groups in turns {
                for group in groups { try session.perform(.warmUp(pairs: pairs), group: group) }
                let performances = try session.performances(of: groups, count: 2 * pairs)
                for group in groups {
                    try checkWarmUp(performances[group]?.records ?? [], of: group)
                }
            }
        }
        var done = 0
        try recordSpace(after: done)
        // Without crashes the space is still looked at ten times.
        let every = plan.crash?.every ?? max(1, plan.workload.operations / 10)
        while done < plan.workload.operations {
            let count = min(every, plan.workload.operations - done)
            let round = count == plan.crash?.every ? done / count + 1 : nil
            if let round, plan.crash?.moment == .update {
                try updateWithCrashes(from: done, count, round: round)
            } else {
                try update(from: done, count)
            }
            done += count
            try recordSpace(after: done)
            if let round, plan.crash?.moment != .update {
                try crashBetweenUpdates(after: done, round: round)
            }
        }
        try verify()
        try session.end()
    }

    // MARK: - Updates

    /// The groups that are updated at the same time, turn by turn.
    var turns: [[Int]] {
        switch plan.workload.order {
        case .sequential: (0..<plan.groups).map { [$0] }
        case .concurrent: [Array(0..<plan.groups)]
        }
    }

    /// Has each group's updates from number `first` on performed.
    private func update(from first: Int, _ count: Int) throws {
        for groups in turns { try update(groups, from: first, count) }
    }

    /// Has the updates of groups performed at the same time.
    func update(_ groups: [Int], from first: Int, _ count: Int) throws {
        for group in groups {
            try session.perform(.trace(first: first, count: count), group: group)
        }
        let performances = try session.performances(of: groups, count: count)
        for group in groups {
            try take(performances[group]?.records ?? [], of: group, from: first, count)
        }
    }

    /// Records the measurements of a complete batch and applies it to the model.
    func take(
        _ records: [UpdateRecord], of group: Int, from first: Int, _ count: Int
    ) throws {
        try check(records, of: group, from: first, count)
        try apply(nextUpdates(count, of: group), records, of: group, from: first)
    }

    /// Records the measurements of a batch, which must be there for each of its updates.
    func check(
        _ records: [UpdateRecord], of group: Int, from first: Int, _ count: Int
    ) throws {
        try record(records, of: group, from: first)
        let complete = records.count(where: \.isComplete)
        guard records.count == count, complete == count else {
            throw RunError.invalid(
                "group \(group + 1) reported \(complete) of \(count) updates")
        }
    }

    /// Records the measurements of those updates that are complete.
    func record(_ records: [UpdateRecord], of group: Int, from first: Int) throws {
        let rows = records.enumerated().compactMap { offset, record -> UpdateRow? in
            guard record.isComplete, !record.isRefused else { return nil }
            return UpdateRow(
                run: number, group: group + 1, operation: first + offset + 1,
                kind: record.kindName, backupNs: Int(record.nanoseconds),
                messages: Int(record.messages), bytes: Int(record.bytes), spans: record.spans)
        }
        try recorder.record(rows)
        updates += rows.count
        refusals += records.count(where: \.isRefused)
        progress(Double(updates + refusals) / Double(plan.groups * plan.workload.operations))
    }

    /// The next updates of a group's trace.
    func nextUpdates(_ count: Int, of group: Int) -> [Structures.Operation] {
        (0..<count).map { _ in traces[group].next() }
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

    // MARK: - Proof

    /// The nodes that hold data.
    var holders: [NodeID] {
        mechanism.nodeIDs.filter { mechanism.description(of: $0).holdsData }
    }

    private func firstDifference() throws -> String? {
        mechanism.firstDifference(in: try session.state(of: holders), expected: models)
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
