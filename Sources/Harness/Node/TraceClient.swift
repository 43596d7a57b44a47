import Roles
import Structures
import Transport

/// The clients of the groups whose updates start at this node: they replay the groups' traces, keep
/// `window` updates in flight and measure each (DESIGN.md, principle 5).
///
/// Operations are generated in batches while none is in flight, so that nothing but the clock and
/// one store stands between two updates.
final class TraceClient {
    private let plan: RunPlan
    private let begin: (_ group: Int, _ ticket: UInt64, Operation) -> Void
    private let interrupted: (Breakpoint) -> Void
    private let finished: (_ group: Int, ControlMessage.Completions, UpdateRecords) -> Void
    private var streams: [Int: Stream] = [:]

    /// The updates of one group that the driver has asked for.
    private final class Stream {
        var trace: Trace
        /// The number of the trace's next operation.
        var position = 0
        var operations: [Operation] = []
        var next = 0
        /// The ticket of the batch's first operation.
        var base = 0
        var inFlight = 0
        var asked = 0
        var started: [UInt64] = []
        var records = UpdateRecords(count: 0)
        var warmUp: [Operation] = []
        var interruption: ControlMessage.Interruption?
        /// The last completion is at first the beginning of the batch.
        var completions = ControlMessage.Completions(last: 0, longestGap: 0)

        init(trace: Trace) { self.trace = trace }
    }

    /// - Parameters:
    ///   - begin: hands an update to the role.
    ///   - interrupted: called just before the update begins in which a crash is to come.
    ///   - finished: called when all updates of a `perform` are complete.
    init(
        plan: RunPlan, begin: @escaping (Int, UInt64, Operation) -> Void,
        interrupted: @escaping (Breakpoint) -> Void,
        finished: @escaping (Int, ControlMessage.Completions, UpdateRecords) -> Void
    ) {
        self.plan = plan
        self.begin = begin
        self.interrupted = interrupted
        self.finished = finished
    }

    /// Starts the updates of a batch. One batch at a time for a group.
    func perform(
        _ batch: ControlMessage.Batch, group: Int, interruption: ControlMessage.Interruption?
    ) {
        let stream = streams[group] ?? Stream(trace: Trace(plan: plan, group: group))
        streams[group] = stream
        switch batch {
        case .warmUp(let pairs):
            stream.asked = 2 * pairs
            stream.warmUp = Trace.warmUp(plan: plan.part(of: group), pairs: pairs)
        case .trace(let first, let count):
            stream.asked = count
            stream.warmUp = []
            stream.trace.skip(first - stream.position)
            stream.position = first + count
        }
        stream.records = UpdateRecords(count: stream.asked)
        stream.started = Array(repeating: 0, count: stream.asked)
        stream.operations = []
        stream.next = 0
        stream.base = 0
        stream.interruption = interruption
        stream.completions = ControlMessage.Completions(
            last: MonotonicClock.now(), longestGap: 0)
        fill(stream, group: group)
    }

    /// The measurements of the present batch, blank for updates that are not complete.
    func records(of group: Int) -> UpdateRecords {
        streams[group]?.records ?? UpdateRecords(count: 0)
    }

    /// The structure has refused an update; the trace goes on, and the driver judges.
    func refused(group: Int, ticket: UInt64, reason: String) {
        completed(
            group: group, ticket: ticket, messages: 0, bytes: 0,
            refusal: UpdateRecord.checksum(ofRefusal: reason))
    }

    /// The role has completed an update, or a read that gave `answer`.
    func completed(
        group: Int, ticket: UInt64, messages: Int, bytes: Int, refusal: UInt32 = 0,
        answer: [UInt8]? = nil
    ) {
        let now = MonotonicClock.now()
        guard let stream = streams[group], Int(ticket) < stream.asked else { return }
        let index = Int(ticket)
        stream.records.records[index] = UpdateRecord(
            nanoseconds: max(1, now - stream.started[index]), messages: UInt32(messages),
            bytes: UInt32(bytes),
            kind: stream.operations[index - stream.base].kind.rawValue, refusal: refusal,
            answer: answer.map(UpdateRecord.checksum(ofAnswer:)) ?? 0)
        stream.completions.longestGap = max(
            stream.completions.longestGap, now - stream.completions.last)
        stream.completions.last = now
        stream.inFlight -= 1
        fill(stream, group: group)
    }

    private func fill(_ stream: Stream, group: Int) {
        if stream.next == stream.operations.count {
            guard stream.inFlight == 0 else { return }
            stream.base += stream.operations.count
            guard stream.base < stream.asked else {
                let records = stream.records
                // What the harness needed is gone before memory is looked at.
                stream.operations = []
                stream.warmUp = []
                stream.started = []
                stream.records = UpdateRecords(count: 0)
                return finished(group, stream.completions, records)
            }
            generate(stream)
        }
        while stream.inFlight < plan.workload.window, stream.next < stream.operations.count {
            let operation = stream.operations[stream.next]
            let ticket = stream.base + stream.next
            if ticket == stream.interruption?.ticket { interrupt(stream, group: group) }
            stream.next += 1
            stream.inFlight += 1
            stream.started[ticket] = MonotonicClock.now()
            begin(group, UInt64(ticket), operation)
        }
    }

    /// Says where the interrupted update is and which is the last to begin: no later one than the
    /// window has room for and than has been generated, since the next ones wait for all before.
    private func interrupt(_ stream: Stream, group: Int) {
        guard let interruption = stream.interruption else { return }
        let end = stream.base + stream.operations.count
        let limit = min(end, interruption.ticket + plan.workload.window)
        interrupted(
            Breakpoint(
                group: group, first: UInt64(interruption.ticket),
                last: UInt64(min(interruption.ticket + interruption.following, limit - 1)),
                reached: interruption.reached))
    }

    /// At most about so many bytes of values wait to be sent.
    private static let batchBytes = 32 << 20
    private lazy var batchOperations = max(
        plan.workload.window,
        min(1 << 16, Self.batchBytes / max(1, plan.parts.map(\.valueBytes.mean).max() ?? 1)))

    private func generate(_ stream: Stream) {
        let count = min(stream.asked - stream.base, batchOperations)
        if stream.warmUp.isEmpty {
            stream.operations = (0..<count).map { _ in stream.trace.next() }
        } else {
            stream.operations = Array(stream.warmUp[stream.base..<stream.base + count])
        }
        stream.next = 0
    }
}
