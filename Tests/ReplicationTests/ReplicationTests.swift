import RoleTesting
import Roles
import Structures
import Testing

@testable import Replication

/// The roles of active replication, joined without sockets.
struct ReplicationTests {
    struct Shape: CustomStringConvertible, Sendable {
        var groups: Int
        var faults: Int
        var description: String { "n \(groups), f \(faults)" }

        var mechanism: ReplicationMechanism {
            ReplicationMechanism(
                groups: groups, faults: faults, shape: StructureShape(.list, values: .fixed(8)))
        }
    }

    static let shapes = (1...3).flatMap { groups in
        (1...3).map { Shape(groups: groups, faults: $0) }
    }

    @Test(
        "Random updates in flight together leave all replicas as the model says", arguments: shapes)
    func updates(shape: Shape) throws {
        for seed in 1...5 as ClosedRange<UInt64> {
            let network = RoleNetwork(shape.mechanism, seed: seed)
            var lists = RandomUpdates(groups: shape.groups, seed: seed)
            for ticket in 0..<60 as Range<UInt64> {
                let group = Int(ticket) % shape.groups
                network.deliver(
                    .update(group: group, ticket: ticket, try lists.next(group: group)),
                    to: NodeID(1))
                if ticket.isMultiple(of: 7) { network.settle() }
            }
            network.settle()
            #expect(network.complaints == [])
            // With one sender over FIFO links the order of sending is one of the total orders, and
            // the one that the models were given.
            #expect(network.firstDifference(from: lists.models) == nil, "seed \(seed)")
            let completed = network.reports.filter {
                if case .updateCompleted(_, _, let messages, _) = $0.report {
                    messages == 4 * (shape.faults + 1)
                } else {
                    false
                }
            }
            #expect(completed.count == 60)
        }
    }

    @Test("An update is complete only when every member has delivered it")
    func completion() throws {
        let network = RoleNetwork(Shape(groups: 1, faults: 1).mechanism, seed: 1)
        var withheld: [Message] = []
        network.intercept = { message, _, receiver in
            if receiver == NodeID(3), message.head[0] == 3 {
                withheld.append(message)
                return nil
            }
            return message
        }
        network.deliver(
            .update(group: 0, ticket: 1, Operation(.append, value: Array(0..<8))), to: NodeID(1))
        network.settle()
        #expect(withheld.count == 1)
        #expect(!network.reports.contains { Self.isCompletion($0.report) })
        for message in withheld {
            network.deliver(.message(message, from: NodeID(1)), to: NodeID(3))
        }
        network.settle()
        #expect(network.reports.count { Self.isCompletion($0.report) } == 1)
    }

    private static func isCompletion(_ report: Report) -> Bool {
        if case .updateCompleted = report { true } else { false }
    }

    @Test("Every replica in turn crashes and comes back, updates in between", arguments: shapes)
    func recoveries(shape: Shape) throws {
        let network = RoleNetwork(shape.mechanism, seed: 9)
        var lists = RandomUpdates(groups: shape.groups, seed: 9)
        var ticket: UInt64 = 0
        for round in 0..<3 {
            for node in network.mechanism.nodeIDs.dropFirst() {
                network.crash(node)
                network.restart(node)
                network.settle()
                #expect(network.hasReported(.recovered, by: node))
                #expect(network.complaints == [])
                #expect(
                    network.firstDifference(from: lists.models) == nil, "round \(round), \(node)")
                for _ in 0..<5 * shape.groups {
                    let group = Int(ticket) % shape.groups
                    network.deliver(
                        .update(group: group, ticket: ticket, try lists.next(group: group)),
                        to: NodeID(1))
                    ticket += 1
                }
                network.settle()
            }
        }
        #expect(network.firstDifference(from: lists.models) == nil)
    }

    @Test("Updates in flight when a replica crashes complete with the others, on every schedule")
    func crashWithUpdatesInFlight() throws {
        for seed in 1...40 as ClosedRange<UInt64> {
            let network = RoleNetwork(Shape(groups: 2, faults: 2).mechanism, seed: seed)
            var lists = RandomUpdates(groups: 2, seed: seed)
            let crashed = NodeID(2 + Int(seed % 6))
            for ticket in 0..<30 as Range<UInt64> {
                let group = Int(ticket % 2)
                network.deliver(
                    .update(group: group, ticket: ticket, try lists.next(group: group)),
                    to: NodeID(1))
                for _ in 0..<seed % 7 { _ = network.step() }
                if ticket == 10 { network.crash(crashed) }
                if ticket == 20 { network.restart(crashed) }
            }
            network.settle()
            #expect(network.complaints == [], "seed \(seed)")
            #expect(network.hasReported(.recovered, by: crashed))
            #expect(network.firstDifference(from: lists.models) == nil, "seed \(seed)")
            let completed = network.reports.filter {
                if case .updateCompleted = $0.report { true } else { false }
            }
            #expect(completed.count == 30)
        }
    }

    @Test("A donor that is lost is replaced; an entering replica that is lost frees its group")
    func lossDuringEntry() throws {
        let network = RoleNetwork(Shape(groups: 1, faults: 2).mechanism, seed: 2)
        var lists = RandomUpdates(groups: 1, seed: 2)
        for ticket in 0..<10 as Range<UInt64> {
            network.deliver(
                .update(group: 0, ticket: ticket, try lists.next(group: 0)), to: NodeID(1))
        }
        network.settle()
        network.crash(NodeID(4))
        network.restart(NodeID(4))
        // The manager admits with replica 2 as donor; it goes before it answers.
        var admissions = 0
        network.intercept = { message, _, _ in
            if case .admit? = try? ReplicationMessage(decoding: message.head) { admissions += 1 }
            return message
        }
        while admissions == 0, network.step() {}
        network.crash(NodeID(2))
        network.settle()
        #expect(network.hasReported(.recovered, by: NodeID(4)))
        network.restart(NodeID(2))
        while admissions == 1, network.step() {}
        network.crash(NodeID(2))
        network.deliver(.update(group: 0, ticket: 11, try lists.next(group: 0)), to: NodeID(1))
        network.settle()
        network.restart(NodeID(2))
        network.settle()
        #expect(network.complaints == [])
        #expect(network.firstDifference(from: lists.models) == nil)
    }

    @Test("A donor may be lost at any step of an entry")
    func lossOfDonor() throws {
        for steps in 0..<12 {
            let network = RoleNetwork(Shape(groups: 1, faults: 2).mechanism, seed: 2)
            var lists = RandomUpdates(groups: 1, seed: 2)
            for ticket in 0..<10 as Range<UInt64> {
                network.deliver(
                    .update(group: 0, ticket: ticket, try lists.next(group: 0)), to: NodeID(1))
            }
            network.settle()
            network.crash(NodeID(4))
            network.restart(NodeID(4))
            for _ in 0..<steps { _ = network.step() }
            network.crash(NodeID(2))
            network.settle()
            network.restart(NodeID(2))
            network.settle()
            #expect(network.complaints == [], "after \(steps) steps")
            #expect(network.hasReported(.recovered, by: NodeID(4)))
            #expect(network.firstDifference(from: lists.models) == nil)
        }
    }

    @Test("The loss of a whole group is reported by name, and other groups go on")
    func lossOfGroup() throws {
        let network = RoleNetwork(Shape(groups: 2, faults: 1).mechanism, seed: 2)
        var lists = RandomUpdates(groups: 2, seed: 2)
        network.deliver(.update(group: 0, ticket: 1, try lists.next(group: 0)), to: NodeID(1))
        network.crash(NodeID(2))
        network.crash(NodeID(3))
        #expect(network.complaints == ["group 1 is lost: none of its replicas is left"])
        network.deliver(.update(group: 1, ticket: 2, try lists.next(group: 1)), to: NodeID(1))
        network.settle()
        #expect(
            network.reports.contains {
                if case .updateCompleted(1, 2, _, _) = $0.report { true } else { false }
            })
    }

    @Test("An update that the structure refuses is refused by every replica alike")
    func refusal() throws {
        let network = RoleNetwork(Shape(groups: 1, faults: 1).mechanism, seed: 2)
        network.deliver(.update(group: 0, ticket: 1, Operation(.remove, at: 7)), to: NodeID(1))
        network.settle()
        let reasons = network.reports.compactMap {
            if case .updateRefused(0, 1, let reason) = $0.report { reason } else { nil }
        }
        #expect(reasons.count == 1)
        #expect(reasons.allSatisfy { $0.contains("positionOutOfRange") })
        #expect(
            network.firstDifference(from: [ModelStructure(StructureShape(.list, values: .fixed(8)))]
            ) == nil)
    }

    /// Where an element's memory stands tells whether the structure was copied for an update.
    @Test("Updates change a replica's structure in its place", arguments: [false, true])
    func updatesInPlace(isSequenced: Bool) throws {
        let shape = StructureShape(.list, values: .fixed(8))
        let mechanism: any Mechanism =
            isSequenced
            ? SequencerMechanism(
                groups: 1, faults: 1, shape: shape, options: ReplicationOptions())
            : ReplicationMechanism(groups: 1, faults: 1, shape: shape)
        let network = RoleNetwork(mechanism, seed: 1)
        let replica = try #require(mechanism.node(named: "replica-1-1"))
        var place: UnsafeRawPointer?
        var moves = 0
        for ticket in 0..<400 as Range<UInt64> {
            network.deliver(
                .update(
                    group: 0, ticket: ticket,
                    Operation(.append, value: Array(repeating: 1, count: 8))),
                to: NodeID(1))
            network.settle()
            let body = try #require(network.roles[replica]?.snapshot().body)
            if body.bytes.baseAddress != place { moves += 1 }
            place = body.bytes.baseAddress
        }
        // It moves when it grows, a few times.
        #expect(moves < 40)
    }
}
