import Roles
import SeededGenerator
import Structures

/// The roles of a mechanism joined without sockets: every link is a queue, and a seeded generator
/// says which link delivers next. The same seed gives the same schedule.
package final class RoleNetwork {
    private struct Link: Hashable {
        var from: NodeID
        var to: NodeID
    }

    package let mechanism: any Mechanism
    package private(set) var roles: [NodeID: any Role] = [:]
    package private(set) var reports: [(node: NodeID, report: Report)] = []
    /// May change or drop (nil) a message on its way.
    package var intercept: (Message, NodeID, NodeID) -> Message? = { message, _, _ in message }

    private var links: [Link: Queue<Message>] = [:]
    private var incarnations: [NodeID: Incarnation] = [:]
    private var random: SeededGenerator

    package init(_ mechanism: any Mechanism, seed: UInt64) {
        self.mechanism = mechanism
        random = SeededGenerator(seed: seed)
        for node in mechanism.nodeIDs {
            incarnations[node] = 1
            roles[node] = mechanism.makeRole(of: Member(node, incarnation: 1))
        }
        for node in mechanism.nodeIDs {
            deliver(.start(Start(.initial, peers: mechanism.peers(of: node))), to: node)
        }
    }

    /// Feeds an event and puts what the role sends on the links.
    package func deliver(_ event: Event, to node: NodeID) {
        var effects: [Effect] = []
        roles[node]?.handle(event, into: &effects)
        for effect in effects {
            switch effect {
            case .send(let message, let receiver, _):
                guard roles[receiver] != nil, let passed = intercept(message, node, receiver)
                else { continue }
                links[Link(from: node, to: receiver), default: Queue()].append(passed)
            case .proceed: deliver(.proceed, to: node)
            case .report(let report): reports.append((node, report))
            }
        }
    }

    /// Delivers one message of one link.
    ///
    /// - Returns: false when no message is on its way.
    package func step() -> Bool {
        let busy = links.filter { !$0.value.isEmpty }.keys.sorted {
            ($0.from, $0.to) < ($1.from, $1.to)
        }
        guard !busy.isEmpty else { return false }
        let link = busy[Int(random.next() % UInt64(busy.count))]
        if let message = links[link]?.popFirst() {
            deliver(.message(message, from: link.from), to: link.to)
        }
        return true
    }

    /// Delivers until nothing is on its way.
    package func settle() { while step() {} }

    /// Takes a node away with everything on its links; its peers notice at once.
    package func crash(_ node: NodeID) {
        roles[node] = nil
        links = links.filter { $0.key.from != node && $0.key.to != node }
        for peer in mechanism.peers(of: node) where roles[peer] != nil {
            deliver(.peerLost(node), to: peer)
        }
    }

    /// Starts the next life of a node.
    package func restart(_ node: NodeID) {
        incarnations[node, default: 0] += 1
        roles[node] = mechanism.makeRole(
            of: Member(node, incarnation: incarnations[node] ?? 1))
        let peers = mechanism.peers(of: node).filter { roles[$0] != nil }
        deliver(.start(Start(.recovery, peers: peers)), to: node)
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
