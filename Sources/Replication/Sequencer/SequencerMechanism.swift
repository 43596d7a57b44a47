import Roles
import Structures

/// A fixed sequencer, for comparison with Skeen's algorithm: one node gives every group's updates
/// their order by sending them, each in one round to the f + 1 replicas, which deliver at once
/// (Chang and Maxemchuk 1984, with a token that never moves). Two message delays instead of four,
/// and one node that all updates pass.
///
/// Views, entry and the crash of the sequencer are those of active replication.
package struct SequencerMechanism: Mechanism {
    private let replication: ReplicationMechanism

    /// - Parameters:
    ///   - groups: at least 1.
    ///   - faults: at least 1; each group has one replica more.
    ///   - shape: of every group's structure.
    ///   - options: of one sender for each group.
    package init(groups: Int, faults: Int, shape: StructureShape, options: ReplicationOptions) {
        precondition(options.senders == 1, "a sequencer is the only sender")
        replication = ReplicationMechanism(
            groups: groups, faults: faults, shape: shape, options: options)
    }

    package var nodes: [NodeDescription] { replication.nodes }

    package var ordersUpdates: Bool { true }

    package func peers(of node: NodeID) -> [NodeID] { replication.peers(of: node) }

    package func initiators(of group: Int) -> [NodeID] { replication.initiators(of: group) }

    package func makeRole(of member: Member) -> any Role {
        manager(member) ?? replication.makeRole(of: member)
    }

    package func makeRole(of member: Member, holding contents: InitialContents) -> any Role {
        manager(member) ?? replication.makeRole(of: member, holding: contents)
    }

    private func manager(_ member: Member) -> (any Role)? {
        replication.topology.managers.contains(member.node)
            ? GroupManager(
                member: member, topology: replication.topology, options: replication.options,
                isSequencer: true) : nil
    }

    package func words(for message: Message) -> String? { replication.words(for: message) }

    package func firstDifference(
        in snapshots: [NodeID: Message], expected: [ModelStructure]
    ) -> String? {
        replication.firstDifference(in: snapshots, expected: expected)
    }
}
