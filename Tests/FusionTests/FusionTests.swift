import ErasureCode
import RoleTesting
import Roles
import Structures
import Testing

@testable import Fusion

/// The roles of fusion, joined without sockets.
struct FusionTests {
    struct Shape: CustomStringConvertible, Sendable {
        var primaries: Int
        var faults: Int
        var kind = ErasureCode.Kind.vandermonde
        var wordBits = 8
        var window = 4
        var structure = StructureKind.list
        var values = ValueSize.fixed(8)

        var structureShape: StructureShape {
            StructureShape(structure, values: values, wordBytes: wordBits / 8)
        }

        var description: String { "n \(primaries), f \(faults), \(kind), w \(wordBits)" }

        func mechanism() throws -> FusionMechanism {
            FusionMechanism(
                code: try ErasureCode(
                    kind, primaries: primaries, backups: faults, wordBits: wordBits),
                shape: structureShape, window: window)
        }
    }

    static let shapes: [Shape] =
        (1...5).flatMap { primaries in
            (1...3).map { Shape(primaries: primaries, faults: $0) }
        } + [
            Shape(primaries: 3, faults: 2, kind: .cauchy),
            Shape(primaries: 3, faults: 3, kind: .vandermonde, wordBits: 16),
            Shape(primaries: 2, faults: 2, kind: .cauchy, wordBits: 32),
        ]

    @Test(
        "Random updates on random schedules leave every node as the model says", arguments: shapes)
    func updates(shape: Shape) throws {
        for seed in 1...5 as ClosedRange<UInt64> {
            let network = RoleNetwork(try shape.mechanism(), seed: seed)
            var lists = RandomUpdates(
                groups: shape.primaries, shape: shape.structureShape, seed: seed)
            var ticket: UInt64 = 0
            for _ in 0..<60 {
                let group = Int.random(in: 0..<shape.primaries)
                network.deliver(
                    .update(group: group, ticket: ticket, try lists.next(group: group)),
                    to: network.mechanism.initiator(of: group))
                ticket += 1
                if ticket.isMultiple(of: 7) { network.settle() }
            }
            network.settle()
            #expect(network.complaints == [])
            #expect(network.firstDifference(from: lists.models) == nil, "seed \(seed)")
            let completed = network.reports.filter {
                if case .updateCompleted = $0.report { true } else { false }
            }
            #expect(completed.count == Int(ticket))
        }
    }

    @Test("An update is complete only when the last backup has acknowledged it")
    func completion() throws {
        let network = RoleNetwork(try Shape(primaries: 2, faults: 2).mechanism(), seed: 1)
        let silent = NodeID(4)
        network.intercept = { message, from, _ in from == silent ? nil : message }
        network.deliver(
            .update(group: 0, ticket: 5, Operation(.append, value: Array(0..<8))), to: NodeID(1))
        network.settle()
        #expect(network.reports.isEmpty)
        network.intercept = { message, _, _ in message }
        // The silent backup is lost: those that are left have it.
        network.crash(silent)
        guard case .updateCompleted(0, 5, let messages, _)? = network.reports.first?.report else {
            Issue.record("\(network.reports)")
            return
        }
        #expect(messages == 4)
    }

    @Test("Every node in turn crashes and comes back, updates in between", arguments: shapes)
    func recoveries(shape: Shape) throws {
        let network = RoleNetwork(try shape.mechanism(), seed: 9)
        var lists = RandomUpdates(groups: shape.primaries, shape: shape.structureShape, seed: 9)
        var ticket: UInt64 = 0
        func update(_ count: Int) throws {
            for number in 0..<count * shape.primaries {
                let group = number % shape.primaries
                network.deliver(
                    .update(group: group, ticket: ticket, try lists.next(group: group)),
                    to: network.mechanism.initiator(of: group))
                ticket += 1
            }
            network.settle()
        }
        // First on empty structures, then on growing ones.
        for round in 0..<3 {
            for node in network.mechanism.nodeIDs {
                network.crash(node)
                network.restart(node)
                network.settle()
                #expect(network.hasReported(.recovered, by: node))
                #expect(network.complaints == [])
                #expect(
                    network.firstDifference(from: lists.models) == nil, "round \(round), \(node)")
                try update(5)
            }
        }
        let recovered = network.reports.filter { $0.report == .recovered }
        #expect(recovered.count == 3 * network.mechanism.nodes.count)
        for node in network.mechanism.nodeIDs {
            let phases = network.reports.filter { $0.node == node }.compactMap {
                if case .phase(let phase) = $0.report { phase } else { nil }
            }
            #expect(Array(phases.prefix(5)) == RecoveryPhase.allCases)
        }
    }

    @Test("Updates that come during a recovery wait and then complete")
    func updatesDuringRecovery() throws {
        for crashed in [NodeID(1), NodeID(3)] {
            let network = RoleNetwork(try Shape(primaries: 2, faults: 1).mechanism(), seed: 3)
            var lists = RandomUpdates(groups: 2, seed: 3)
            for ticket in 0..<10 as Range<UInt64> {
                network.deliver(
                    .update(group: 1, ticket: ticket, try lists.next(group: 1)), to: NodeID(2))
            }
            network.settle()
            network.crash(crashed)
            network.restart(crashed)
            var ticket: UInt64 = 10
            while network.step() {
                guard ticket < 20 else { continue }
                network.deliver(
                    .update(group: 1, ticket: ticket, try lists.next(group: 1)), to: NodeID(2))
                ticket += 1
            }
            #expect(network.complaints == [])
            #expect(network.hasReported(.recovered, by: crashed))
            #expect(network.firstDifference(from: lists.models) == nil)
            let completed = network.reports.filter {
                if case .updateCompleted = $0.report { true } else { false }
            }
            #expect(completed.count == Int(ticket))
        }
    }

    @Test("An impossible update is refused and changes nothing")
    func refusal() throws {
        let network = RoleNetwork(try Shape(primaries: 1, faults: 1).mechanism(), seed: 1)
        network.deliver(.update(group: 0, ticket: 3, Operation(.remove, at: 0)), to: NodeID(1))
        network.deliver(
            .update(group: 0, ticket: 4, Operation(.append, value: [1, 2])), to: NodeID(1))
        network.settle()
        #expect(network.reports.count == 2)
        for report in network.reports {
            guard case .updateRefused = report.report else {
                Issue.record("\(report)")
                return
            }
        }
        #expect(
            network.firstDifference(from: [ModelStructure(StructureShape(.list, values: .fixed(8)))]
            ) == nil)
    }

    @Test("Beside its codes a backup has 256 bytes per primary and the last updates, no more")
    func backupSpace() throws {
        let shape = Shape(primaries: 5, faults: 1)
        let network = RoleNetwork(try shape.mechanism(), seed: 1)
        for number in 0..<5000 {
            network.deliver(
                .update(
                    group: number % 5, ticket: UInt64(number),
                    Operation(.append, value: Array(repeating: UInt8(number % 251), count: 8))),
                to: NodeID(1 + number % 5))
        }
        network.settle()
        let ledger = try #require(network.roles[NodeID(6)]).ledger
        #expect(ledger.payload == 8000)
        // An update of 8 bytes takes 23; one that came alone stands in an array of 64 with its head.
        #expect(ledger.protocolState > 5 * shape.window * 23)
        let updates = 5 * shape.window * 128
        #expect(Double(ledger.total - ledger.slack) <= 1.02 * 8000 + Double(256 * 5 + updates))
    }
}
