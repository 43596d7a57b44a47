import Roles
import Structures

/// A batch of one group's updates: shared out among the group's initiators, performed by them, and
/// compared with the model. Its updates are numbered from 0 in the order of the trace.
struct GroupBatch {
    /// What one initiator performs.
    struct Part {
        let node: NodeID
        let share: Share
        let firstTicket: UInt64
        /// The numbers of its updates, in their order.
        let numbers: [Int]
        /// How many of them have begun.
        var begun: Int
    }

    let group: Int
    let content: ControlMessage.Batch
    /// In the order of the group's initiators.
    var parts: [Part]
    /// Absent until the batch is compared with the model: where nodes measure, nothing is generated.
    var updates: [Operation] = []
    /// Blank for an update that is not complete.
    private(set) var records: [UpdateRecord]
    /// What became of each update in the model; nil for one that it has not performed.
    var outcomes: [Outcome?]
    /// How long each update was held back, where its members have told.
    private(set) var heldBack: [Int?]
    static let blank = UpdateRecord(nanoseconds: 0, messages: 0, bytes: 0, kind: 0)
    /// Whether an update that is in the structures is repeated as long as nobody knows its answer.
    let repeatsUpdates: Bool
    /// Whether reads have a place in the members' order, as updates have.
    let ordersReads: Bool

    init(
        group: Int, content: ControlMessage.Batch, parts: [Part], repeatsUpdates: Bool,
        ordersReads: Bool = true
    ) {
        self.group = group
        self.content = content
        self.parts = parts
        self.repeatsUpdates = repeatsUpdates
        self.ordersReads = ordersReads
        records = Array(repeating: Self.blank, count: content.count)
        outcomes = Array(repeating: nil, count: content.count)
        heldBack = Array(repeating: nil, count: content.count)
    }

    var performers: [Session.Performer] {
        parts.map { Session.Performer(group: group, node: $0.node) }
    }

    /// The number of the group's measured updates, from 1, that an update is; nil in a warm-up.
    func operation(_ number: Int) -> Int? {
        if case .trace(let first, _) = content { first + number + 1 } else { nil }
    }

    // MARK: - What is still to do

    /// Whether an update is still to be performed.
    func isOpen(_ number: Int) -> Bool {
        !records[number].isComplete && (repeatsUpdates || outcomes[number] == nil)
    }

    /// What an initiator is told to perform; nil where nothing of its part is open.
    func assignment(of part: Part) -> ControlMessage.Assignment? {
        let start = part.numbers.firstIndex(where: isOpen)
        guard start != nil || part.numbers.isEmpty else { return nil }
        return ControlMessage.Assignment(
            group: group, batch: content, share: part.share, firstTicket: part.firstTicket,
            start: start ?? 0,
            done: part.numbers.indices.dropFirst(start ?? 0).filter { !isOpen(part.numbers[$0]) })
    }

    // MARK: - What is known

    /// Takes the measurements of parts that are complete.
    mutating func take(_ performances: [Session.Performer: Session.Performance]) {
        for part in parts {
            let performer = Session.Performer(group: group, node: part.node)
            if let performance = performances[performer] { take(performance.records, of: part) }
        }
    }

    /// Takes the measurements of parts that were cut short.
    mutating func take(_ cuts: [Session.Performer: Session.Cut]) {
        for place in parts.indices {
            let performer = Session.Performer(group: group, node: parts[place].node)
            guard let cut = cuts[performer] else { continue }
            parts[place].begun = min(cut.begun, parts[place].numbers.count)
            take(cut.records, of: parts[place])
        }
    }

    /// - Parameter records: for each update of the part, in its order.
    private mutating func take(_ records: [UpdateRecord], of part: Part) {
        for (number, record) in zip(part.numbers, records) where record.isComplete {
            self.records[number] = record
        }
    }

    /// Blanks the measurements of what was complete behind an update that was not: it was refused
    /// at once, while updates before it were in flight.
    ///
    /// - Parameter nodes: the initiators whose measurements these may be.
    mutating func keepPrefix(of nodes: [NodeID]) {
        for part in parts where nodes.contains(part.node) {
            for number in part.numbers.drop(while: { records[$0].isComplete }) {
                records[number] = Self.blank
            }
        }
    }

    /// Nobody is interrupted any more.
    mutating func allHaveBegun() {
        for place in parts.indices { parts[place].begun = parts[place].numbers.count }
    }

    /// Updates that are complete, and new to the model.
    var news: [Int] {
        records.indices.filter { records[$0].isComplete && outcomes[$0] == nil }
    }

    /// Updates of a part that had begun, and of which nobody knows the answer.
    func unacknowledged(of part: Part) -> [Int] {
        part.numbers.prefix(part.begun).filter { !records[$0].isComplete }
    }

    // MARK: - In the members' logs

    /// What had begun and is new to the model, as the group's members have to deliver it.
    var sent: [SentUpdate] {
        parts.flatMap { part in
            part.numbers.prefix(part.begun).enumerated().compactMap { index, number in
                outcomes[number] != nil || !isOrdered(number)
                    ? nil
                    : SentUpdate(
                        groups: [group],
                        id: Delivery.ID(
                            sender: part.node, ticket: part.firstTicket + UInt64(index)),
                        isAcknowledged: records[number].isComplete)
            }
        }
    }

    /// Takes what the members tell of updates that they have delivered.
    mutating func note(_ order: [Delivery]) {
        for delivery in order {
            if let number = number(of: delivery.id) { heldBack[number] = Int(delivery.heldBackNs) }
        }
    }

    /// Whether an operation that is complete has its place in the members' order: all but reads of
    /// one copy do.
    func isOrdered(_ number: Int) -> Bool {
        ordersReads || !(OperationKind(rawValue: records[number].kind)?.isRead ?? false)
    }

    /// The number of an update that was `sent`.
    func number(of update: Delivery.ID) -> Int? {
        guard let part = parts.first(where: { $0.node == update.sender }),
            update.ticket >= part.firstTicket,
            update.ticket - part.firstTicket < UInt64(part.numbers.count)
        else { return nil }
        return part.numbers[Int(update.ticket - part.firstTicket)]
    }
}
