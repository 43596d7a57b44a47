import Roles
import Structures

/// Active replication: every group's structure lives in f + 1 replicas, updated by one group manager
/// in one total order.
package struct ReplicationMechanism: Mechanism {
    private let topology: ReplicationTopology
    private let shape: StructureShape
    package let nodes: [NodeDescription]

    /// - Parameters:
    ///   - groups: at least 1.
    ///   - faults: at least 1; each group has one replica more.
    ///   - shape: of every group's structure.
    package init(
        groups: Int, faults: Int, shape: StructureShape,
        options: ReplicationOptions = ReplicationOptions()
    ) {
        let topology = ReplicationTopology(groups: groups, faults: faults)
        self.topology = topology
        self.shape = shape
        nodes =
            [NodeDescription(name: "manager", kind: .manager, group: nil)]
            + (0..<groups).flatMap { group in
                (0..<topology.replicasPerGroup).map {
                    NodeDescription(
                        name: "replica-\(group + 1)-\($0 + 1)", kind: .replica, group: group)
                }
            }
    }

    package func peers(of node: NodeID) -> [NodeID] { topology.peers(of: node) }

    package func initiators(of group: Int) -> [NodeID] { [topology.manager] }

    package func makeRole(of member: Member) -> any Role {
        if let group = topology.group(of: member.node) {
            return Replica(
                node: member.node, group: group, topology: topology, shape: shape)
        }
        return GroupManager(member: member, topology: topology)
    }

    /// Every replica is compared with the model, and so replicas with each other.
    package func firstDifference(
        in snapshots: [NodeID: Message], expected: [ModelStructure]
    ) -> String? {
        for group in 0..<topology.groups {
            for node in topology.replicas(of: group) {
                if let difference = Difference.first(
                    between: snapshots[node], and: expected[group])
                {
                    return "\(description(of: node).name): \(difference)"
                }
            }
        }
        return nil
    }
}
