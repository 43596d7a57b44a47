/// What the nodes of one run held at one moment.
package struct SpaceSample: Sendable, Equatable {
    package var rows: [SpaceRow]

    /// - Parameter rows: of one run at one number of operations, at least one.
    package init(_ rows: [SpaceRow]) { self.rows = rows }

    package var run: Int { rows.first?.run ?? 0 }

    package var operations: Int { rows.first?.operations ?? 0 }

    /// Elements of the largest structure, or cells of a fused backup.
    package var elements: Int { rows.map(\.elements).max() ?? 0 }

    /// Bytes of all nodes: what is protected and what protects it.
    package var totalBytes: Int { rows.reduce(0) { $0 + $1.totalBytes } }

    package func rows(of role: String) -> [SpaceRow] { rows.filter { $0.role == role } }

    package func sum(_ column: KeyPath<SpaceRow, Int>, of role: String) -> Int {
        rows(of: role).reduce(0) { $0 + $1[keyPath: column] }
    }

    /// The nodes that exist for the sake of backups: fused backups, or all replicas, since none of
    /// them is the original.
    package var backupRole: String? {
        ["backup", "replica"].first { role in rows.contains { $0.role == role } }
    }

    /// Bytes held beyond one copy of each structure: those of all fused backups, and of all replicas
    /// less the largest of each group. Nil where nothing is backed up.
    package var bytesBeyondOneCopy: Int? {
        guard backupRole != nil else { return nil }
        let replicas = Dictionary(grouping: rows(of: "replica"), by: \.group)
        let beyond = replicas.values.reduce(0) { sum, group in
            let sizes = group.map(\.totalBytes)
            return sum + sizes.reduce(0, +) - (sizes.max() ?? 0)
        }
        return sum(\.totalBytes, of: "backup") + beyond
    }
}

extension [SpaceSample] {
    /// The last sample of each run, in the order of the runs.
    var final: [SpaceSample] {
        let runs = Dictionary(grouping: self, by: \.run).sorted { $0.key < $1.key }
        return runs.compactMap { $0.value.max { $0.operations < $1.operations } }
    }
}
