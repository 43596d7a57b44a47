import Roles
import Structures
import Testing

@testable import Replication

/// What nodes do about a replica that some take for gone, one event after the other. There are a
/// manager (1), a sender (2), and two or more replicas of one group (from 3 on).
struct MembershipTests {
    private func mechanism(faults: Int = 1) -> ReplicationMechanism {
        var options = ReplicationOptions()
        options.senders = 2
        return ReplicationMechanism(
            groups: 1, faults: faults, shape: StructureShape(.list, values: .fixed(1)),
            options: options)
    }

    /// What a role sends and reports for an event.
    private func effects(_ role: inout any Role, _ event: Event) -> [Effect] {
        var effects: [Effect] = []
        role.handle(event, into: &effects)
        return effects
    }

    /// The messages that a role sends for an event, with their receivers.
    private func sent(
        _ role: inout any Role, _ event: Event
    ) throws -> [(to: NodeID, message: ReplicationMessage)] {
        try effects(&role, event).compactMap {
            guard case .send(let message, let node, _) = $0 else { return nil }
            return (node, try ReplicationMessage(decoding: message.head))
        }
    }

    private func message(_ content: ReplicationMessage, from node: Int) -> Event {
        .message(content.encoded, from: NodeID(node))
    }

    @Test("A replica has entered when all its peers know its life")
    func greetings() throws {
        var donor = mechanism().makeRole(of: Member(NodeID(3), incarnation: 1))
        let others = [1, 2, 4].map { NodeID($0) }
        _ = effects(&donor, .start(Start(.initial, peers: others)))
        let given = effects(&donor, message(.requestState(change: 7), from: 4))
        guard case .send(let state, NodeID(4), _)? = given.first else {
            Issue.record("\(given)")
            return
        }
        let greeted = try sent(&donor, message(.greet, from: 4))
        #expect(greeted.map(\.to) == [NodeID(4)] && greeted.map(\.message) == [.greeted])

        var replica = mechanism().makeRole(of: Member(NodeID(4), incarnation: 2))
        let peers = [1, 2, 3].map { NodeID($0) }
        let asked = try sent(&replica, .start(Start(.recovery, peers: peers)))
        #expect(asked.map(\.to) == [NodeID(2), NodeID(3), NodeID(1)])
        #expect(asked.map(\.message) == [.greet, .greet, .enter])
        _ = effects(&replica, message(.admit(change: 7, donor: NodeID(3)), from: 1))
        _ = effects(&replica, .message(state, from: NodeID(3)))
        #expect(try sent(&replica, .proceed).isEmpty)
        #expect(try sent(&replica, message(.greeted, from: 3)).isEmpty)
        // Who is gone need not know it.
        let installed = try sent(&replica, .peerLost(NodeID(2)))
        #expect(installed.map(\.message) == [.installed(change: 7)])
        #expect(try sent(&replica, message(.greeted, from: 3)).isEmpty)
    }

    @Test("A manager that comes back leaves out whom one member knows to be out")
    func leftOut() throws {
        let mechanism = mechanism(faults: 2)
        var member = mechanism.makeRole(of: Member(NodeID(3), incarnation: 1))
        _ = effects(&member, .start(Start(.initial, peers: [1, 2, 4, 5].map { NodeID($0) })))
        let left = [NodeID(3), NodeID(4)]
        _ = effects(&member, message(.flush(change: 9, senders: [], members: left), from: 1))
        let standing = try sent(&member, message(.inquire, from: 1))
        #expect(
            standing.map(\.message) == [
                .standing(View(number: 1, members: left), isActive: true)
            ])

        var manager = mechanism.makeRole(of: Member(NodeID(1), incarnation: 2))
        let peers = [3, 4, 5].map { NodeID($0) }
        _ = effects(&manager, .start(Start(.recovery, peers: peers)))
        _ = effects(&manager, message(standing[0].message, from: 3))
        let all = ReplicationMessage.standing(View(number: 1, members: peers), isActive: true)
        _ = effects(&manager, message(all, from: 4))
        let told = try sent(&manager, message(all, from: 5))
        #expect(told.contains { $0.to == NodeID(5) && $0.message == .removed })
        let flushed = told.compactMap { node, message -> NodeID? in
            if case .flush(_, _, left) = message { node } else { nil }
        }
        #expect(flushed == left)
    }

    @Test("A sender goes on without a member once the others know that it is out")
    func finishing() throws {
        var sender = mechanism().makeRole(of: Member(NodeID(2), incarnation: 1))
        _ = effects(&sender, .start(Start(.initial, peers: [1, 3, 4].map { NodeID($0) })))
        let proposed = try sent(
            &sender, .update(group: 0, ticket: 1, Operation(.append, value: [1])))
        guard case .propose(let propose)? = proposed.first?.message else {
            Issue.record("\(proposed)")
            return
        }
        let place = Timestamped(id: propose.id, timestamp: 5)
        #expect(try sent(&sender, message(.proposal(place), from: 3)).isEmpty)
        let left = [NodeID(3)]
        let marked = try sent(
            &sender, message(.halt(group: 0, change: 9, members: left), from: 1))
        #expect(marked.map(\.to) == left)
        #expect(marked.map(\.message) == [.mark(change: 9, 1)])
        let final = try sent(
            &sender, message(.finish(group: 0, change: 9, members: left), from: 1))
        #expect(final.map(\.to) == left)
        #expect(final.map(\.message) == [.final(view: 1, [place])])
        let done = try sent(&sender, message(.delivered(propose.id, []), from: 3))
        #expect(done.map(\.message) == [.halted(group: 0, change: 9)])
    }

    @Test(
        "A sender asks again where members contradict each other",
        arguments: [
            ([Answer.refused("x")], [Answer.applied]), ([.value([1])], [.seen(7)]),
            ([.seen(7)], [.seen(7)]), ([.refused("x")], [.refused("y")]),
        ])
    func contradictions(one: [Answer], other: [Answer]) throws {
        var sender = mechanism().makeRole(of: Member(NodeID(2), incarnation: 1))
        _ = effects(&sender, .start(Start(.initial, peers: [1, 3, 4].map { NodeID($0) })))
        let proposed = try sent(
            &sender, .update(group: 0, ticket: 1, Operation(.append, value: [1])))
        guard case .propose(let propose)? = proposed.first?.message else {
            Issue.record("\(proposed)")
            return
        }
        let place = Timestamped(id: propose.id, timestamp: 5)
        for node in 3...4 { _ = effects(&sender, message(.proposal(place), from: node)) }
        _ = effects(&sender, message(.delivered(propose.id, one), from: 3))
        let answered = effects(&sender, message(.delivered(propose.id, other), from: 4))
        #expect(answered.isEmpty)
        guard case .propose(let again)? = try sent(&sender, .idle).first?.message else {
            Issue.record("nothing is asked again")
            return
        }
        #expect(again.requests == propose.requests)
    }
}
