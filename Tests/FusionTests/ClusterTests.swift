import ErasureCode
import Fusion
import RoleTesting
import Roles
import SeededGenerator
import Structures
import Testing

/// Servers that host nodes of several clusters, joined without sockets.
struct ClusterTests {
    /// Three clusters: 2 lists with one backup, 3 maps with two, 1 queue with one.
    private static let shapes: [(primaries: Int, faults: Int, shape: StructureShape)] = [
        (2, 1, StructureShape(.list, values: .fixed(8))),
        (3, 2, StructureShape(.map, values: .fixed(8))),
        (1, 1, StructureShape(.queue, values: .upTo(40))),
    ]

    private static func mechanism(servers: Int) throws -> ClusteredMechanism {
        ClusteredMechanism(
            try shapes.map { cluster in
                let code = try ErasureCode(
                    .vandermonde, primaries: cluster.primaries, backups: cluster.faults,
                    wordBits: 8)
                return (
                    mechanism: FusionMechanism(code: code, shape: cluster.shape, window: 4),
                    groups: cluster.primaries
                )
            }, servers: servers)
    }

    private struct Updates {
        var models: [ModelStructure] = shapes.flatMap { cluster in
            Array(repeating: ModelStructure(cluster.shape), count: cluster.primaries)
        }
        var random: SeededGenerator
        var ticket: UInt64 = 0

        mutating func begin(_ group: Int, in network: RoleNetwork) throws {
            let operation = try RandomUpdates.next(for: &models[group], using: &random)
            network.deliver(
                .update(group: group, ticket: ticket, operation),
                to: network.mechanism.initiator(of: group))
            ticket += 1
        }
    }

    @Test("No two nodes of a cluster share a server", arguments: [5, 6, 9, 10])
    func placement(servers: Int) throws {
        let mechanism = try Self.mechanism(servers: servers)
        #expect(mechanism.nodes.map(\.name) == (1...servers).map { "server-\($0)" })
        #expect(mechanism.nodes.allSatisfy { $0.isCrashable && $0.holdsData })
        #expect(Set((0..<2).map(mechanism.initiator(of:))).count == 2)
        #expect(Set((2..<5).map(mechanism.initiator(of:))).count == 3)
        for node in mechanism.nodeIDs {
            let peers = mechanism.peers(of: node)
            #expect(!peers.contains(node))
            for peer in peers { #expect(mechanism.peers(of: peer).contains(node)) }
        }
    }

    @Test("Every server may crash, between updates or with updates of all clusters in flight")
    func crashes() throws {
        for seed in 1...20 as ClosedRange<UInt64> {
            let network = RoleNetwork(
                try Self.mechanism(servers: 5 + Int(seed % 6)), seed: seed)
            var updates = Updates(random: SeededGenerator(seed: seed))
            for node in network.mechanism.nodeIDs {
                for _ in 0..<30 {
                    try updates.begin(
                        Int.random(in: 0..<6, using: &updates.random), in: network)
                }
                network.settle()
                network.crash(node)
                // Groups that start elsewhere go on without their lost backups.
                for group in 0..<6 where network.mechanism.initiator(of: group) != node {
                    try updates.begin(group, in: network)
                    _ = network.step()
                }
                network.restart(node)
                network.settle()
                #expect(network.hasReported(.recovered, by: node))
                #expect(network.complaints == [], "seed \(seed)")
                #expect(network.firstDifference(from: updates.models) == nil, "seed \(seed)")
            }
            let completed = network.reports.filter {
                if case .updateCompleted = $0.report { true } else { false }
            }
            #expect(completed.count == Int(updates.ticket))
        }
    }

    @Test("A server reports each phase once, in order, when its last tenant is in it")
    func phases() throws {
        let network = RoleNetwork(try Self.mechanism(servers: 5), seed: 3)
        var updates = Updates(random: SeededGenerator(seed: 3))
        for group in 0..<6 { try updates.begin(group, in: network) }
        network.settle()
        network.crash(NodeID(1))
        network.restart(NodeID(1))
        network.settle()
        let phases = network.reports.compactMap { node, report -> RecoveryPhase? in
            if node == NodeID(1), case .phase(let phase) = report { phase } else { nil }
        }
        #expect(phases == RecoveryPhase.allCases)
        #expect(network.reports.count { $0.node == NodeID(1) && $0.report == .recovered } == 1)
    }

    @Test("What is lost in one cluster is named with it")
    func loss() throws {
        let network = RoleNetwork(try Self.mechanism(servers: 10), seed: 3)
        // The queue of one primary and one backup stands on two servers of its own.
        let primary = network.mechanism.initiator(of: 5)
        let backup = try #require(network.mechanism.peers(of: primary).first)
        for node in [primary, backup] { network.crash(node) }
        for node in [primary, backup] { network.boot(node) }
        for node in [primary, backup] { network.start(node) }
        network.settle()
        #expect(network.complaints.contains { $0.hasPrefix("cluster 3: primary-1 is lost") })
    }

    @Test("Bytes of no cluster are counted and change nothing")
    func noise() throws {
        let network = RoleNetwork(try Self.mechanism(servers: 5), seed: 3)
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2000 {
            let head = random.bytes(Int.random(in: 0..<12, using: &random))
            network.deliver(
                .message(Message(head: head), from: NodeID(Int(random.next() % 8))),
                to: NodeID(1 + Int(random.next() % 5)))
        }
        #expect(network.reports.contains { $0.report == .malformed })
        let models = Updates(random: random).models
        #expect(network.firstDifference(from: models) == nil)
    }
}
