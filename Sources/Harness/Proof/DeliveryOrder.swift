import Roles

/// Finds the order in which the members of groups delivered their updates, and proves that it is one
/// (Hadzilacos and Toueg 1994, sections 3.1 and 7). It knows the members' logs and what the clients
/// did, and nothing of the protocol.
///
/// It looks at one period at a time, which ends at a moment when no update is in flight:
///
/// - *agreement*: members that were there all the time delivered the same; one that entered
///   meanwhile delivered what followed the state that it got, up to the end; what is known of one
///   that crashed is a beginning of what the others delivered (the agreement is uniform);
/// - *total order*: all delivered it in the same order, and where updates go to several groups, the
///   orders of all groups together go round nowhere, so that any two members agree on the updates
///   that both delivered;
/// - *integrity*: no member delivered an update twice, or one that no client began;
/// - *validity*: what was acknowledged was delivered.
package struct DeliveryOrder {
    /// What one member delivered without a gap.
    struct Log {
        let member: NodeID
        var deliveries: [Delivery] = []
        /// Whether it begins with the period, and not where the member entered.
        let isFromStart: Bool
        /// Whether it goes on to the end of the period, and not to a crash of the member.
        var isToEnd = true
    }

    private let members: [[NodeID]]
    /// The groups of each member.
    private let groups: [NodeID: [Int]]
    private let name: (NodeID) -> String
    /// Per group.
    private var logs: [[Log]]
    private var foreign: OrderViolation?

    /// - Parameters:
    ///   - members: per group, the nodes that may deliver its updates.
    ///   - name: a node's name, for the texts of errors.
    package init(members: [[NodeID]], name: @escaping (NodeID) -> String) {
        self.members = members
        groups = members.enumerated().reduce(into: [:]) { groups, entry in
            for member in entry.element { groups[member, default: []].append(entry.offset) }
        }
        self.name = name
        logs = members.map { _ in [] }
    }

    /// Takes what a member has delivered since it was last asked. A member that nobody asks is not
    /// there. An empty log says that the member is there and delivered nothing.
    ///
    /// - Parameter reentered: whether the member got its state from another since it was last asked
    ///   or, if that is later, since the beginning of the period.
    package mutating func take(_ log: [Delivery], of member: NodeID, reentered: Bool) {
        if reentered { crashed(member) }
        for group in groups[member] ?? [] {
            if current(member, in: group) == nil {
                logs[group].append(Log(member: member, isFromStart: !reentered))
            }
        }
        var group = -1
        var place = -1
        for delivery in log {
            if delivery.group != group {
                guard members.indices.contains(delivery.group),
                    let current = current(member, in: delivery.group)
                else {
                    foreign = foreign ?? .foreign(group: delivery.group, entry(delivery, member))
                    continue
                }
                group = delivery.group
                place = current
            }
            logs[group][place].deliveries.append(delivery)
        }
    }

    /// A member crashed: what it delivers later follows a state that it gets.
    package mutating func crashed(_ member: NodeID) {
        for group in logs.indices {
            guard let place = current(member, in: group) else { continue }
            logs[group][place].isToEnd = false
        }
    }

    private func current(_ member: NodeID, in group: Int) -> Int? {
        logs[group].lastIndex { $0.member == member && $0.isToEnd }
    }

    private func entry(_ delivery: Delivery, _ member: NodeID) -> OrderViolation.Entry {
        OrderViolation.Entry(member: name(member), update: text(delivery.id))
    }

    private func text(_ update: Delivery.ID) -> String {
        "\(name(update.sender))'s update \(update.ticket)"
    }

    /// Ends the period. All logs are forgotten, and the next one begins.
    ///
    /// - Parameter sent: every update that was begun in the period.
    /// - Returns: per group the order of its updates, each with the longest time for which a member
    ///   held it back.
    /// - Throws: the first violation.
    /// - Complexity: O(length of all logs and of `sent`).
    package mutating func check(sent: [SentUpdate]) throws(OrderViolation) -> [[Delivery]] {
        defer {
            logs = members.map { _ in [] }
            foreign = nil
        }
        if let foreign { throw foreign }
        var orders: [[Delivery]] = []
        for group in members.indices {
            let sent = members.count == 1 ? sent : sent.filter { $0.groups.contains(group) }
            var order = AgreedOrder(group: group, sent: sent, name: name, text: text)
            try order.join(logs[group])
            try order.checkAcknowledged(sent)
            orders.append(order.order)
        }
        try checkAcrossGroups(orders, sent.filter { $0.groups.count > 1 })
        return orders
    }

    /// Compares the orders of groups by the updates that go to several of them.
    private func checkAcrossGroups(
        _ orders: [[Delivery]], _ sent: [SentUpdate]
    ) throws(OrderViolation) {
        guard !sent.isEmpty else { return }
        var numbers: [[Delivery.ID: Int]] = members.map { _ in [:] }
        for (number, update) in sent.enumerated() {
            for group in update.groups { numbers[group][update.id] = number }
        }
        let shared = orders.indices.map { group in
            orders[group].compactMap { numbers[group][$0.id] }
        }
        var deliveredIn: [[Int]] = sent.map { _ in [] }
        for group in shared.indices {
            for number in shared[group] { deliveredIn[number].append(group) }
        }
        for (number, groups) in deliveredIn.enumerated() {
            guard let delivered = groups.first else { continue }
            for group in sent[number].groups where !groups.contains(group) {
                throw .partial(
                    update: text(sent[number].id), deliveredIn: delivered, missingIn: group)
            }
        }
        let circle = CommonOrder.circle(in: shared, deliveredIn: deliveredIn)
        guard circle.isEmpty else {
            throw .circle(
                circle.map { step in
                    OrderViolation.Precedence(
                        group: step.group, earlier: text(sent[step.earlier].id),
                        later: text(sent[step.later].id))
                })
        }
    }
}
