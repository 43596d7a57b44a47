import ErasureCode
import RoleTesting
import Roles
import Structures
import Testing

@testable import Fusion

/// Single decisions of a recovery, one event after the other.
struct RecoveryTests {
    /// The attempts' messages that a role sends for an event.
    private func answers(_ role: inout any Role, to event: Event) throws -> [FusionMessage] {
        var effects: [Effect] = []
        role.handle(event, into: &effects)
        return try effects.compactMap {
            guard case .send(let message, _, _) = $0 else { return nil }
            return try FusionMessage(decoding: message.head)
        }
    }

    private func message(_ content: FusionMessage, from node: Int) -> Event {
        .message(content.encoded(), from: NodeID(node))
    }

    private func update(_ sequence: UInt64) -> FusionMessage {
        .update(
            FusionMessage.Update(
                sequence: sequence, operation: StructuralOperation(.append),
                deltas: Array(repeating: UInt8(sequence), count: 8)))
    }

    /// Backup 1 of two primaries, both serving, of which primary 1 restarts and leads.
    private func backup() throws -> any Role {
        let mechanism = try FusionTests.Shape(primaries: 2, faults: 2, window: 3).mechanism()
        var role = mechanism.makeRole(of: Member(NodeID(3), incarnation: 1))
        _ = try answers(
            &role, to: .start(Start(.initial, peers: [NodeID(1), NodeID(2), NodeID(4)])))
        _ = try answers(&role, to: .peerLost(NodeID(1)))
        let quiet = try answers(&role, to: message(.rejoin, from: 1))
        guard case .quiesced? = quiet.first else { throw MalformedMessage() }
        return role
    }

    @Test("A backup agrees only when it has seen the end of every lost primary")
    func lateUpdate() throws {
        var role = try backup()
        let agree = FusionMessage.attempt(1, .agree(absent: [NodeID(1), NodeID(2)]))
        // Primary 2 is gone too, which this backup does not know; an update is on its way.
        #expect(try answers(&role, to: message(agree, from: 1)).isEmpty)
        #expect(try answers(&role, to: message(update(1), from: 2)).count == 1)
        let agreed = try answers(&role, to: .peerLost(NodeID(2)))
        guard agreed.count == 1, case .attempt(1, .agreed(_, [0, 1])) = agreed[0] else {
            Issue.record("\(agreed)")
            return
        }
        let before = role.snapshot().head
        var effects: [Effect] = []
        role.handle(message(update(2), from: 2), into: &effects)
        guard effects.count == 1, case .report(.malformed) = effects[0] else {
            Issue.record("\(effects)")
            return
        }
        #expect(role.snapshot().head == before)
    }

    @Test("Nobody takes part in an attempt that leaves out somebody who counts for it")
    func leftOut() throws {
        var role = try backup()
        // The leader does not see backup 2, with which primary 2 goes on as far as this one knows.
        let agree = FusionMessage.attempt(1, .agree(absent: [NodeID(1), NodeID(4)]))
        #expect(try answers(&role, to: message(agree, from: 1)).isEmpty)
        let agreed = try answers(&role, to: .peerLost(NodeID(4)))
        guard agreed.count == 1, case .attempt(1, .agreed([NodeID(4)], [0])) = agreed[0] else {
            Issue.record("\(agreed)")
            return
        }
    }

    @Test("A leader waits for the end of a backup that another survivor misses")
    func missed() throws {
        let mechanism = try FusionTests.Shape(primaries: 2, faults: 2, window: 3).mechanism()
        var leader = mechanism.makeRole(of: Member(NodeID(1), incarnation: 2))
        let others = [NodeID(2), NodeID(3), NodeID(4)]
        _ = try answers(&leader, to: .start(Start(.recovery, peers: others)))
        var asked: [FusionMessage] = []
        for peer in 2...4 { asked = try answers(&leader, to: message(.quiesced, from: peer)) }
        guard case .attempt(1, .agree([NodeID(1)]))? = asked.first else {
            Issue.record("\(asked)")
            return
        }
        // Primary 2 has gone on without backup 1.
        let told: [(Int, AttemptMessage)] = [
            (2, .agreed(absent: [NodeID(3)], sequences: [7])),
            (3, .agreed(absent: [], sequences: [0])), (4, .agreed(absent: [], sequences: [0])),
        ]
        for (peer, answer) in told {
            #expect(try answers(&leader, to: message(.attempt(1, answer), from: peer)).isEmpty)
        }
        let next = try answers(&leader, to: .peerLost(NodeID(3)))
        guard case .attempt(2, .agree([NodeID(1), NodeID(3)]))? = next.first else {
            Issue.record("\(next)")
            return
        }
    }

    @Test("A backup that lacks updates gets them once, and hands on what it got")
    func catchingUp() throws {
        var role = try backup()
        _ = try answers(&role, to: message(update(1), from: 2))
        _ = try answers(&role, to: .peerLost(NodeID(2)))
        _ = try answers(
            &role, to: message(.attempt(1, .agree(absent: [NodeID(1), NodeID(2)])), from: 1))
        let missing = (1...3).map { update($0).encoded().head }
        for _ in 0..<2 {
            let agreed = try answers(
                &role, to: message(.attempt(1, .updates(primary: 1, missing)), from: 1))
            guard agreed.count == 1, case .attempt(1, .agreed(_, [0, 3])) = agreed[0] else {
                Issue.record("\(agreed)")
                return
            }
        }
        #expect(role.elementCount == 3)
        let kept = try answers(
            &role, to: message(.attempt(1, .sendUpdates(primary: 1, after: 1)), from: 1))
        guard kept.count == 1, case .attempt(1, .updates(1, let updates)) = kept[0] else {
            Issue.record("\(kept)")
            return
        }
        #expect(updates == Array(missing.dropFirst()))
    }

    @Test("What belongs to an attempt that is over is ignored")
    func staleAttempt() throws {
        var role = try backup()
        _ = try answers(&role, to: message(.attempt(1, .agree(absent: [NodeID(1)])), from: 1))
        _ = try answers(&role, to: message(.attempt(2, .agree(absent: [NodeID(1)])), from: 1))
        #expect(
            try answers(&role, to: message(.attempt(1, .sendState(of: [0])), from: 1)).isEmpty)
        #expect(
            try answers(&role, to: message(.attempt(2, .sendState(of: [0])), from: 1)).count == 1)
    }

    @Test("The lower of two leaders has its turn first, the other when that one is gone")
    func twoLeaders() throws {
        var role = try backup()
        _ = try answers(&role, to: .peerLost(NodeID(2)))
        _ = try answers(&role, to: message(.rejoin, from: 2))
        let higher = message(.attempt(5, .agree(absent: [NodeID(2)])), from: 2)
        #expect(try answers(&role, to: higher).isEmpty)
        #expect(
            try answers(
                &role, to: message(.attempt(1, .agree(absent: [NodeID(1), NodeID(2)])), from: 1)
            ).count == 1)
        let late = try answers(&role, to: .peerLost(NodeID(1)))
        guard late.count == 1, case .attempt(5, .agreed(_, [0])) = late[0] else {
            Issue.record("\(late)")
            return
        }
    }

    @Test("A primary has at most a window of updates in flight and queues the others")
    func window() throws {
        let network = RoleNetwork(
            try FusionTests.Shape(primaries: 1, faults: 2, window: 3).mechanism(), seed: 4)
        var lists = RandomUpdates(groups: 1, seed: 4)
        var sent = 0
        network.intercept = { message, from, _ in
            if from == NodeID(1) { sent += 1 }
            return message
        }
        for ticket in 0..<20 as Range<UInt64> {
            network.deliver(
                .update(group: 0, ticket: ticket, try lists.next(group: 0)), to: NodeID(1))
        }
        #expect(sent == 2 * 3)
        var most = 0
        while network.step() { most = max(most, sent / 2 - network.reports.count) }
        #expect(most == 3)
        #expect(network.reports.count == 20)
        #expect(network.firstDifference(from: lists.models) == nil)
    }

    @Test("An index that backups keep does not grow by its primary's crashes")
    func indexMemory() throws {
        let network = RoleNetwork(
            try FusionTests.Shape(primaries: 2, faults: 1).mechanism(), seed: 6)
        var lists = RandomUpdates(groups: 2, seed: 6)
        for ticket in 0..<200 as Range<UInt64> {
            let group = Int(ticket % 2)
            network.deliver(
                .update(group: group, ticket: ticket, try lists.next(group: group)),
                to: NodeID(1 + group))
        }
        network.settle()
        let auxiliary = network.roles[NodeID(3)]?.ledger.auxiliary
        var totals: [Int] = []
        for _ in 0..<4 {
            network.crash(NodeID(1))
            network.restart(NodeID(1))
            network.settle()
            let ledger = try #require(network.roles[NodeID(3)]).ledger
            #expect(ledger.auxiliary == auxiliary)
            totals.append(ledger.total)
        }
        // An allocator may round one array up and its successor not.
        #expect(totals.allSatisfy { $0 <= totals[0] + 64 }, "\(totals)")
        #expect(network.firstDifference(from: lists.models) == nil)
    }

    @Test("The leader's log says what was lost, used and restored; without a wish there is none")
    func log() throws {
        for logsRecovery in [false, true] {
            let mechanism = FusionMechanism(
                code: try ErasureCode(.vandermonde, primaries: 3, backups: 2, wordBits: 8),
                shape: StructureShape(.list, values: .fixed(20)), window: 1,
                logsRecovery: logsRecovery)
            let network = RoleNetwork(mechanism, seed: 1)
            for group in 0..<3 {
                for number in 0..<10 + group {
                    let value = [UInt8](repeating: UInt8(16 * group + number), count: 20)
                    network.deliver(
                        .update(
                            group: group, ticket: UInt64(number),
                            Operation(.insert, at: 0, value: value)),
                        to: NodeID(1 + group))
                }
            }
            network.settle()
            for node in [2, 4] { network.crash(NodeID(node)) }
            for node in [2, 4] { network.boot(NodeID(node)) }
            for node in [2, 4] { network.start(NodeID(node)) }
            network.settle()
            let logs = network.reports.compactMap { node, report -> (NodeID, RecoveryLog)? in
                if case .log(let log) = report { (node, log) } else { nil }
            }
            guard logsRecovery else {
                #expect(logs.isEmpty)
                continue
            }
            let (leader, log) = try #require(logs.first)
            #expect(logs.count == 1 && leader == NodeID(2))
            #expect(log.failed == [NodeID(2), NodeID(4)])
            #expect(log.cells.map(\.node) == [NodeID(1), NodeID(3)])
            #expect(log.cells.map(\.sequences) == [[10], [12]])
            #expect(log.cells.map(\.elements) == [10, 12])
            #expect(log.codes.map(\.node) == [NodeID(5)])
            #expect(log.codes.map(\.sequences) == [[11]])
            #expect(log.slots == [.init(node: NodeID(2), firstSlots: Array((3...10).reversed()))])
            #expect(log.restored.map(\.node) == [NodeID(2), NodeID(4)])
            #expect(log.restored.map(\.sequences) == [[11], [10, 11, 12]])
            #expect(log.restored.map(\.elements) == [11, 12])
            #expect(
                log.restored[0].firstCells
                    == (0..<8).map { Array(repeating: UInt8(16 + $0), count: 16) })
        }
    }
}
