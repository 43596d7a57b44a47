import Roles
import Structures

/// Judges a group of which every member says what it delivers: all in one order, each update once,
/// only what was begun, and behind whatever was answered before it was begun; who is in one view and
/// in the next one has delivered the same before that; what was answered is delivered by all, and its
/// answer is what the model gives in this order.
struct MemberJudge: GroupJudge {
    /// Where a member stands in the order.
    private enum Standing: Equatable {
        /// It has no state.
        case absent
        /// It has delivered so many updates.
        case reached(Int)
        /// Somebody thinks that it is gone.
        case suspected
    }

    /// Who has taken a view.
    private struct View {
        var members: [NodeID]
        /// The lives that have taken it.
        var lives: [NodeID: Incarnation] = [:]
        /// How many updates they had delivered.
        var place: Int
        var isInForce: Bool { members.allSatisfy { lives[$0] != nil } }
    }

    private let name: String
    /// Whether an update is answered when all members have delivered it, rather than earlier.
    private let answersDelivered: Bool
    /// Whether reads stand in the order.
    private let ordersReads: Bool
    private(set) var book = ClientBook()
    private var order: [Delivery.ID] = []
    private var places: [Delivery.ID: Int] = [:]
    private var standings: [NodeID: Standing] = [:]
    /// What was answered, with how much had been answered before.
    private var answers: [Delivery.ID: (answer: ClientAnswer, number: Int)] = [:]
    /// What was answered and has no place. It has to stand before what was begun later.
    private var unplaced: [Delivery.ID] = []
    /// How much had been answered when something was begun.
    private var answeredBefore: [Delivery.ID: Int] = [:]
    /// After the first `judged` updates of the order.
    private var model: ModelStructure
    private var judged = 0
    private var views: [UInt32: View] = [:]
    /// How often members were suspected, or deliveries went with a member.
    private var disturbances = 0
    /// What began when nobody was suspected, with the number of disturbances until then.
    private var undisturbed: [Delivery.ID: Int] = [:]

    /// - Parameters:
    ///   - name: the group's, for violations.
    ///   - members: nodes that deliver its updates.
    ///   - answersDelivered: whether an update is answered only when all have delivered it.
    ///   - ordersReads: whether reads are delivered, too.
    init(
        name: String, members: [NodeID], shape: StructureShape, answersDelivered: Bool,
        ordersReads: Bool
    ) {
        self.name = name
        self.answersDelivered = answersDelivered
        self.ordersReads = ordersReads
        model = ModelStructure(shape)
        for member in members { standings[member] = .reached(0) }
    }

    private func text(_ id: Delivery.ID) -> String {
        "operation \(id.ticket) of node \(id.sender.rawValue) in \(name)"
    }

    private func text(_ member: Member) -> String {
        "node \(member.node.rawValue) of incarnation \(member.incarnation)"
    }
}

// MARK: - Clients

extension MemberJudge {
    mutating func begin(_ operation: Operation, at initiator: NodeID) -> Delivery.ID {
        let id = book.begin(operation, at: initiator)
        answeredBefore[id] = answers.count
        if !standings.values.contains(.suspected) { undisturbed[id] = disturbances }
        return id
    }

    mutating func take(_ answer: ClientAnswer, to id: Delivery.ID) throws(Violation) {
        let operation = try book.finish(id)
        if operation.kind.isRead, !ordersReads {
            // Else a member may have been read that is gone with what it told.
            if undisturbed[id] == disturbances { try judge(answer, to: id, operation) }
            return
        }
        if places[id] == nil {
            guard !answersDelivered else {
                throw Violation(
                    "\(text(id)) was answered, and no member that is left has delivered it")
            }
            unplaced.append(id)
        }
        answers[id] = (answer, answers.count)
    }

    /// A read of one member's state gives what was there at some time since all was at rest.
    private func judge(
        _ answer: ClientAnswer, to id: Delivery.ID, _ operation: Operation
    ) throws(Violation) {
        var state = model
        let expected = state.answer(operation)
        if expected == answer { return }
        for update in order[judged...] {
            guard let next = book[update] else { continue }
            _ = state.answer(next)
            if state.answer(operation) == answer { return }
        }
        throw Violation("\(text(id)), a read, \(answer.contradiction(of: expected)) or later state")
    }

    mutating func recovered(
        _ initiator: NodeID, elements: [UInt8]?
    ) -> [Delivery.ID] {
        book.outstanding.filter { $0.sender == initiator }
    }
}

// MARK: - Members

extension MemberJudge {
    mutating func deliver(_ id: Delivery.ID, at member: Member) throws(Violation) {
        switch standings[member.node] {
        case .suspected: return
        case .reached(let place):
            if place < order.count {
                guard order[place] == id else {
                    throw Violation(
                        "\(text(member)) delivers \(text(id)) at place \(place + 1), where another "
                            + "member has delivered \(text(order[place]))")
                }
            } else {
                try append(id, by: member)
            }
            standings[member.node] = .reached(place + 1)
        case .absent, nil:
            throw Violation("\(text(member)) delivers \(text(id)) and has no state")
        }
    }

    private mutating func append(_ id: Delivery.ID, by member: Member) throws(Violation) {
        guard book[id] != nil else {
            throw Violation("\(text(member)) delivers \(text(id)), which nobody has begun")
        }
        if let place = places[id] {
            throw Violation(
                "\(text(member)) delivers \(text(id)) at place \(order.count + 1), which stands at "
                    + "place \(place + 1)")
        }
        unplaced.removeAll { $0 == id }
        let answered = answeredBefore[id] ?? 0
        if let first = unplaced.first(where: { answers[$0]?.number ?? 0 < answered }) {
            throw Violation(
                "\(text(id)) stands at place \(order.count + 1), before \(text(first)), which "
                    + "was answered before it was begun")
        }
        places[id] = order.count
        order.append(id)
    }

    /// The group is at rest when a member gets its state.
    mutating func install(_ member: Member) {
        guard let standing = standings[member.node], standing != .suspected else { return }
        standings[member.node] = .reached(lastReached ?? order.count)
    }

    private var lastReached: Int? {
        standings.values.compactMap { if case .reached(let place) = $0 { place } else { nil } }
            .max()
    }

    mutating func enter(
        _ view: UInt32, of members: [NodeID], _ member: Member
    ) throws(Violation) {
        guard case .reached(let place)? = standings[member.node] else { return }
        guard members.contains(member.node) else {
            throw Violation("\(text(member)) is in view \(view) of \(name), which does not have it")
        }
        var known = views[view] ?? View(members: members, place: place)
        if known.lives.isEmpty || known.members != members && !known.isInForce {
            // It was never in force, and the manager that wanted it is gone.
            known = View(members: members, place: place)
        }
        if let other = known.lives[member.node], other != member.incarnation {
            throw Violation(
                "incarnations \(other) and \(member.incarnation) of node \(member.node.rawValue) "
                    + "are both in view \(view) of \(name)")
        }
        guard known.place == place, known.members == members else {
            throw Violation(
                "\(text(member)) enters view \(view) of \(name) (\(members.map(\.rawValue))) after "
                    + "\(place) deliveries, another (\(known.members.map(\.rawValue))) after "
                    + "\(known.place)")
        }
        known.lives[member.node] = member.incarnation
        views[view] = known
    }

    mutating func lose(_ member: Member) throws(Violation) {
        guard standings[member.node] != nil else { return }
        standings[member.node] = .absent
        for (number, view) in views where !view.isInForce {
            if view.lives[member.node] == member.incarnation {
                views[number]?.lives[member.node] = nil
            }
        }
        try forgetLost()
    }

    mutating func suspect(_ member: Member) throws(Violation) {
        guard standings[member.node] != nil else { return }
        disturbances += 1
        standings[member.node] = .suspected
        try forgetLost()
    }

    /// What only nodes that are gone have delivered never happened. Where none is left, the last
    /// one's state may be on its way.
    private mutating func forgetLost() throws(Violation) {
        guard let last = lastReached, last < order.count else { return }
        for id in order[last...] {
            places[id] = nil
            guard answers[id] != nil else { continue }
            if answersDelivered {
                throw Violation("\(text(id)) was answered and is lost: nobody is left that has it")
            }
            unplaced.append(id)
        }
        order.removeLast(order.count - last)
        disturbances += 1
        guard judged <= last else {
            throw Violation("\(judged - last) updates of \(name) are lost that all members had")
        }
    }
}

// MARK: - At rest

extension MemberJudge {
    mutating func rest() throws(Violation) -> ModelStructure {
        if let open = book.outstanding.first {
            throw Violation("nothing is in flight, and \(text(open)) has no answer")
        }
        for (node, standing) in standings.sorted(by: { $0.key < $1.key })
        where standing != .reached(order.count) {
            throw Violation(
                "node \(node.rawValue) of \(name) is \(standing) of \(order.count) updates")
        }
        if let lost = unplaced.first {
            throw Violation("\(text(lost)) was answered and is lost: no member has delivered it")
        }
        for id in order[judged...] {
            guard let operation = book[id] else { continue }
            let expected = model.answer(operation)
            guard let answer = answers[id]?.answer, answer != expected else { continue }
            // Who acknowledges before it delivers cannot know of a refusal.
            if !answersDelivered, answer == .done, case .refused = expected { continue }
            throw Violation("\(text(id)) \(answer.contradiction(of: expected))")
        }
        judged = order.count
        return model
    }
}
