import Roles
import Structures

/// Active replication: every group's structure lives in f + 1 replicas, which apply the updates of one
/// or more senders in one total order.
package struct ReplicationMechanism: Mechanism {
    let topology: ReplicationTopology
    let shape: StructureShape
    let options: ReplicationOptions
    package let nodes: [NodeDescription]

    /// - Parameters:
    ///   - groups: at least 1.
    ///   - faults: at least 1; each group has one replica more.
    ///   - shape: of every group's structure.
    package init(
        groups: Int, faults: Int, shape: StructureShape,
        options: ReplicationOptions = ReplicationOptions()
    ) {
        let topology = ReplicationTopology(groups: groups, faults: faults, options: options)
        self.topology = topology
        self.shape = shape
        self.options = options
        let managers = topology.managers.indices.map {
            NodeDescription(
                name: topology.managerCount == 1 ? "manager" : "manager-\($0 + 1)",
                kind: .manager, group: topology.managerCount == 1 ? nil : $0)
        }
        let senders = topology.furtherSenders.indices.map {
            NodeDescription(name: "sender-\($0 + 2)", kind: .sender, group: nil)
        }
        let replicas = (0..<groups).flatMap { group in
            (0..<topology.replicasPerGroup).map {
                NodeDescription(
                    name: "replica-\(group + 1)-\($0 + 1)", kind: .replica, group: group)
            }
        }
        nodes = managers + senders + replicas
    }

    package var ordersUpdates: Bool { true }

    package func peers(of node: NodeID) -> [NodeID] { topology.peers(of: node) }

    package func initiators(of group: Int) -> [NodeID] { topology.senders(of: group) }

    package func makeRole(of member: Member) -> any Role {
        makeRole(of: member) { _ in shape.makePlain() }
    }

    package func makeRole(of member: Member, holding contents: InitialContents) -> any Role {
        makeRole(of: member) { contents.plain($0, shape) }
    }

    private func makeRole(
        of member: Member, _ structure: (_ group: Int) -> any PlainStructure
    ) -> any Role {
        if let group = topology.group(of: member.node) {
            return Replica(
                node: member.node, group: group, topology: topology, shape: shape,
                options: options, structure: structure(group))
        }
        if topology.managers.contains(member.node) {
            return GroupManager(member: member, topology: topology, options: options)
        }
        return SenderNode(member: member, topology: topology, options: options)
    }

    package func words(for message: Message) -> String? {
        (try? ReplicationMessage(decoding: message.head)).map { "\($0)" }
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
