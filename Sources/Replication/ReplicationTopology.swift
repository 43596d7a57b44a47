import Roles

/// Who is who: the group manager first, then f + 1 replicas of each group, group by group.
package struct ReplicationTopology: Sendable, Equatable {
    package let groups: Int
    package let replicasPerGroup: Int

    package init(groups: Int, faults: Int) {
        self.groups = groups
        replicasPerGroup = faults + 1
    }

    package let manager = NodeID(1)

    package func replicas(of group: Int) -> [NodeID] {
        (0..<replicasPerGroup).map { NodeID(2 + group * replicasPerGroup + $0) }
    }

    /// Nil for the manager and for numbers that no node has.
    package func group(of node: NodeID) -> Int? {
        let index = Int(node.rawValue) - 2
        return index >= 0 && index < groups * replicasPerGroup ? index / replicasPerGroup : nil
    }

    /// The manager knows every replica; a replica knows the manager and its own group.
    package func peers(of node: NodeID) -> [NodeID] {
        if let group = group(of: node) {
            return [manager] + replicas(of: group).filter { $0 != node }
        }
        return node == manager ? (0..<groups).flatMap(replicas) : []
    }
}
