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

    /// The model: per group the trace, and the structure as the trace leaves it or, where members
    /// order updates, their order.
    private var traces: [Trace]
    var models: [ModelStructure]
    /// Per group, the nodes that hold its structure.
    let members: [[NodeID]]
    /// Checks the logs of those members.
    var deliveryOrder: DeliveryOrder
    private var nextTickets: [Session.Performer: UInt64] = [:]
    var statuses: [NodeID: NodeStatus] = [:]

    /// Measured updates and recoveries.
    private(set) var updates = 0
    private(set) var refusals = 0
    /// Nanoseconds in which updates were on, the driver's own work between them left out.
    private(set) var updatingNs = 0
    /// What it would be if each update had begun when it was due.
    private(set) var scheduledNs = 0
    private(set) var steadiness: Steadiness
    private var meter = ResourceMeter()
    /// When the run began, on the nodes' clock.
    private(set) var began: UInt64 = 0
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
        steadiness = Steadiness(operations: plan.workload.operations)
        traces = (0..<plan.groups).map { Trace(plan: plan, group: $0) }
        models = (0..<plan.groups).map { ModelStructure(plan.part(of: $0).shape) }
        for group in 0..<plan.groups {
            for _ in 0..<plan.workload.preload {
                _ = models[group].outcome(of: traces[group].next())
            }
        }
        members = mechanism.nodeIDs.reduce(into: Array(repeating: [], count: plan.groups)) {
            let description = mechanism.description(of: $1)
            if let group = description.group, description.holdsData { $0[group].append($1) }
        }
        deliveryOrder = DeliveryOrder(members: members, name: session.name)
        if let loop = plan.workload.openLoop {
            session.patienceForUpdate += 1 / Double(loop.rate)
        }
    }

    /// - Throws: `RunError`, or what the recorder throws.
    func run() throws {
        began = session.site.now()
        try session.start()
        if !isSimulated { try look(after: nil) }
        if plan.workload.warmup > 0 {
            let pairs = (plan.workload.warmup + 1) / 2
            for groups in turns { try update(groups, .warmUp(pairs: pairs)) }
        }
        var done = 0
        try recordSpace(after: done, phase: plan.workload.warmup > 0 ? .warmUp : nil)
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
            try recordSpace(after: done, phase: .updates)
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
        for groups in turns { try update(groups, .trace(first: first, count: count)) }
    }

    /// Has a batch of each of the groups performed at the same time.
    func update(_ groups: [Int], _ content: ControlMessage.Batch) throws {
        var batches = groups.map { batch(content, of: $0) }
        for batch in batches { try perform(batch) }
        let performances = try session.performances(
            of: batches.flatMap(\.performers), count: content.count)
        for index in batches.indices { batches[index].take(performances) }
        try settle(&batches)
        try checkCompleteness(of: batches)
    }

    /// Shares the updates of a batch out among the group's initiators.
    func batch(_ content: ControlMessage.Batch, of group: Int) -> GroupBatch {
        let initiators = mechanism.initiators(of: group)
        let parts = initiators.enumerated().map { place, node in
            let share = Share(place: place, initiators: initiators.count)
            let numbers = share.numbers(of: content, in: plan.part(of: group))
            let performer = Session.Performer(group: group, node: node)
            let ticket = nextTickets[performer, default: 0]
            nextTickets[performer] = ticket + UInt64(numbers.count)
            return GroupBatch.Part(
                node: node, share: share, firstTicket: ticket, numbers: numbers,
                begun: numbers.count)
        }
        return GroupBatch(
            group: group, content: content, parts: parts,
            repeatsUpdates: mechanism.ordersUpdates,
            ordersReads: !mechanism.ordersUpdates || plan.workload.reads == .ordered)
    }

    /// Has what is open of a batch performed.
    ///
    /// - Parameter nodes: the only initiators that shall; nil for all.
    /// - Returns: the performers that have something to do.
    @discardableResult
    func perform(
        _ batch: GroupBatch, by nodes: [NodeID]? = nil,
        interruptions: [Session.Performer: ControlMessage.Interruption] = [:]
    ) throws -> [Session.Performer] {
        var performers: [Session.Performer] = []
        for part in batch.parts where nodes?.contains(part.node) ?? true {
            guard var assignment = batch.assignment(of: part) else { continue }
            let performer = Session.Performer(group: batch.group, node: part.node)
            assignment.interruption = interruptions[performer]
            try session.perform(assignment, at: part.node)
            performers.append(performer)
        }
        return performers
    }

    /// Nothing of the batches may be open any more.
    func checkCompleteness(of batches: [GroupBatch]) throws {
        for batch in batches {
            let count = batch.content.count
            let open = (0..<count).count(where: batch.isOpen)
            guard open == 0 else {
                throw RunError.invalid(
                    "group \(batch.group + 1) reported \(count - open) of \(count) updates")
            }
        }
    }

    /// Records the measurements of the updates that are complete and new.
    func record(_ batches: [GroupBatch]) throws {
        var (begin, lastDue) = (UInt64.max, UInt64.min)
        var last = GroupBatch.blank
        for batch in batches {
            guard case .trace(let first, _) = batch.content else { continue }
            var nodes = Array(repeating: "", count: batch.content.count)
            for part in batch.parts {
                let name = session.name(part.node)
                for number in part.numbers { nodes[number] = name }
            }
            let news = batch.news
            let rows = news.compactMap { number -> UpdateRow? in
                let record = batch.records[number]
                begin = min(begin, record.due > 0 ? record.due : record.begun)
                if record.end > last.end { last = record }
                lastDue = max(lastDue, record.due)
                guard !record.isRefused else { return nil }
                var row = UpdateRow(
                    run: self.number, group: batch.group + 1, operation: first + number + 1,
                    kind: record.kindName, backupNs: Int(record.nanoseconds) + (record.waited ?? 0),
                    messages: Int(record.messages), bytes: Int(record.bytes),
                    spans: record.spans, holdbackNs: batch.heldBack[number],
                    sender: nodes[number])
                row.waitNs = record.waited
                row.beganNs = Int(record.begun - began)
                return row
            }
            try recorder.record(rows)
            for row in rows where SummaryRow.Metric(ofOperation: row.kind) == .backup {
                steadiness.add(row.backupNs, operation: row.operation)
            }
            updates += rows.count
            refusals += news.count - rows.count
        }
        if begin < last.end { updatingNs += Int(last.end - begin) }
        if begin <= lastDue { scheduledNs += Int(lastDue - begin + last.nanoseconds) }
        progress(Double(updates + refusals) / Double(plan.groups * plan.workload.operations))
    }

    /// The updates of a batch, the next ones of its group.
    func nextUpdates(of batch: GroupBatch) -> [Structures.Operation] {
        switch batch.content {
        case .warmUp(let pairs):
            Trace.warmUp(plan: plan.part(of: batch.group), pairs: pairs)
        case .trace(_, let count):
            (0..<count).map { _ in traces[batch.group].next() }
        }
    }

    // MARK: - What nodes hold and use

    /// Looks at the nodes' counters at the end of a phase; nil for one that does not count.
    func look(after phase: ResourceMeter.Phase?) throws {
        take(try session.status(of: mechanism.nodeIDs), phase: phase)
    }

    /// Whether nodes use no time of a machine, so that proofs cost none.
    var isSimulated: Bool { plan.network != nil }

    func take(
        _ statuses: [NodeID: NodeStatus], phase: ResourceMeter.Phase?, isProof: Bool = false
    ) {
        self.statuses = statuses
        meter.take(
            statuses, incarnation: session.incarnation, phase: phase, isProof: isProof)
    }

    var resources: [ResourceRow] { meter.rows(run: number, of: mechanism) }

    private func recordSpace(after operations: Int, phase: ResourceMeter.Phase?) throws {
        try look(after: phase)
        try recorder.record(
            mechanism.nodeIDs.compactMap { node in
                statuses[node].map { status in
                    let description = mechanism.description(of: node)
                    return SpaceRow(
                        run: number, operations: operations, node: description.name,
                        role: description.kind.rawValue, group: description.group.map { $0 + 1 },
                        elements: status.elements, ledger: status.ledger,
                        residentBytes: status.usage?.residentBytes ?? 0,
                        heapBytes: status.usage?.mallocBytes ?? 0)
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
