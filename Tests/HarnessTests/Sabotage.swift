import ErasureCode
import Fusion
import Replication
import Roles
import Structures
import Testing

@testable import Harness

/// A mechanism with a bug planted in some of its roles, to see that the harness finds it.
struct SabotagedMechanism: Mechanism {
    let base: any Mechanism
    /// Given a node's role, the role that takes its place.
    let plant: @Sendable (Member, any Role) -> any Role

    var nodes: [NodeDescription] { base.nodes }
    func peers(of node: NodeID) -> [NodeID] { base.peers(of: node) }
    var ordersUpdates: Bool { base.ordersUpdates }

    func initiators(of group: Int) -> [NodeID] { base.initiators(of: group) }
    func makeRole(of member: Member) -> any Role { plant(member, base.makeRole(of: member)) }

    func firstDifference(
        in snapshots: [NodeID: Message], expected: [ModelStructure]
    ) -> String? {
        base.firstDifference(in: snapshots, expected: expected)
    }

    func elements(of group: Int, in snapshot: Message) -> [UInt8]? {
        base.elements(of: group, in: snapshot)
    }

    func words(for message: Message) -> String? { base.words(for: message) }
}

/// A role whose messages somebody tampers with.
struct TamperedRole: Role {
    var base: any Role
    /// Called with every event; says what the role is told instead.
    var incoming: (Event) -> [Event] = { [$0] }
    /// Called with every message that the role sends.
    var outgoing: (Message) -> Message = { $0 }
    /// Called with every report of the role.
    var reporting: (Report) -> Report = { $0 }

    var ledger: Ledger { base.ledger }
    var elementCount: Int { base.elementCount }
    func snapshot() -> Message { base.snapshot() }

    mutating func handle(_ event: Event, into effects: inout [Effect]) {
        var asked: [Effect] = []
        for event in incoming(event) { base.handle(event, into: &asked) }
        for effect in asked {
            if case .send(let message, let node, let purpose) = effect {
                effects.append(.send(outgoing(message), to: node, purpose))
            } else if case .report(let report) = effect {
                effects.append(.report(reporting(report)))
            } else {
                effects.append(effect)
            }
        }
    }
}

/// What one life of a node leaves to the next. Unchecked `Sendable`: a node's lives follow each other,
/// so that no two use it at the same time.
final class Legacy: @unchecked Sendable {
    var lastUpdate: Operation?
}

/// A primary that changes its structure once more when it is back, and tells nobody.
struct ChangedAfterRecovery: Role {
    var base: any Role
    let legacy: Legacy
    /// Given the last update that the life before had begun, the change.
    let change: (Operation?) -> Operation

    var ledger: Ledger { base.ledger }
    var elementCount: Int { base.elementCount }
    func snapshot() -> Message { base.snapshot() }

    mutating func handle(_ event: Event, into effects: inout [Effect]) {
        let before = effects.count
        base.handle(event, into: &effects)
        if case .update(_, _, let operation) = event { legacy.lastUpdate = operation }
        let isBack = effects[before...].contains {
            if case .report(.recovered) = $0 { true } else { false }
        }
        guard isBack else { return }
        var unheard: [Effect] = []
        base.handle(.update(group: 0, ticket: 0, change(legacy.lastUpdate)), into: &unheard)
    }
}

enum Sabotage {
    /// Primary 1 is not what it was when it has recovered.
    static func changedAfterRecovery(
        _ plan: RunPlan, _ change: @escaping @Sendable (Operation?) -> Operation
    ) throws -> any Mechanism {
        let legacy = Legacy()
        return SabotagedMechanism(base: try RunDriverTests.mechanism(of: plan)) { member, role in
            guard member.node == NodeID(1) else { return role }
            return ChangedAfterRecovery(base: role, legacy: legacy, change: change)
        }
    }

    /// Primary 1 hears nothing in its second life.
    static func deafAfterCrash(_ plan: RunPlan) throws -> any Mechanism {
        SabotagedMechanism(base: try RunDriverTests.mechanism(of: plan)) { member, role in
            guard member.node == NodeID(1), member.incarnation > 1 else { return role }
            return TamperedRole(base: role, incoming: { _ in [] })
        }
    }

    /// One bit of one delta of primary 1 is wrong on its way to the backups.
    static func wrongDelta(_ plan: RunPlan) throws -> any Mechanism {
        SabotagedMechanism(base: try RunDriverTests.mechanism(of: plan)) { member, role in
            guard member.node == NodeID(1) else { return role }
            var updates = 0
            return TamperedRole(
                base: role,
                outgoing: { message in
                    guard [1, 9].contains(message.head[0]) else { return message }
                    updates += 1
                    guard updates == 30 else { return message }
                    var wrong = message
                    wrong.head[wrong.head.count - 1] ^= 0x10
                    return wrong
                })
        }
    }

    /// A primary that recovers decodes with one wrong coefficient.
    static func wrongDecoder(_ plan: RunPlan) throws -> any Mechanism {
        let code = try ErasureCode(
            plan.code.kind, primaries: plan.groups, backups: plan.faults,
            wordBits: plan.code.wordBits)
        var rows = (0..<plan.faults).map { backup in
            (0..<plan.groups).map { code.coefficient(backup: backup, primary: $0) }
        }
        rows[0][plan.groups - 1] ^= 3
        let wrong = FusionMechanism(
            code: try ErasureCode(generator: rows, wordBits: plan.code.wordBits),
            shape: plan.shape, window: plan.workload.window)
        return SabotagedMechanism(base: try RunDriverTests.mechanism(of: plan)) { member, role in
            member.node == NodeID(1) && member.incarnation > 1
                ? wrong.makeRole(of: member) : role
        }
    }

    /// The node that starts the updates says something else of them than its structure does.
    static func wrongReports(
        _ plan: RunPlan, _ report: @escaping @Sendable (Report) -> Report
    ) throws -> any Mechanism {
        SabotagedMechanism(base: try RunDriverTests.mechanism(of: plan)) { _, role in
            TamperedRole(base: role, reporting: report)
        }
    }

    /// What a run says in which reports are wrong.
    static func complaint(
        _ plan: RunPlan, _ report: @escaping @Sendable (Report) -> Report
    ) throws -> String {
        let error = #expect(throws: RunError.self) {
            try RunDriverTests.run(plan, try wrongReports(plan, report))
        }
        guard case .invalid(let text)? = error else { return "\(String(describing: error))" }
        return text
    }

    /// Two final timestamps change places on their way to the second replica of group 1.
    static func wrongOrder(_ plan: RunPlan) -> any Mechanism {
        let base = ReplicationMechanism(
            groups: plan.groups, faults: plan.faults, shape: plan.shape)
        return SabotagedMechanism(base: base) { member, role in
            guard member.node == NodeID(3) else { return role }
            var held: (Message, NodeID)?
            var finals = 0
            var isDone = false
            return TamperedRole(
                base: role,
                incoming: { event in
                    guard !isDone, case .message(var second, let sender) = event,
                        second.head[0] == 3
                    else { return [event] }
                    // Past the warm-up, after which nothing is left to differ.
                    finals += 1
                    guard finals > 30 else { return [event] }
                    guard case (var first, let firstSender)? = held else {
                        held = (second, sender)
                        return []
                    }
                    isDone = true
                    // A final ends with its timestamp, 8 bytes.
                    let tail = first.head.count - 8..<first.head.count
                    let timestamp = first.head[tail]
                    first.head.replaceSubrange(tail, with: second.head[tail])
                    second.head.replaceSubrange(tail, with: timestamp)
                    return [
                        .message(second, from: sender), .message(first, from: firstSender),
                    ]
                })
        }
    }
}
