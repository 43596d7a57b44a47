import Roles

/// Which nodes a schedule may take away: of nodes that make up for each other, at most f at once are
/// without their data or about to lose it.
struct FaultBudget {
    private let faults: Int
    /// Sets of nodes that make up for each other. Nodes that hold no data are in none.
    private let domains: [[NodeID]]

    /// Where some node holds data of no group of its own, it stands in for all groups, and so all
    /// nodes that hold data make up for each other; else those of a group do.
    init(_ mechanism: any Mechanism, faults: Int) {
        self.faults = faults
        let holders = mechanism.nodeIDs.filter { mechanism.description(of: $0).holdsData }
        if holders.contains(where: { mechanism.description(of: $0).group == nil }) {
            domains = [holders]
        } else {
            domains = Set(holders.compactMap { mechanism.description(of: $0).group }).sorted()
                .map { group in
                    holders.filter { mechanism.description(of: $0).group == group }
                }
        }
    }

    /// Whether a node may fail.
    ///
    /// - Parameter hasFailed: whether a node is without its data already, or will be.
    func allows(_ node: NodeID, _ hasFailed: (NodeID) -> Bool) -> Bool {
        domains.allSatisfy { domain in
            !domain.contains(node)
                || domain.count { $0 == node || hasFailed($0) } <= faults
        }
    }
}
