import Roles
import Testing

@testable import Simulation

/// What nodes on a virtual network hear, and when.
struct VirtualNetworkTests {
    /// 100 ns of latency, 1 ns for a byte, 10 ns to handle a message, 1 µs until a loss is noticed.
    private static let model = NetworkModel(
        name: "test", latencyNs: 100, jitterNs: 0, bytesPerSecond: 1_000_000_000, handlingNs: 10,
        processedBytesPerSecond: 1_000_000_000, detectionNs: 1000, startNs: 0)

    /// A node that writes down what it hears.
    private final class Listener {
        private(set) var heard: [String] = []
        let endpoint: VirtualEndpoint

        init(_ node: Int, life: Incarnation = 1, on network: VirtualNetwork, isPrelinked: Bool) {
            let start = network.clock.now
            var note: (String) -> Void = { _ in }
            endpoint = network.begin(
                Member(NodeID(node), incarnation: life), isPrelinked: isPrelinked
            ) { event in
                let moment = network.clock.now - start
                switch event {
                case .message(let message, _, let node):
                    note("\(moment) \(message.head) of \(node.rawValue)")
                case .peerUp(let peer, _):
                    note("\(moment) up \(peer.node.rawValue).\(peer.incarnation)")
                case .peerLost(let peer):
                    note("\(moment) lost \(peer.node.rawValue).\(peer.incarnation)")
                case .alarm:
                    note("\(moment) alarm")
                }
            }
            note = { [unowned self] in heard.append($0) }
        }

        func send(_ bytes: [UInt8], to node: Int) {
            endpoint.send(Message(head: bytes), to: NodeID(node), channel: .role)
        }
    }

    /// Of nodes 1 to 8, each of which may have a link to each other.
    private static func network(
        _ model: NetworkModel = model, faults: NetworkFaults = NetworkFaults(), seed: UInt64
    ) -> VirtualNetwork {
        VirtualNetwork(model: model, faults: faults, seed: seed) { node in
            (1...8).map { NodeID($0) }.filter { $0 != node }
        }
    }

    private static func run(_ network: VirtualNetwork) { while network.step() {} }

    @Test("A message takes the latency, its bytes and the handling; interfaces take turns")
    func durations() {
        let network = Self.network(seed: 1)
        let nodes = (1...3).map { Listener($0, on: network, isPrelinked: true) }
        // An envelope has 24 bytes.
        nodes[0].send([1], to: 2)
        nodes[0].send([2], to: 2)
        nodes[2].send([3], to: 2)
        Self.run(network)
        // 100 + 25 + 10; the next ones wait for the receiver, which takes 35 for each.
        #expect(nodes[1].heard == ["135 [1] of 1", "170 [3] of 3", "205 [2] of 1"])
        #expect(network.heardMessages == 3)
    }

    @Test("Links keep their order, whatever the jitter", arguments: 1...20 as ClosedRange<UInt64>)
    func orderOnLinks(seed: UInt64) {
        var model = Self.model
        model.jitterNs = 5000
        let network = Self.network(model, seed: seed)
        let sender = Listener(1, on: network, isPrelinked: true)
        let other = Listener(3, on: network, isPrelinked: true)
        let receiver = Listener(2, on: network, isPrelinked: true)
        for number in 0..<20 as Range<UInt8> {
            sender.send([number], to: 2)
            other.send([number], to: 2)
        }
        network.end(NodeID(1))
        Self.run(network)
        // What its interface had not sent is lost; its end is noticed behind the rest.
        let heard = receiver.heard.filter { $0.hasSuffix("of 1") }
            .map { $0.split(separator: " ")[1] }
        #expect(heard == heard.indices.map { "[\($0)]" })
        #expect(receiver.heard.filter { $0.hasSuffix("of 3") }.count == 20)
        #expect(receiver.heard.last { !$0.hasSuffix("of 3") }?.hasSuffix("lost 1.1") == true)
        #expect(network.faults.messagesLostWithSender == 20 - heard.count)
    }

    @Test("A new life greets and is greeted; messages for and of the old one are dropped")
    func lives() {
        let network = Self.network(seed: 1)
        let old = Listener(1, on: network, isPrelinked: true)
        let peer = Listener(2, on: network, isPrelinked: true)
        old.send([1], to: 2)
        // On its way when its receiver dies.
        peer.send([2], to: 1)
        while network.nextMoment.map({ $0 < 1_000_000_060 }) == true { _ = network.step() }
        network.schedule(after: 60) { network.end(NodeID(1)) }
        for _ in 0..<2 { _ = network.step() }
        let new = Listener(1, life: 2, on: network, isPrelinked: false)
        new.endpoint.connect(to: Member(NodeID(2), incarnation: 1), at: peer.endpoint.address)
        Self.run(network)
        #expect(old.heard == [])
        #expect(
            peer.heard.map { $0.split(separator: " ").dropFirst().joined(separator: " ") }
                == ["[1] of 1", "lost 1.1", "up 1.2"])
        #expect(new.heard.count == 1 && new.heard[0].hasSuffix("up 2.1"))
        #expect(network.faults.staleMessages == 1)
        #expect(peer.endpoint.isLinked(to: [NodeID(1)]) && new.endpoint.isLinked(to: [NodeID(2)]))
        // The old life is gone for good.
        peer.endpoint.connect(to: Member(NodeID(1), incarnation: 1), at: "")
        #expect(peer.endpoint.target(NodeID(1)) == 2)
    }

    @Test("Who greets somebody who is not there any more notices")
    func refusedGreetings() {
        let network = Self.network(seed: 1)
        let node = Listener(1, life: 3, on: network, isPrelinked: false)
        node.endpoint.connect(to: Member(NodeID(2), incarnation: 4), at: "")
        Self.run(network)
        #expect(node.heard.count == 1 && node.heard[0].hasSuffix("lost 2.4"))
        #expect(!node.endpoint.send(Message(head: []), to: NodeID(2), channel: .role))
    }

    @Test("Whoever suspects a peer hears nothing more of that life")
    func suspicions() {
        let network = Self.network(seed: 1)
        let nodes = (1...2).map { Listener($0, on: network, isPrelinked: true) }
        nodes[0].send([1], to: 2)
        network.suspect(NodeID(1), by: NodeID(2))
        nodes[1].send([2], to: 1)
        Self.run(network)
        #expect(nodes[1].heard == ["0 lost 1.1"])
        // It does not send to it either; the suspected one knows nothing.
        #expect(nodes[0].heard == [])
        #expect(network.faults.staleMessages == 1 && network.faults.suspicions == 1)
    }

    @Test("A broken connection takes what is on it, both ways, and both notice")
    func brokenConnections() {
        let network = Self.network(seed: 1)
        let nodes = (1...3).map { Listener($0, on: network, isPrelinked: true) }
        nodes[0].send([1], to: 2)
        nodes[1].send([2], to: 1)
        nodes[2].send([3], to: 1)
        #expect(network.pendingDeliveries == 3)
        network.breakConnection(between: NodeID(1), and: NodeID(2))
        // They send until they notice, in vain.
        nodes[1].send([4], to: 1)
        #expect(network.hasLink(from: NodeID(2), to: NodeID(1)))
        Self.run(network)
        #expect(!network.hasLink(from: NodeID(2), to: NodeID(1)))
        #expect(nodes[0].heard == ["135 [3] of 3", "1100 lost 2.1"])
        #expect(nodes[1].heard == ["1100 lost 1.1"])
        #expect(network.faults.messagesLostWithConnection == 3)
        #expect(network.faults.brokenConnections == 1)
        #expect(network.pendingDeliveries == 0)
        // There is nothing left to break.
        network.breakConnection(between: NodeID(1), and: NodeID(2))
        #expect(network.faults.brokenConnections == 1)
    }

    @Test("What stands on a slow link is not overtaken when the link is fast again")
    func slowLinks() {
        let network = Self.network(seed: 1)
        let nodes = (1...2).map { Listener($0, on: network, isPrelinked: true) }
        network.slowLink(from: NodeID(1), to: NodeID(2), by: 5)
        nodes[0].send([1], to: 2)
        network.slowLink(from: NodeID(1), to: NodeID(2), by: 1)
        nodes[0].send([2], to: 2)
        nodes[1].send([3], to: 1)
        Self.run(network)
        #expect(nodes[1].heard == ["535 [1] of 1", "570 [2] of 1"])
        #expect(nodes[0].heard == ["135 [3] of 2"])
        #expect(network.faults.slowMessages == 1)
    }

    @Test("Who follows learns of every message whether anybody hears it")
    func following() {
        let network = Self.network(seed: 1)
        let nodes = (1...2).map { Listener($0, on: network, isPrelinked: true) }
        var heard: [Bool] = []
        network.follow = { heard.append($0.isHeard) }
        nodes[0].send([1], to: 2)
        Self.run(network)
        nodes[0].send([2], to: 2)
        network.suspect(NodeID(1), by: NodeID(2))
        Self.run(network)
        #expect(heard == [true, false])
    }

    @Test("The planned faults happen, and are counted")
    func faults() {
        var faults = NetworkFaults()
        faults.slowLink = Ratio(1, in: 2)
        faults.lostTail = Ratio(1, in: 2)
        let network = Self.network(faults: faults, seed: 4)
        let nodes = (1...8).map { Listener($0, on: network, isPrelinked: true) }
        for node in nodes { for peer in 1...8 { node.send([0], to: peer) } }
        network.schedule(after: 230) { for node in 1...4 { network.end(NodeID(node)) } }
        Self.run(network)
        #expect(network.faults.slowMessages > 0)
        #expect(network.faults.messagesLostWithSender > 0)
        #expect(network.faults.ends == 4)
    }

    @Test("A slow node takes its time")
    func slowNodes() {
        let network = Self.network(seed: 1)
        let nodes = (1...2).map { Listener($0, on: network, isPrelinked: true) }
        network.slow(NodeID(2), by: 50)
        nodes[0].send([], to: 2)
        Self.run(network)
        #expect(nodes[1].heard == ["624 [] of 1"])
    }
}
