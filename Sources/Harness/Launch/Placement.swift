import Roles

/// Which CPUs a run's nodes are bound to. What wakes a thread on another CPU takes another time than
/// on the same one, and where the kernel chooses, it chooses anew from run to run.
package enum Placement: String, Sendable, Codable, CaseIterable {
    /// The kernel chooses.
    case none
    /// All on the first CPU that this program may use.
    case same
    /// Nodes that start updates take turns on the first half of these CPUs, all others on the second,
    /// so that every message of an update goes from one CPU to another.
    case spread

    /// The CPUs of one side of an update; nil where the kernel chooses.
    ///
    /// - Parameters:
    ///   - starting: whether it is the side that starts updates.
    ///   - allowed: the CPUs that this program may use, ascending.
    func processors(starting: Bool, of allowed: [Int]) -> [Int]? {
        if self == .none || allowed.isEmpty { return nil }
        if self == .same || allowed.count == 1 { return [allowed[0]] }
        let half = (allowed.count + 1) / 2
        return Array(starting ? allowed[..<half] : allowed[half...])
    }

    /// The CPU of each node; empty where the kernel chooses. Where all nodes start updates, they take
    /// turns on all CPUs.
    func processors(
        of mechanism: any Mechanism, groups: Int, among allowed: [Int]
    ) -> [NodeID: Int] {
        let starters = Set((0..<groups).flatMap(mechanism.initiators))
        let isOneSided = starters.count == mechanism.nodes.count
        var result: [NodeID: Int] = [:]
        var turns = [true: 0, false: 0]
        for node in mechanism.nodeIDs {
            let isStarter = starters.contains(node)
            guard var processors = processors(starting: isStarter, of: allowed) else { return [:] }
            if isOneSided && self == .spread { processors = allowed }
            let turn = turns[isStarter, default: 0]
            result[node] = processors[turn % processors.count]
            turns[isStarter] = turn + 1
        }
        return result
    }
}
