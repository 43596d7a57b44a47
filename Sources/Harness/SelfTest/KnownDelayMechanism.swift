import Roles
import Structures
import Transport

/// A mechanism whose updates take a time that is known: no backups, and a primary that lets the clock
/// run before it answers. What the harness measures of it must be that time.
struct KnownDelayMechanism: Mechanism {
    /// Keeps the structure; it takes no time.
    let bare: UnprotectedMechanism
    /// Nanoseconds of an update.
    var delay: UInt64
    /// The update, by its ticket, that takes `stall` instead.
    var stalled: UInt64
    var stall: UInt64

    var nodes: [NodeDescription] { bare.nodes }

    func peers(of node: NodeID) -> [NodeID] { bare.peers(of: node) }

    func initiators(of group: Int) -> [NodeID] { bare.initiators(of: group) }

    func makeRole(of member: Member) -> any Role {
        Delayed(role: bare.makeRole(of: member), mechanism: self)
    }

    func firstDifference(
        in snapshots: [NodeID: Message], expected: [ModelStructure]
    ) -> String? {
        bare.firstDifference(in: snapshots, expected: expected)
    }

    /// Unlike the role of a protocol it looks at a clock: it stands for a network that takes time.
    private struct Delayed: Role {
        var role: any Role
        let mechanism: KnownDelayMechanism

        var elementCount: Int { role.elementCount }
        var ledger: Ledger { role.ledger }
        func snapshot() -> Message { role.snapshot() }

        mutating func handle(_ event: Event, into effects: inout [Effect]) {
            if case .update(_, let ticket, _) = event {
                let time = ticket == mechanism.stalled ? mechanism.stall : mechanism.delay
                let end = MonotonicClock.now() + time
                while MonotonicClock.now() < end {}
            }
            role.handle(event, into: &effects)
        }
    }
}
