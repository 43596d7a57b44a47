import Structures

/// One of several independent sets of groups and backups that share the run's servers (Warwick 2022,
/// section 5.5). What it does not say is as in the run.
package struct ClusterPlan: Sendable, Hashable, Codable {
    package var groups: Int
    package var faults: Int
    package var structure: StructureKind
    package var valueBytes: ValueSizes
    package var mix: [OperationWeight]
}

extension RunPlan {
    /// The run of each cluster by itself; the run where it has no clusters.
    var parts: [RunPlan] {
        if clusters.isEmpty { return [self] }
        return clusters.map { cluster in
            var part = self
            part.clusters = []
            part.groups = cluster.groups
            part.faults = cluster.faults
            part.structure = cluster.structure
            part.valueBytes = cluster.valueBytes
            part.workload.mix = cluster.mix
            part.dropUnusedWorkload()
            return part
        }
    }

    /// The run of the cluster that a group belongs to; groups count from 0 through all clusters.
    func part(of group: Int) -> RunPlan {
        var first = 0
        for part in parts {
            if group < first + part.groups { return part }
            first += part.groups
        }
        preconditionFailure("no such group")
    }

    /// Takes the default for what the structure has no use for.
    mutating func dropUnusedWorkload() {
        if structure.keys == .none { workload.keys = KeyPlan() }
        if structure != .list { workload.positions = .uniform }
    }

    /// Makes the run one of these clusters: it has all their groups, and as many faults as each of
    /// them survives.
    mutating func take(_ clusters: [ClusterPlan]) {
        guard let faults = clusters.map(\.faults).min() else { return }
        self.clusters = clusters
        self.faults = faults
        groups = clusters.reduce(0) { $0 + $1.groups }
    }
}
