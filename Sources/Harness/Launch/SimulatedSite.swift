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
    /// Until all first lives have begun.
    private var contents: InitialContents?
    private var firstLives = 0

    /// - Parameter model: of the network between the nodes.
    init(plan: RunPlan, mechanism: any Mechanism, model: NetworkModel, interrupt: Interrupt) {
        self.plan = plan
        self.mechanism = mechanism
        self.interrupt = interrupt
        contents = plan.contents
        network = VirtualNetwork(
            model: model,
            seed: SplitMix64(seed: plan.seed).child(UInt64(plan.repetition))[0])
        driver = network.begin(
            Member(.driver, incarnation: 1), isPrelinked: false, isOutside: true
        ) { [unowned self] in events.append($0) }
    }

    var endpoint: any NodeEndpoint { driver! }
    var linksFirstLives: Bool { true }

    func now() -> UInt64 { network.clock.now }

    func launch(_ member: Member) throws -> any RunningNode {
        let node = SimulatedNode(member.node, on: network)
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
                node.complaint = "\(error)"
            }
        }
        return node
    }

    func next() -> NetworkEvent? { events.popFirst() }

    /// Lets virtual time pass until something has come for the driver, and with it all that comes at
    /// the same moment.
    func wait(for nodes: [any RunningNode], until deadline: UInt64) throws -> [Int]? {
        var steps = 0
        while true {
            let moment = network.nextMoment
            if !events.isEmpty, moment != now() { return [] }
            let ready = nodes.indices.filter { (nodes[$0] as? SimulatedNode)?.hasToTell ?? false }
            if !ready.isEmpty { return ready }
            guard let moment else { return events.isEmpty ? nil : [] }
            guard moment <= deadline else { return [] }
            _ = network.step()
            steps += 1
            if steps.isMultiple(of: 1024), interrupt.isRaised { throw RunError.interrupted }
        }
    }

    /// Nodes of a simulation end only when the driver ends them.
    func wait(forWordsOf node: any RunningNode, until deadline: UInt64) -> Bool {
        (node as? SimulatedNode)?.hasToTell ?? false
    }
}

/// One life of a node in a simulation.
private final class SimulatedNode: RunningNode {
    private let node: NodeID
    private let network: VirtualNetwork
    private var host: VirtualHost?
    private var observer: Node?
    private(set) var isKilled = false
    var complaint = ""

    init(_ node: NodeID, on network: VirtualNetwork) {
        self.node = node
        self.network = network
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

    /// Whether the driver has not yet read something that there is to read.
    var hasToTell: Bool { isKilled || !complaint.isEmpty }

    var complaints: Int32 { -1 }

    func readComplaints() -> (text: String, isGone: Bool) {
        defer { complaint = "" }
        return (complaint, isKilled)
    }

    func kill() {
        guard !isKilled else { return }
        isKilled = true
        network.end(node)
        host = nil
        observer = nil
    }

    func release() { kill() }
}
