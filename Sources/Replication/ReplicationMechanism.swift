import Roles
import Structures

/// Active replication: every group's structure lives in f + 1 replicas, updated by one group manager
/// in one total order.
package struct ReplicationMechanism: Mechanism {
    private let topology: ReplicationTopology
    private let kind: StructureKind
    private let cellBytes: Int
    package let nodes: [NodeDescription]

    /// - Parameters:
    ///   - groups: at least 1.
    ///   - faults: at least 1; each group has one replica more.
    ///   - cellBytes: the size of every value.
    package init(groups: Int, faults: Int, kind: StructureKind, cellBytes: Int) {
        let topology = ReplicationTopology(groups: groups, faults: faults)
        self.topology = topology
        self.kind = kind
        self.cellBytes = cellBytes
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

    package func initiator(of group: Int) -> NodeID { topology.manager }

    package func makeRole(of member: Member) -> any Role {
        if let group = topology.group(of: member.node) {
            return Replica(
                node: member.node, group: group, topology: topology, kind: kind,
                cellBytes: cellBytes)
        }
        return GroupManager(member: member, topology: topology)
    }

    /// Every replica is compared with the model, and so replicas with each other.
    package func firstDifference(
        in snapshots: [NodeID: Message], expected: [any PlainStructure]
    ) -> String? {
        for group in 0..<topology.groups {
            let model = expected[group].elements()
            for node in topology.replicas(of: group) {
                let name = description(of: node).name
                guard let message = snapshots[node] else {
                    return "\(name) has not told its state"
                }
                if let difference = Difference.first(
                    between: message.body.map { Array($0.bytes) } ?? [], and: model,
                    pieceBytes: cellBytes, of: "element", than: "the model")
                {
                    return "\(name): \(difference)"
                }
            }
        }
        return nil
    }
}
