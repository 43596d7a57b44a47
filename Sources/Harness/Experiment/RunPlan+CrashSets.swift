import Roles
import Simulation

extension RunPlan {
    /// The sets of nodes that crash in a round, one set after another. The same plan gives the same
    /// sets.
    ///
    /// - Parameters:
    ///   - round: counts from 1.
    ///   - nodes: the run's topology.
    /// - Returns: nothing for a plan without crashes.
    func crashSets(round: Int, of nodes: [NodeDescription]) -> [[NodeID]] {
        let candidates = crashCandidates(of: nodes)
        switch crash?.nodes {
        case nil:
            return []
        case .each:
            return candidates.map { [$0] }
        case .together:
            return stride(from: 0, to: candidates.count, by: faults).map {
                Array(candidates[$0..<min($0 + faults, candidates.count)])
            }
        case .random:
            return [randomSet(of: candidates, draws: crashDraws(round: round))]
        case .named(let sets):
            return sets.map { names in
                names.compactMap { name in
                    nodes.firstIndex { $0.name == name }.map { NodeID($0 + 1) }
                }
            }
        }
    }

    /// The nodes that may crash, in the order of the topology.
    func crashCandidates(of nodes: [NodeDescription]) -> [NodeID] {
        nodes.indices.filter { index in
            guard nodes[index].isCrashable else { return false }
            switch crash?.nodes {
            case nil: return false
            case .each, .together: return nodes[index].holdsData
            case .random: return true
            case .named(let sets): return sets.contains { $0.contains(nodes[index].name) }
            }
        }.map { NodeID($0 + 1) }
    }

    /// The most nodes that crash at once.
    var mostAtOnce: Int {
        switch crash?.nodes {
        case nil: 0
        case .each: 1
        case .together, .random: faults
        case .named(let sets): sets.map(\.count).max() ?? 0
        }
    }

    /// What is drawn for the crashes of a round; it does not depend on the updates' draws.
    func crashDraws(round: Int) -> SplitMix64 {
        // Groups count from 0 and the warm-up has the last number, so that this one is nobody's.
        SplitMix64(seed: seed).child(UInt64.max - 1).child(UInt64(round))
    }

    private func randomSet(of crashable: [NodeID], draws: SplitMix64) -> [NodeID] {
        var nodes = crashable
        let count = 1 + draws.number(below: min(faults, nodes.count), at: 0)
        // The beginning of a shuffle (Fisher and Yates).
        for place in 0..<count {
            let other = draws.number(below: nodes.count - place, at: UInt64(place + 1))
            nodes.swapAt(place, place + other)
        }
        return Array(nodes[..<count])
    }
}
