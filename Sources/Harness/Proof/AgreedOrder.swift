import Roles

/// The order of one group's updates, put together from its members' logs.
struct AgreedOrder {
    private let group: Int
    private let name: (NodeID) -> String
    private let text: (Delivery.ID) -> String
    private(set) var order: [Delivery] = []
    /// Where each update that was begun stands in the order; -1 where it does not.
    private var places: [Delivery.ID: Int]
    /// Whose log the order comes from, from which place on.
    private var sources: [(start: Int, member: NodeID)] = []

    /// - Parameter sent: what was sent to the group.
    init(
        group: Int, sent: [SentUpdate], name: @escaping (NodeID) -> String,
        text: @escaping (Delivery.ID) -> String
    ) {
        self.group = group
        self.name = name
        self.text = text
        places = Dictionary(minimumCapacity: sent.count)
        for update in sent { places[update.id] = -1 }
    }

    /// Puts logs together. The ones that are whole come first, so that errors name those that differ
    /// from them.
    mutating func join(_ logs: [DeliveryOrder.Log]) throws(OrderViolation) {
        guard places.isEmpty || logs.contains(where: \.isFromStart) else {
            throw .unknownStart(group: group)
        }
        var ends: [(member: NodeID, end: Int)] = []
        var open =
            logs.filter { $0.isFromStart && $0.isToEnd }
            + logs.filter { $0.isFromStart && !$0.isToEnd }
            + logs.filter { !$0.isFromStart && !$0.deliveries.isEmpty }
        // A log may begin where only another one that begins late leads to.
        while !open.isEmpty {
            var unplaced: [DeliveryOrder.Log] = []
            for log in open {
                guard let start = start(of: log) else {
                    unplaced.append(log)
                    continue
                }
                try join(log, at: start)
                if log.isToEnd { ends.append((log.member, start + log.deliveries.count)) }
            }
            guard unplaced.count < open.count else {
                throw unconnected(unplaced[0])
            }
            open = unplaced
        }
        for (member, end) in ends where end < order.count {
            throw .missing(
                group: group, place: end, member: name(member), delivered: entry(at: end))
        }
    }

    /// Throws where an acknowledged update stands in no log.
    func checkAcknowledged(_ sent: [SentUpdate]) throws(OrderViolation) {
        for update in sent where update.isAcknowledged && places[update.id] == -1 {
            throw .lost(group: group, update: text(update.id))
        }
    }

    /// The place of a log's first update, or nil as long as it is not known.
    private func start(of log: DeliveryOrder.Log) -> Int? {
        if log.isFromStart { return 0 }
        guard let place = places[log.deliveries[0].id], place >= 0 else { return nil }
        return place
    }

    private mutating func join(
        _ log: DeliveryOrder.Log, at start: Int
    ) throws(OrderViolation) {
        for (offset, delivery) in log.deliveries.enumerated() {
            let place = start + offset
            if place == order.count {
                try append(delivery, offset, of: log)
            } else if order[place].ticket == delivery.ticket,
                order[place].sender == delivery.sender
            {
                order[place].heldBackNs = max(order[place].heldBackNs, delivery.heldBackNs)
            } else {
                throw violation(offset, at: place, of: log)
                    ?? .differentOrder(
                        group: group, place: place, entry(delivery, log.member), entry(at: place))
            }
        }
    }

    private mutating func append(
        _ delivery: Delivery, _ offset: Int, of log: DeliveryOrder.Log
    ) throws(OrderViolation) {
        guard let index = places.index(forKey: delivery.id), places.values[index] < 0 else {
            let other = places[delivery.id] ?? -1
            throw violation(offset, at: order.count, of: log)
                ?? .differentPlace(
                    group: group, place: order.count, entry(delivery, log.member), other: other,
                    member: entry(at: other).member)
        }
        places.values[index] = order.count
        if sources.last?.member != log.member {
            sources.append((order.count, log.member))
        }
        order.append(delivery)
    }

    /// What a log's own entry breaks, whatever the others have; nil for nothing.
    private func violation(
        _ offset: Int, at place: Int, of log: DeliveryOrder.Log
    ) -> OrderViolation? {
        let delivery = log.deliveries[offset]
        let entry = entry(delivery, log.member)
        if places[delivery.id] == nil {
            return .notBegun(group: group, place: place, entry)
        }
        guard let first = log.deliveries[..<offset].firstIndex(where: { $0.id == delivery.id })
        else { return nil }
        return .repeated(group: group, place: place, first: place - offset + first, entry)
    }

    private func unconnected(_ log: DeliveryOrder.Log) -> OrderViolation {
        violation(0, at: order.count, of: log)
            ?? .unconnected(group: group, entry(log.deliveries[0], log.member))
    }

    private func entry(_ delivery: Delivery, _ member: NodeID) -> OrderViolation.Entry {
        OrderViolation.Entry(member: name(member), update: text(delivery.id))
    }

    private func entry(at place: Int) -> OrderViolation.Entry {
        entry(order[place], sources.last { $0.start <= place }?.member ?? .driver)
    }
}
