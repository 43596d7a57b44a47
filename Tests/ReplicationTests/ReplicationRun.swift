import RoleTesting
import Roles
import SeededGenerator
import Structures

@testable import Replication

/// Active replication under updates and crashes, with clients that repeat what was not answered, and
/// an onlooker who keeps the one order in which members deliver.
final class ReplicationRun {
    /// What a client asked for, by whom and as which of its requests.
    struct Update: Hashable {
        var sender: NodeID
        var ticket: UInt64
    }

    let mechanism: any Mechanism
    let network: RoleNetwork
    private let groups: Int
    private let topology: ReplicationTopology
    private let shape: StructureShape
    private let options: ReplicationOptions
    /// Nodes that are down.
    private(set) var down: Set<NodeID> = []
    /// Nodes that have been restarted and are not back.
    private(set) var recovering: Set<NodeID> = []
    private var random: SeededGenerator

    private var operations: [Int: [Update: Operation]] = [:]
    /// Per group and sender, what was begun and not answered, by ticket.
    private var outstanding: [Int: [NodeID: [UInt64]]] = [:]
    private var acknowledged: [Int: [Update: Bool]] = [:]
    /// Per group, what was delivered.
    private(set) var orders: [Int: [Update]] = [:]
    /// Per replica, how much of that; absent while it has no state.
    private var reached: [NodeID: Int] = [:]
    private var tickets: UInt64 = 0
    private var readReports = 0
    private(set) var complaints: [String] = []
    /// The group that was reported lost while all its replicas had failed.
    private(set) var lostGroup: String?
    /// How often something happened.
    private(set) var counts: [String: Int] = [:]

    /// - Parameter replication: what `mechanism` is or is built on.
    init(
        _ mechanism: any Mechanism, on replication: ReplicationMechanism, groups: Int, seed: UInt64
    ) {
        self.mechanism = mechanism
        self.groups = groups
        topology = replication.topology
        shape = replication.shape
        options = replication.options
        network = RoleNetwork(mechanism, seed: seed)
        random = SeededGenerator(seed: ~seed)
        for group in 0..<groups { for node in topology.replicas(of: group) { reached[node] = 0 } }
    }

    /// A copy that goes its own way by another seed.
    init(copying other: ReplicationRun, seed: UInt64) {
        mechanism = other.mechanism
        groups = other.groups
        topology = other.topology
        shape = other.shape
        options = other.options
        network = RoleNetwork(copying: other.network, seed: seed)
        down = other.down
        recovering = other.recovering
        random = SeededGenerator(seed: ~seed)
        operations = other.operations
        outstanding = other.outstanding
        acknowledged = other.acknowledged
        orders = other.orders
        reached = other.reached
        tickets = other.tickets
        readReports = other.readReports
        complaints = other.complaints
        lostGroup = other.lostGroup
        counts = other.counts
    }

    var nodes: [NodeID] { mechanism.nodeIDs }
}

// MARK: - Updates

extension ReplicationRun {
    /// Has a sender of a group begin an update, if it is there. Some must be refused.
    func update(group: Int, sender: Int = 0) {
        let node = mechanism.initiators(of: group)[sender]
        guard !down.contains(node), !recovering.contains(node) else { return }
        let value = withUnsafeBytes(of: random.next()) { Array($0) }
        let position = UInt32(random.next() % 4)
        let operation =
            switch random.next() % 10 {
            case 0: Operation(.remove, at: position)
            case 1: Operation(.set, at: position, value: value)
            case 2, 3: Operation(.insert, at: 0, value: value)
            default: Operation(.append, value: value)
            }
        tickets += 1
        operations[group, default: [:]][Update(sender: node, ticket: tickets)] = operation
        outstanding[group, default: [:]][node, default: []].append(tickets)
        network.deliver(.update(group: group, ticket: tickets, operation), to: node)
        read()
    }

    func step() -> Bool {
        defer { read() }
        return network.step()
    }

    func settle() { while step() {} }
}

// MARK: - Crashes

extension ReplicationRun {
    func kill(_ node: NodeID) {
        guard down.insert(node).inserted else { return }
        recovering.remove(node)
        network.kill(node)
        reached[node] = nil
        // What only nodes that are gone have delivered never happened. Where none is left, the last
        // one's state may be on its way.
        if let group = topology.group(of: node), let last = lastReached(in: group) {
            let order = orders[group] ?? []
            orders[group] = Array(order.prefix(last))
            if last < order.count { counts["deliveries went with a member", default: 0] += 1 }
        }
        read()
    }

    func restart(_ node: NodeID) {
        guard down.remove(node) != nil else { return }
        recovering.insert(node)
        network.restart(node)
        read()
    }

    /// A node will come back although nobody has restarted it.
    func expectRecovery(of node: NodeID) {
        recovering.insert(node)
        reached[node] = nil
    }

    private func read() {
        while readReports < network.reports.count {
            let (node, report) = network.reports[readReports]
            readReports += 1
            take(report, from: node)
        }
    }

    private func lastReached(in group: Int) -> Int? {
        topology.replicas(of: group).compactMap { reached[$0] }.max()
    }

    private func take(_ report: Report, from node: NodeID) {
        switch report {
        case .updateCompleted(let group, let ticket, _, _):
            answer(group, ticket, by: node, refused: false)
        case .updateRefused(let group, let ticket, _):
            answer(group, ticket, by: node, refused: true)
        case .delivered(let group, let sender, let ticket):
            deliver(Update(sender: sender, ticket: ticket), in: group, at: node)
        case .recovered:
            if recovering.remove(node) == nil {
                complaints.append("node \(node.rawValue) is back twice")
            }
            counts["recoveries", default: 0] += 1
            repeatUpdates(of: node)
        case .failed(let text):
            let group = (0..<groups).first { text.hasPrefix("group \($0 + 1) is lost") }
            let isLost =
                group.map {
                    topology.replicas(of: $0).allSatisfy {
                        down.contains($0) || recovering.contains($0)
                    }
                } ?? false
            if isLost { lostGroup = text } else { complaints.append(text) }
        case .malformed: complaints.append("malformed at node \(node.rawValue)")
        case .held: counts["held back", default: 0] += 1
        case .phase(.install):
            // A replica has been sent its state, and the group is at rest.
            if let group = topology.group(of: node) {
                reached[node] = lastReached(in: group) ?? orders[group]?.count ?? 0
            }
        case .step, .phase, .log, .readCompleted, .entered: break
        }
    }

    private func answer(_ group: Int, _ ticket: UInt64, by node: NodeID, refused: Bool) {
        let before = outstanding[group]?[node]?.count ?? 0
        outstanding[group]?[node]?.removeAll { $0 == ticket }
        if (outstanding[group]?[node]?.count ?? 0) == before {
            complaints.append("update \(ticket) was answered twice")
        }
        acknowledged[group, default: [:]][Update(sender: node, ticket: ticket)] = refused
    }

    private func deliver(_ update: Update, in group: Int, at node: NodeID) {
        var order = orders[group] ?? []
        guard let place = reached[node] else {
            return complaints.append("node \(node.rawValue) delivers without a state")
        }
        if place < order.count {
            if order[place] != update {
                complaints.append("node \(node.rawValue) delivers in another order")
            }
        } else {
            if order.contains(update) {
                complaints.append("node \(node.rawValue) delivers \(update.ticket) twice")
            }
            order.append(update)
        }
        orders[group] = order
        reached[node] = place + 1
    }

    /// A client whose sender has come back asks again for what it has no answer to.
    private func repeatUpdates(of node: NodeID) {
        for group in 0..<groups {
            for ticket in outstanding[group]?[node] ?? [] {
                guard let operation = operations[group]?[Update(sender: node, ticket: ticket)]
                else { continue }
                counts["repeated updates", default: 0] += 1
                network.deliver(.update(group: group, ticket: ticket, operation), to: node)
            }
        }
    }
}

// MARK: - Proof

extension ReplicationRun {
    /// What is wrong when nothing is on its way any more; nil where all is as it must be.
    var fault: String? {
        if let complaint = complaints.first { return complaint }
        if !recovering.isEmpty { return "\(recovering.map(\.rawValue)) are not back" }
        var models: [ModelStructure] = []
        for group in 0..<groups {
            let order = orders[group] ?? []
            for (node, tickets) in outstanding[group] ?? [:]
            where !tickets.isEmpty && !down.contains(node) {
                return "updates \(tickets) of node \(node.rawValue) have no answer"
            }
            for node in topology.replicas(of: group) {
                if let reached = reached[node], reached != order.count {
                    return "node \(node.rawValue) has delivered \(reached) of \(order.count)"
                }
            }
            var model = ModelStructure(shape)
            var refused: [Update: Bool] = [:]
            for update in order {
                guard let operation = operations[group]?[update] else {
                    return "update \(update.ticket) was never begun"
                }
                do {
                    try model.apply(operation)
                    refused[update] = false
                } catch {
                    refused[update] = true
                }
            }
            for (update, wasRefused) in acknowledged[group] ?? [:]
            where refused[update] != wasRefused {
                // Who acknowledges before it delivers cannot know.
                if refused[update] == true, options.acknowledgement == .final {
                    continue
                }
                return "update \(update.ticket) was answered and "
                    + (refused[update] == nil ? "is lost" : "has another outcome")
            }
            models.append(model)
        }
        return network.firstDifference(from: models)
    }
}
