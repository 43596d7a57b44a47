import Roles
import Structures

/// The clients of the groups whose updates start at this node: they replay the groups' traces, keep
/// `window` updates in flight and measure each (DESIGN.md, principle 5).
///
/// Operations are generated in batches while none is in flight, so that nothing but the clock and
/// one store stands between two updates. In an open loop the schedule stands still meanwhile.
final class TraceClient {
    private let plan: RunPlan
    private let now: () -> UInt64
    private let begin: (_ group: Int, _ ticket: UInt64, Operation) -> Void
    private let interrupted: (Breakpoint) -> Void
    private let finished: (_ group: Int, ControlMessage.Completions, UpdateRecords) -> Void
    private let setAlarm: (UInt64?) -> Void
    /// The groups whose next update is not due yet, the latest first.
    private var waiting: [(moment: UInt64, group: Int)] = []
    private var streams: [Int: Stream] = [:]
    /// The most that operations to be sent and their measurements have taken at once, in bytes; nil
    /// where there were none.
    private(set) var mostRecordingBytes: Int?
    private var recordingBytes = 0

    /// The updates of one group that the driver has asked for.
    private final class Stream {
        var trace: Trace
        /// The number of the trace's next operation.
        var position = 0
        var assignment: ControlMessage.Assignment
        /// Whether all of the part is complete, and told.
        var isComplete = false
        /// The numbers in the batch of the part's updates; no batch has 2^32.
        var numbers: [UInt32] = []
        var operations: [Operation] = []
        var next = 0
        /// The place in the part of the first of `operations`.
        var base = 0
        var inFlight = 0
        var done: Set<Int> = []
        /// Nil where updates have no schedule.
        var schedule: ArrivalTimes?
        /// When the batch began by its schedule; nil until the first operations are there.
        var origin: Int?
        /// When the last update was due, and when it began.
        var last: (due: UInt64, begun: UInt64) = (0, 0)
        /// Whether its group is among those that wait.
        var isWaiting = false
        var records = UpdateRecords(count: 0)
        var warmUp: [Operation] = []
        /// The last completion is at first the beginning of the batch.
        var completions = ControlMessage.Completions(last: 0, longestGap: 0)

        init(trace: Trace, assignment: ControlMessage.Assignment) {
            self.trace = trace
            self.assignment = assignment
        }

        /// What it takes in memory, as far as that grows with the number of updates.
        var byteCount = 0

        func countBytes() {
            byteCount =
                records.records.count * MemoryLayout<UpdateRecord>.stride
                + numbers.count * MemoryLayout<UInt32>.stride
                + done.count * MemoryLayout<Int>.stride
                + operations.reduce(0) { $0 + $1.memoryBytes }
                + warmUp.reduce(0) { $0 + $1.memoryBytes }
        }

        /// Where in the part the update of a ticket stands; nil where it is of an earlier part.
        func index(of ticket: UInt64) -> Int? {
            guard ticket >= assignment.firstTicket,
                ticket - assignment.firstTicket < UInt64(records.records.count)
            else { return nil }
            return Int(ticket - assignment.firstTicket)
        }
    }

    /// - Parameters:
    ///   - now: the clock of the measurements, in nanoseconds.
    ///   - begin: hands an update to the role.
    ///   - interrupted: called just before the update begins in which a crash is to come.
    ///   - finished: called when all updates of a `perform` are complete.
    ///   - setAlarm: has `alarmRang` be called at a moment of that clock; nil for never.
    init(
        plan: RunPlan, now: @escaping () -> UInt64,
        begin: @escaping (Int, UInt64, Operation) -> Void,
        interrupted: @escaping (Breakpoint) -> Void,
        finished: @escaping (Int, ControlMessage.Completions, UpdateRecords) -> Void,
        setAlarm: @escaping (UInt64?) -> Void
    ) {
        self.plan = plan
        self.now = now
        self.begin = begin
        self.interrupted = interrupted
        self.finished = finished
        self.setAlarm = setAlarm
    }

    /// Starts the updates of a part of a batch. One batch at a time for a group.
    func perform(_ assignment: ControlMessage.Assignment) {
        let group = assignment.group
        let stream = streams[group] ?? Stream(trace: trace(of: group), assignment: assignment)
        streams[group] = stream
        let part = plan.part(of: group)
        stream.assignment = assignment
        stream.isComplete = false
        stream.numbers = assignment.share.numbers(of: assignment.batch, in: part)
            .map(UInt32.init)
        switch assignment.batch {
        case .warmUp(let pairs):
            stream.warmUp = Trace.warmUp(plan: part, pairs: pairs)
            stream.schedule = nil
        case .trace(let first, _):
            stream.schedule = ArrivalTimes(plan, group: group, first: first)
        }
        stream.origin = nil
        stream.last = (0, 0)
        stream.records = UpdateRecords(count: stream.numbers.count)
        stream.done = Set(assignment.done)
        stream.operations = []
        stream.next = 0
        stream.base = assignment.start
        stream.completions = ControlMessage.Completions(
            last: now(), longestGap: 0)
        fill(stream, group: group)
    }

    /// The updates of a group that are to be performed.
    private func trace(of group: Int) -> Trace {
        var trace = Trace(plan: plan, group: group)
        trace.skip(plan.workload.preload)
        return trace
    }

    /// Where the batches that are not complete stand: how many updates have begun, those before the
    /// part's beginning included, and the measurements, blank for updates that are not complete.
    ///
    /// - Parameter breakpoint: where the role was told the last update, if that is known: those
    ///   that wait before the role for its group have not begun.
    func cuts(
        at breakpoint: Breakpoint?
    ) -> [(group: Int, begun: Int, records: UpdateRecords)] {
        streams.filter { !$0.value.isComplete }.sorted { $0.key < $1.key }.map {
            group, stream in
            let begun =
                breakpoint?.group == group
                ? breakpoint.map { Int($0.last - stream.assignment.firstTicket) + 1 } : nil
            return (group, begun ?? stream.base + stream.next, stream.records)
        }
    }

    /// The structure has refused an update; the trace goes on, and the driver judges.
    func refused(group: Int, ticket: UInt64, reason: String) {
        completed(
            group: group, ticket: ticket, messages: 0, bytes: 0,
            refusal: UpdateRecord.checksum(ofRefusal: reason))
    }

    /// An update has come to a step.
    func reached(_ step: UpdateStep, group: Int, ticket: UInt64) {
        let now = self.now()
        guard let stream = streams[group], let index = stream.index(of: ticket) else { return }
        let begun = stream.records.records[index].begun
        stream.records.records[index].reached(step, after: now - begun)
    }

    /// The role has completed an update, or a read that gave `answer`.
    func completed(
        group: Int, ticket: UInt64, messages: Int, bytes: Int, refusal: UInt32 = 0,
        answer: [UInt8]? = nil
    ) {
        let now = self.now()
        guard let stream = streams[group], let index = stream.index(of: ticket) else { return }
        // An earlier life's answer may come late.
        let earlier = stream.records.records[index]
        guard earlier.begun > 0, !earlier.isComplete else { return }
        stream.records.records[index] = UpdateRecord(
            nanoseconds: max(1, now - earlier.begun), messages: UInt32(messages),
            bytes: UInt32(bytes),
            kind: stream.operations[index - stream.base].kind.rawValue, refusal: refusal,
            answer: answer.map(UpdateRecord.checksum(ofAnswer:)) ?? 0)
        stream.records.records[index].keep(earlier)
        stream.completions.longestGap = max(
            stream.completions.longestGap, now - stream.completions.last)
        stream.completions.last = now
        stream.inFlight -= 1
        fill(stream, group: group)
    }

    private func fill(_ stream: Stream, group: Int) {
        while true {
            while stream.inFlight < plan.workload.window, stream.next < stream.operations.count {
                let operation = stream.operations[stream.next]
                let index = stream.base + stream.next
                if !stream.done.isEmpty, stream.done.contains(index) {
                    stream.next += 1
                    continue
                }
                guard isDue(index, of: stream, group: group) else { return }
                if index == stream.assignment.interruption?.index {
                    interrupt(stream, group: group)
                }
                stream.next += 1
                stream.inFlight += 1
                stream.last.begun = now()
                stream.records.records[index].begun = stream.last.begun
                begin(group, stream.assignment.firstTicket + UInt64(index), operation)
            }
            // Where updates are complete as soon as they begin, so may the whole part be by now.
            guard !stream.isComplete, stream.inFlight == 0,
                stream.next == stream.operations.count
            else { return }
            stream.base += stream.operations.count
            guard stream.base < stream.numbers.count else { return finish(stream, group: group) }
            generate(stream)
        }
    }

    private func finish(_ stream: Stream, group: Int) {
        stream.isComplete = true
        let records = stream.records
        // What the harness needed is gone before memory is looked at.
        stream.numbers = []
        stream.operations = []
        stream.next = 0
        stream.done = []
        stream.warmUp = []
        stream.records = UpdateRecords(count: 0)
        countBytes(of: stream)
        finished(group, stream.completions, records)
    }

    /// Says where the interrupted update is and which is the last to begin: no later one than the
    /// window has room for and than has been generated, since the next ones wait for all before.
    private func interrupt(_ stream: Stream, group: Int) {
        guard let interruption = stream.assignment.interruption else { return }
        let end = stream.base + stream.operations.count
        let limit = min(end, interruption.index + plan.workload.window)
        let last = min(interruption.index + interruption.following, limit - 1)
        interrupted(
            Breakpoint(
                group: group, first: stream.assignment.firstTicket + UInt64(interruption.index),
                last: stream.assignment.firstTicket + UInt64(last),
                reached: interruption.reached))
    }

    /// At most about so many bytes of values wait to be sent.
    private static let batchBytes = 32 << 20
    private lazy var batchOperations = max(
        plan.workload.window,
        min(1 << 16, Self.batchBytes / max(1, plan.parts.map(\.valueBytes.mean).max() ?? 1)))

    private func generate(_ stream: Stream) {
        let begin = now()
        let end = min(stream.numbers.count, stream.base + batchOperations)
        let numbers = stream.numbers[stream.base..<end]
        switch stream.assignment.batch {
        case .warmUp:
            stream.operations = numbers.map { stream.warmUp[Int($0)] }
        case .trace(let first, _):
            stream.operations = numbers.map { number in
                let number = Int(number)
                // What lies between is other initiators'.
                stream.trace.skip(first + number - stream.position)
                stream.position = first + number + 1
                return stream.trace.next()
            }
        }
        stream.next = 0
        countBytes(of: stream)
        startSchedule(of: stream, generatingSince: begin)
    }

    private func countBytes(of stream: Stream) {
        recordingBytes -= stream.byteCount
        stream.countBytes()
        recordingBytes += stream.byteCount
        mostRecordingBytes = max(mostRecordingBytes ?? 0, recordingBytes)
    }

    // MARK: - The open loop

    /// The schedule begins when the first operations are there, with the first that is to be
    /// performed, and stands still while further ones are generated.
    private func startSchedule(of stream: Stream, generatingSince begin: UInt64) {
        guard stream.schedule != nil else { return }
        let now = Int(now())
        if let origin = stream.origin {
            stream.origin = origin + now - Int(begin)
        } else {
            let isNew = stream.assignment.start == 0
            let first = stream.schedule?.due(Int(stream.numbers[stream.base]))
            stream.origin = now - (isNew ? 0 : Int(first ?? 0))
        }
    }

    /// Whether the next update of a group may begin. If not, its group waits until it may.
    private func isDue(_ index: Int, of stream: Stream, group: Int) -> Bool {
        guard let origin = stream.origin,
            let offset = stream.schedule?.due(Int(stream.numbers[index]))
        else { return true }
        guard !stream.isWaiting else { return false }
        let due = UInt64(max(1, origin + Int(offset)))
        var earliest = due
        if plan.workload.openLoop?.catchesUp == false, stream.last.due > 0 {
            earliest = max(due, stream.last.begun + (due - min(due, stream.last.due)) / 2)
        }
        guard earliest > now() else {
            stream.records.records[index].due = due
            stream.last.due = due
            return true
        }
        stream.isWaiting = true
        let place = waiting.lastIndex { $0.moment > earliest }.map { $0 + 1 } ?? 0
        waiting.insert((earliest, group), at: place)
        setAlarm(waiting.last?.moment)
        return false
    }

    /// The moment has come for which the last alarm was set.
    func alarmRang() {
        while let next = waiting.last, next.moment <= now() {
            waiting.removeLast()
            guard let stream = streams[next.group] else { continue }
            stream.isWaiting = false
            fill(stream, group: next.group)
        }
        setAlarm(waiting.last?.moment)
    }
}

extension Operation {
    /// What it takes in memory, with the heads of its arrays.
    fileprivate var memoryBytes: Int {
        MemoryLayout<Operation>.stride
            + [key, value].reduce(0) { $0 + ($1.isEmpty ? 0 : 32 + $1.count) }
    }
}
