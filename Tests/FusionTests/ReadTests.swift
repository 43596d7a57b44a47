import RoleTesting
import Roles
import SeededGenerator
import Structures
import Testing

@testable import Fusion

/// Reads of a primary.
struct ReadTests {
    private static func network(
        seed: UInt64 = 1, structure: StructureKind = .list, window: Int = 4
    ) throws -> RoleNetwork {
        let shape = FusionTests.Shape(
            primaries: 2, faults: 2, window: window, structure: structure)
        return RoleNetwork(try shape.mechanism(), seed: seed)
    }

    private static let primary = NodeID(1)
    private static let backup = NodeID(3)

    private static func append(_ byte: UInt8) -> Operation {
        Operation(.append, value: [UInt8](repeating: byte, count: 8))
    }

    private static func perform(
        _ operation: Operation, _ ticket: UInt64, on network: RoleNetwork
    ) {
        network.deliver(.update(group: 0, ticket: ticket, operation), to: primary)
    }

    /// The answers of group 1's reads by their tickets.
    private static func answers(_ network: RoleNetwork) -> [UInt64: [UInt8]] {
        network.reports.reduce(into: [:]) { answers, entry in
            if case .readCompleted(0, let ticket, let value, 0, 0) = entry.report {
                answers[ticket] = value
            }
        }
    }

    private static func isComplete(_ ticket: UInt64, _ network: RoleNetwork) -> Bool {
        network.reports.contains {
            if case .updateCompleted(0, ticket, _, _) = $0.report { true } else { false }
        }
    }

    @Test(
        "Each read sees what was asked for before it, on random schedules",
        arguments: [StructureKind.list, .sortedMap, .set, .priorityQueue, .deque], [1, 4])
    func inTurn(structure: StructureKind, window: Int) throws {
        for seed in 1...5 as ClosedRange<UInt64> {
            let network = try Self.network(seed: seed, structure: structure, window: window)
            let shape = StructureShape(structure, values: .fixed(8))
            // One that is there now and then; of a set, an element.
            let key: [UInt8] =
                switch structure.keys {
                case .integer: IntegerKey.bytes(0)
                case .element: [UInt8](repeating: 3, count: 8)
                default: []
                }
            var updates = RandomUpdates(groups: 1, shape: shape, seed: seed)
            var random = SeededGenerator(seed: seed)
            var expected: [UInt64: [UInt8]] = [:]
            for ticket in 0..<80 as Range<UInt64> {
                if ticket % 3 == 2 {
                    let kind = ticket % 2 == 0 ? OperationKind.read : .readAll
                    let read = Operation(kind, key: kind == .read ? key : [])
                    expected[ticket] = try? updates.models[0].read(read)
                    Self.perform(read, ticket, on: network)
                } else {
                    Self.perform(try updates.next(group: 0), ticket, on: network)
                }
                for _ in 0..<random.next() % 4 { _ = network.step() }
            }
            network.settle()
            #expect(network.complaints == [])
            #expect(Self.answers(network) == expected, "seed \(seed)")
            #expect(expected.count >= 13)
            let tickets = network.reports.filter { $0.node == Self.primary }.map(\.report).map {
                switch $0 {
                case .updateCompleted(_, let ticket, _, _), .updateRefused(_, let ticket, _),
                    .readCompleted(_, let ticket, _, _, _):
                    ticket
                default: UInt64.max
                }
            }
            #expect(tickets == Array(0..<80), "seed \(seed)")
            let models = updates.models + [ModelStructure(shape)]
            #expect(network.firstDifference(from: models) == nil)
        }
    }

    @Test("A read sends nothing and waits for the last backup's answer to the update before it")
    func waits() throws {
        let network = try Self.network()
        network.intercept = { message, from, _ in from == Self.backup ? nil : message }
        Self.perform(Self.append(1), 0, on: network)
        Self.perform(Operation(.read, at: 0), 1, on: network)
        Self.perform(Self.append(2), 2, on: network)
        network.settle()
        #expect(network.reports.isEmpty)
        network.intercept = { message, _, _ in message }
        // The silent backup is lost: those that are left have the update.
        network.crash(Self.backup)
        network.settle()
        #expect(Self.answers(network) == [1: [UInt8](repeating: 1, count: 8)])
        #expect(Self.isComplete(2, network))

        network.intercept = { _, _, _ in
            Issue.record("a message")
            return nil
        }
        Self.perform(Operation(.readAll), 3, on: network)
        #expect(Self.answers(network)[3]?.count == 16)
    }

    @Test("An impossible read is refused in its turn, as the removal of the same element is")
    func refusal() throws {
        let network = try Self.network()
        Self.perform(Self.append(1), 0, on: network)
        Self.perform(Operation(.read, at: 1), 1, on: network)
        Self.perform(Operation(.remove, at: 1), 2, on: network)
        network.settle()
        let reasons = network.reports.compactMap { entry -> String? in
            if case .updateRefused(0, _, let reason) = entry.report { reason } else { nil }
        }
        #expect(reasons == Array(repeating: "positionOutOfRange(position: 1, limit: 1)", count: 2))
    }

    @Test("Reads go on while another node recovers, but not those behind updates, which wait")
    func duringRecoveries() throws {
        for lost in [Self.backup, NodeID(2)] {
            let network = try Self.network()
            Self.perform(Self.append(1), 0, on: network)
            network.settle()
            network.crash(lost)
            // It asks the others to halt, and never hears that they have.
            network.intercept = { message, _, to in to == lost ? nil : message }
            network.restart(lost)
            network.settle()
            Self.perform(Operation(.read, at: 0), 1, on: network)
            #expect(Self.answers(network).keys.sorted() == [1])
            Self.perform(Self.append(2), 2, on: network)
            Self.perform(Operation(.readAll), 3, on: network)
            network.settle()
            #expect(Self.answers(network).keys.sorted() == [1])
            #expect(!Self.isComplete(2, network))
            network.intercept = { message, _, _ in message }
            network.crash(lost)
            network.settle()
            #expect(Self.isComplete(2, network))
            #expect(Self.answers(network)[3]?.count == 16)
            #expect(network.complaints == [])
        }
    }

    @Test("A primary that recovers answers when it has its structure back")
    func ofARecoveringPrimary() throws {
        let network = try Self.network()
        Self.perform(Self.append(7), 0, on: network)
        network.settle()
        network.crash(Self.primary)
        network.restart(Self.primary)
        Self.perform(Operation(.readAll), 1, on: network)
        #expect(Self.answers(network) == [:])
        network.settle()
        #expect(Self.answers(network) == [1: [UInt8](repeating: 7, count: 8)])
        #expect(network.complaints == [])
    }
}
