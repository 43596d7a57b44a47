import Foundation
import Roles
import Simulation

/// A simulation: nodes live on a virtual network, in virtual time, and the driver with them. What
/// the driver and a node say to each other takes no time.
final class SimulatedSite: NodeSite {
    private let plan: RunPlan
    private let mechanism: any Mechanism
    private let interrupt: Interrupt
    let network: VirtualNetwork
    private var driver: VirtualEndpoint?
    private var events = Queue<NetworkEvent>()
    private let news = News()
    /// Until all first lives have begun.
    private var contents: InitialContents?
    private var firstLives = 0
    private var steps = 0

    /// - Parameter model: of the network between the nodes.
    init(plan: RunPlan, mechanism: any Mechanism, model: NetworkModel, interrupt: Interrupt) {
        self.plan = plan
        self.mechanism = mechanism
        self.interrupt = interrupt
        contents = plan.contents
        network = VirtualNetwork(
            model: model,
            seed: SplitMix64(seed: plan.seed).child(UInt64(plan.repetition))[0],
            peers: mechanism.peers)
        driver = network.begin(
            Member(.driver, incarnation: 1), isPrelinked: false, isOutside: true
        ) { [unowned self] in events.append($0) }
    }

    var endpoint: any NodeEndpoint { driver! }
    var linksFirstLives: Bool { true }

    func now() -> UInt64 { network.clock.now }

    func launch(_ member: Member) throws -> any RunningNode {
        let node = SimulatedNode(member.node, on: network, news)
        let isFirst = member.incarnation == 1
        network.schedule(after: isFirst ? 0 : network.model.startNs) { [unowned self] in
            guard !node.isKilled else { return }
            do {
                try node.begin(
                    NodeSpecification(
                        plan: plan, member: member, run: 0, driverAddress: endpoint.address),
                    mechanism: mechanism, isPrelinked: isFirst,
                    contents: isFirst ? contents : nil)
                if isFirst { firstLives += 1 }
                if firstLives == mechanism.nodes.count { contents = nil }
            } catch {
                news.words.append(
                    NodeWords(node: member.node, text: "\(error)", isGone: false))
                node.kill()
            }
        }
        return node
    }

    func next() -> NetworkEvent? { events.popFirst() }

    /// Lets virtual time pass until something has come for the driver, and with it all that comes at
    /// the same moment.
    func wait(until deadline: UInt64) throws -> [NodeWords]? {
        while true {
            let moment = network.nextMoment
            if !news.words.isEmpty || !events.isEmpty && moment != now() {
                defer { news.words = [] }
                return news.words
            }
            guard let moment else { return nil }
            guard moment <= deadline else { return [] }
            _ = try step()
        }
    }

    func settle() throws -> Bool {
        while try step() {}
        return true
    }

    private func step() throws -> Bool {
        steps += 1
        if steps.isMultiple(of: 1024), interrupt.isRaised { throw RunError.interrupted }
        return network.step()
    }

    /// Nodes of a simulation end only when the driver ends them.
    func wait(forWordsOf node: NodeID, until deadline: UInt64) -> NodeWords? {
        guard let place = news.words.firstIndex(where: { $0.node == node }) else { return nil }
        return news.words.remove(at: place)
    }
}

/// What nodes have told that the driver has not read.
private final class News {
    var words: [NodeWords] = []
}

/// One life of a node in a simulation.
private final class SimulatedNode: RunningNode {
    private let node: NodeID
    private let network: VirtualNetwork
    private var host: VirtualHost?
    private var observer: Node?
    private(set) var isKilled = false
    private let news: News

    init(_ node: NodeID, on network: VirtualNetwork, _ news: News) {
        self.node = node
        self.network = network
        self.news = news
    }

    func begin(
        _ specification: NodeSpecification, mechanism: any Mechanism, isPrelinked: Bool,
        contents: InitialContents?
    ) throws {
        let clock = network.clock
        host = try VirtualHost(
            specification.member, on: network, isPrelinked: isPrelinked
        ) { endpoint in
            let node = try Node(
                specification, mechanism: mechanism, endpoint: endpoint, now: { clock.now },
                contents: contents)
            observer = node
            return node.host
        }
        try observer?.begin()
    }

    func kill() {
        if !isKilled { network.end(node) }
        end()
    }

    func release() {
        if !isKilled { network.remove(node) }
        end()
    }

    private func end() {
        guard !isKilled else { return }
        isKilled = true
        host = nil
        observer = nil
        news.words.append(NodeWords(node: node, text: "", isGone: true))
    }
}
