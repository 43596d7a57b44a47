import Roles

/// Who is who: the group managers first, then further senders, then f + 1 replicas of each group,
/// group by group.
package struct ReplicationTopology: Sendable, Equatable {
    package let groups: Int
    package let replicasPerGroup: Int
    /// One for all groups, or as many as groups.
    package let managerCount: Int
    /// Senders that are no managers; each sends to all groups.
    package let furtherSenderCount: Int

    package init(groups: Int, faults: Int, options: ReplicationOptions = ReplicationOptions()) {
        self.groups = groups
        replicasPerGroup = faults + 1
        managerCount = options.managers == .one ? 1 : groups
        furtherSenderCount = options.senders - 1
    }

    private var firstReplica: Int { 1 + managerCount + furtherSenderCount }

    package var managers: [NodeID] { (0..<managerCount).map { NodeID(1 + $0) } }

    package var furtherSenders: [NodeID] {
        (0..<furtherSenderCount).map { NodeID(1 + managerCount + $0) }
    }

    package func manager(of group: Int) -> NodeID { NodeID(managerCount == 1 ? 1 : 1 + group) }

    /// The groups that a manager keeps, or that another sender sends to.
    package func groups(sentBy sender: NodeID) -> Range<Int> {
        let place = Int(sender.rawValue) - 1
        return managerCount > 1 && place < managerCount ? place..<place + 1 : 0..<groups
    }

    /// The group's manager first.
    package func senders(of group: Int) -> [NodeID] { [manager(of: group)] + furtherSenders }

    package func replicas(of group: Int) -> [NodeID] {
        (0..<replicasPerGroup).map { NodeID(firstReplica + group * replicasPerGroup + $0) }
    }

    /// The group of a replica; nil for managers, senders and numbers that no node has.
    package func group(of node: NodeID) -> Int? {
        let index = Int(node.rawValue) - firstReplica
        return index >= 0 && index < groups * replicasPerGroup ? index / replicasPerGroup : nil
    }

    /// A replica knows its group and who sends to it; a manager all senders and its replicas; a
    /// sender all managers and replicas.
    package func peers(of node: NodeID) -> [NodeID] {
        if let group = group(of: node) {
            return senders(of: group) + replicas(of: group).filter { $0 != node }
        }
        if managers.contains(node) {
            return furtherSenders + groups(sentBy: node).flatMap(replicas)
        }
        return furtherSenders.contains(node) ? managers + (0..<groups).flatMap(replicas) : []
    }
}
