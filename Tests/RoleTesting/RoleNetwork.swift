import Roles
import SeededGenerator
import Structures

/// The roles of a mechanism joined without sockets: every link is a queue, and a seeded generator
/// says which link delivers next. The same seed gives the same schedule. It says, too, when a node finds its inbox
/// empty; all do before nothing is left.
///
/// Links behave as the transport's do: a node that has restarted says hello, before which nobody can
/// send to it; messages to an incarnation that is gone are dropped; of what a killed node has sent
/// the last part may be lost, and its end is noticed after the rest.
package final class RoleNetwork {
    private enum Item {
        /// The sender's incarnation can be reached from now on.
        case hello(Incarnation)
        case message(Message)
        /// The sender is gone.
        case end
    }

    package let mechanism: any Mechanism
    package private(set) var roles: [NodeID: any Role] = [:]
    package private(set) var reports: [(node: NodeID, report: Report)] = []
    /// May change or drop (nil) a message on its way.
    package var intercept: (Message, NodeID, NodeID) -> Message? = { message, _, _ in message }
    /// Messages of killed nodes that nobody got.
    package private(set) var lostMessages = 0

    /// By `link(from, to)`; that of a node to itself is never used.
    private var links: [Queue<Item>]
    /// The links that something is on, in an order that only the schedule decides.
    private var busy: [Int] = []
    /// By `link(from, to)`, the incarnation of `to` that `from` sends to.
    private var targets: [Incarnation?]
    private var incarnations: [NodeID: Incarnation] = [:]
    /// Nodes that have asked to proceed; nothing else is delivered to them before.
    private var proceeding: Set<NodeID> = []
    /// Nodes that have heard something since they were last told that nothing waits.
    private var awake: Set<NodeID> = []
    private var random: SeededGenerator
    /// By `link(from, to)`: what is on it is often overtaken by all others.
    private var isSlow: [Bool] = []

    /// Starts all nodes of a mechanism.
    package init(_ mechanism: any Mechanism, seed: UInt64) {
        self.mechanism = mechanism
        random = SeededGenerator(seed: seed)
        let count = mechanism.nodes.count
        links = Array(repeating: Queue(), count: count * count)
        targets = Array(repeating: nil, count: count * count)
        isSlow = Self.slowLinks(count, &random)
        for node in mechanism.nodeIDs {
            incarnations[node] = 1
            roles[node] = mechanism.makeRole(of: Member(node, incarnation: 1))
            for peer in mechanism.peers(of: node) { targets[link(node, peer)] = 1 }
        }
        for node in mechanism.nodeIDs {
            deliver(.start(Start(.initial, peers: mechanism.peers(of: node))), to: node)
        }
    }

    /// A copy that goes its own way from here on, by another seed.
    package init(copying other: RoleNetwork, seed: UInt64) {
        mechanism = other.mechanism
        roles = other.roles
        reports = other.reports
        intercept = other.intercept
        links = other.links
        busy = other.busy
        targets = other.targets
        incarnations = other.incarnations
        proceeding = other.proceeding
        awake = other.awake
        random = SeededGenerator(seed: seed)
        isSlow = Self.slowLinks(mechanism.nodes.count, &random)
    }

    private static func slowLinks(_ nodes: Int, _ random: inout SeededGenerator) -> [Bool] {
        (0..<nodes * nodes).map { _ in random.next().isMultiple(of: 4) }
    }

    private func link(_ from: NodeID, _ to: NodeID) -> Int {
        (Int(from.rawValue) - 1) * mechanism.nodes.count + Int(to.rawValue) - 1
    }

    /// Feeds an event and puts what the role sends on the links.
    package func deliver(_ event: Event, to node: NodeID) {
        if proceeding.contains(node) { proceed(node) }
        handle(event, at: node)
        if !proceeding.contains(node), random.next().isMultiple(of: 4) { handle(.idle, at: node) }
    }

    private func proceed(_ node: NodeID) {
        proceeding.remove(node)
        handle(.proceed, at: node)
    }

    private func handle(_ event: Event, at node: NodeID) {
        if case .idle = event { awake.remove(node) } else { awake.insert(node) }
        var effects: [Effect] = []
        roles[node]?.handle(event, into: &effects)
        for effect in effects {
            switch effect {
            case .send(let message, let receiver, _):
                let link = link(node, receiver)
                guard roles[receiver] != nil, targets[link] == incarnations[receiver],
                    let passed = intercept(message, node, receiver)
                else { continue }
                put(.message(passed), on: link)
            case .proceed: proceeding.insert(node)
            case .report(let report): reports.append((node, report))
            }
        }
    }

    /// Delivers one message of one link, lets one node proceed, or tells one that nothing waits.
    ///
    /// - Returns: false when nothing is on its way.
    package func step() -> Bool {
        guard !busy.isEmpty else {
            if let node = proceeding.min() {
                proceed(node)
            } else if let node = awake.min() {
                handle(.idle, at: node)
            } else {
                return false
            }
            return true
        }
        var place = Int(random.next() % UInt64(busy.count))
        for _ in 0..<8 where isSlow[busy[place]] {
            place = Int(random.next() % UInt64(busy.count))
        }
        let chosen = busy[place]
        let nodes = mechanism.nodes.count
        let (sender, receiver) = (NodeID(chosen / nodes + 1), NodeID(chosen % nodes + 1))
        guard !proceeding.contains(receiver) else {
            proceed(receiver)
            return true
        }
        guard let item = links[chosen].popFirst() else { return true }
        if links[chosen].isEmpty {
            busy.swapAt(place, busy.count - 1)
            busy.removeLast()
        }
        take(item, from: sender, at: receiver)
        return true
    }

    private func take(_ item: Item, from sender: NodeID, at receiver: NodeID) {
        switch item {
        case .hello(let incarnation): targets[link(receiver, sender)] = incarnation
        case .message(let message): deliver(.message(message, from: sender), to: receiver)
        case .end:
            targets[link(receiver, sender)] = nil
            deliver(.peerLost(sender), to: receiver)
        }
    }

    private func put(_ item: Item, on link: Int) {
        if links[link].isEmpty { busy.append(link) }
        links[link].append(item)
    }

    private func takeAll(from link: Int) -> [Item] {
        busy.removeAll { $0 == link }
        var items: [Item] = []
        while let item = links[link].popFirst() { items.append(item) }
        return items
    }

    /// Delivers until nothing is on its way.
    package func settle() { while step() {} }

    /// Takes a node away with everything on its links; its peers notice at once.
    package func crash(_ node: NodeID) {
        takeAway(node)
        for peer in mechanism.nodeIDs { _ = takeAll(from: link(node, peer)) }
        for peer in mechanism.nodeIDs where targets[link(peer, node)] != nil {
            targets[link(peer, node)] = nil
            deliver(.peerLost(node), to: peer)
        }
    }

    /// Takes a node away. On each link, a random number of the last messages that it has sent are
    /// lost; its peers get the others and then notice its end.
    package func kill(_ node: NodeID) {
        takeAway(node)
        for peer in mechanism.nodeIDs where peer != node && roles[peer] != nil {
            let items = takeAll(from: link(node, peer))
            // What an earlier incarnation sent is not cut again.
            let sent =
                1 + (items.lastIndex { if case .end = $0 { true } else { false } } ?? -1)
            var isKnown = targets[link(peer, node)] == incarnations[node]
            let kept = sent + Int(random.next() % UInt64(items.count - sent + 1))
            lostMessages += items.count - kept
            for item in items.prefix(kept) {
                if case .hello = item { isKnown = true }
                put(item, on: link(node, peer))
            }
            if isKnown { put(.end, on: link(node, peer)) }
        }
    }

    private func takeAway(_ node: NodeID) {
        roles[node] = nil
        proceeding.remove(node)
        awake.remove(node)
        for peer in mechanism.nodeIDs {
            _ = takeAll(from: link(peer, node))
            targets[link(node, peer)] = nil
        }
    }

    /// Begins the next life of a node, which does not take part before `start`.
    package func boot(_ node: NodeID) {
        incarnations[node, default: 0] += 1
        roles[node] = mechanism.makeRole(
            of: Member(node, incarnation: incarnations[node] ?? 1))
    }

    /// Links a booted node to all that are up and lets it recover.
    package func start(_ node: NodeID) {
        let peers = mechanism.peers(of: node).filter { roles[$0] != nil }
        for peer in peers {
            targets[link(node, peer)] = incarnations[peer]
            put(.hello(incarnations[node] ?? 1), on: link(node, peer))
        }
        deliver(.start(Start(.recovery, peers: peers)), to: node)
    }

    /// Starts the next life of a node.
    package func restart(_ node: NodeID) {
        boot(node)
        start(node)
    }

    /// Where the nodes' states differ from the model and from each other.
    package func firstDifference(from expected: [ModelStructure]) -> String? {
        mechanism.firstDifference(
            in: roles.mapValues { $0.snapshot() }, expected: expected)
    }

    /// Whether `node` has reported exactly this since the network began.
    package func hasReported(_ report: Report, by node: NodeID) -> Bool {
        reports.contains { $0.node == node && $0.report == report }
    }

    /// The texts of all failures, and a word for every message that was called malformed.
    package var complaints: [String] {
        reports.compactMap {
            switch $0.report {
            case .failed(let text): text
            case .malformed: "malformed"
            default: nil
            }
        }
    }
}
