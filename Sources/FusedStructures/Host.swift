import Fusion
import Roles
import Structures

/// Runs all nodes of one cluster in memory: it hands their messages over, in the order in which they
/// were sent, until all is quiet. The roles are those that crashbench runs on processes, and a crash
/// drops a role with all that it holds.
///
/// Quiet means that every update is complete when its call returns: all backups that are up have it.
package final class Host {
    /// What a recovery sent.
    struct Traffic {
        var messages = 0
        var bytes = 0
        /// Whose cells and codes were used.
        var sources: Set<NodeID> = []
    }

    private struct Delivery {
        var message: Message
        var sender: NodeID
        var receiver: NodeID
    }

    package let mechanism: FusionMechanism
    let topology: FusionTopology
    private var roles: [(any Role)?]
    private var incarnations: [Incarnation]
    private var deliveries = Queue<Delivery>()
    /// Nodes that have heard something since they were last told that nothing waits.
    private var awake: Set<NodeID> = []
    /// What was reported, and the recoveries' messages, since the current call began.
    private var reports: [(node: NodeID, report: Report)] = []
    private var traffic = Traffic()
    private var ticket: UInt64 = 0

    init(_ mechanism: FusionMechanism, topology: FusionTopology) {
        self.mechanism = mechanism
        self.topology = topology
        incarnations = mechanism.nodes.map { _ in 1 }
        roles = mechanism.nodeIDs.map { mechanism.makeRole(of: Member($0, incarnation: 1)) }
        for node in mechanism.nodeIDs {
            handle(.start(Start(.initial, peers: mechanism.peers(of: node))), at: node)
        }
        settle()
    }

    private func place(_ node: NodeID) -> Int { Int(node.rawValue) - 1 }

    func isUp(_ node: NodeID) -> Bool { roles[place(node)] != nil }

    /// A node's role; nil where it has crashed.
    func role(of node: NodeID) -> (any InspectableRole)? {
        roles[place(node)] as? any InspectableRole
    }

    /// The full states of all nodes that are up.
    package var snapshots: [NodeID: Message] {
        var snapshots: [NodeID: Message] = [:]
        for node in mechanism.nodeIDs { snapshots[node] = roles[place(node)]?.snapshot() }
        return snapshots
    }
}

// MARK: - Events and messages

extension Host {
    private func handle(_ event: Event, at node: NodeID) {
        if case .idle = event { awake.remove(node) } else { awake.insert(node) }
        var effects: [Effect] = []
        roles[place(node)]?.handle(event, into: &effects)
        var proceeds = false
        for effect in effects {
            switch effect {
            case .send(let message, let receiver, let purpose):
                if purpose == .recovery {
                    traffic.messages += 1
                    traffic.bytes += message.wireBytes
                }
                deliveries.append(Delivery(message: message, sender: node, receiver: receiver))
            case .proceed: proceeds = true
            case .report(.log(let log)):
                traffic.sources.formUnion((log.cells + log.codes).map(\.node))
            case .report(let report): reports.append((node, report))
            }
        }
        if proceeds { handle(.proceed, at: node) }
    }

    /// Hands messages over until there are none. Those to a node that is down are lost.
    private func settle() {
        while true {
            if let delivery = deliveries.popFirst() {
                handle(.message(delivery.message, from: delivery.sender), at: delivery.receiver)
            } else if let node = awake.min() {
                handle(.idle, at: node)
            } else {
                return
            }
        }
    }

    private func begin() {
        reports = []
        traffic = Traffic()
    }

    /// The first complaint of a node.
    private var failure: String {
        for (node, report) in reports {
            let name = mechanism.description(of: node).name
            switch report {
            case .failed(let reason), .updateRefused(_, _, let reason): return "\(name): \(reason)"
            case .malformed: return "\(name): a message is malformed"
            default: break
            }
        }
        return "the nodes wait for each other"
    }
}

// MARK: - What clients ask for

extension Host {
    /// The structure of a primary. Throws `serverCrashed`.
    func structure(of primary: Int) throws(FusedError) -> FusibleStructure {
        guard let structure = role(of: topology.primary(primary))?.heldStructure else {
            throw .serverCrashed(.primary(primary))
        }
        return structure
    }

    /// Performs an update that is possible.
    func update(_ operation: Operation, of primary: Int) throws(FusedError) {
        begin()
        ticket += 1
        handle(
            .update(group: primary, ticket: ticket, operation), at: topology.primary(primary))
        settle()
        let isComplete = reports.contains {
            if case .updateCompleted(primary, ticket, _, _) = $0.report { true } else { false }
        }
        guard isComplete else { throw .protocolFailure(failure) }
    }

    /// Takes nodes away, all before any other notices.
    func crash(_ nodes: [NodeID]) {
        for node in nodes { roles[place(node)] = nil }
        for node in nodes {
            for peer in mechanism.peers(of: node) where isUp(peer) {
                handle(.peerLost(node), at: peer)
            }
        }
        settle()
    }

    /// Starts the next life of nodes and lets them get their state back.
    func recover(_ nodes: [NodeID]) throws(FusedError) -> Traffic {
        begin()
        for node in nodes {
            incarnations[place(node)] += 1
            let peers = mechanism.peers(of: node).filter(isUp)
            roles[place(node)] = mechanism.makeRole(
                of: Member(node, incarnation: incarnations[place(node)]))
            handle(.start(Start(.recovery, peers: peers)), at: node)
        }
        settle()
        let areBack = nodes.allSatisfy { node in
            reports.contains { $0.node == node && $0.report == .recovered }
        }
        guard areBack else {
            let failure = failure
            crash(nodes)
            throw .protocolFailure(failure)
        }
        return traffic
    }
}
