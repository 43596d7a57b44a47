import ErasureCode
import Roles
import Structures

/// Fusion: n primaries, each with one group's structure, share f fused backups.
package struct FusionMechanism: Mechanism {
    private let topology: FusionTopology
    private let code: ErasureCode
    private let shape: StructureShape
    package let nodes: [NodeDescription]

    /// - Parameters:
    ///   - code: of as many primaries as there are groups, and as many backups as faults.
    ///   - shape: of every group's structure; cells are multiples of the code's word.
    package init(code: ErasureCode, shape: StructureShape) {
        topology = FusionTopology(primaries: code.primaries, backups: code.backups)
        self.code = code
        self.shape = shape
        nodes =
            (0..<code.primaries).map {
                NodeDescription(name: "primary-\($0 + 1)", kind: .primary, group: $0)
            }
            + (0..<code.backups).map {
                NodeDescription(name: "backup-\($0 + 1)", kind: .backup, group: nil)
            }
    }

    package func peers(of node: NodeID) -> [NodeID] { topology.peers(of: node) }

    package func initiator(of group: Int) -> NodeID { topology.primary(group) }

    package func makeRole(of member: Member) -> any Role {
        switch topology.place(of: member.node) {
        case .primary(let index):
            return Primary(
                index: index, topology: topology, code: code, shape: shape)
        case .backup(let row):
            return FusedBackup(
                row: row, topology: topology, code: code, shape: shape)
        case nil:
            preconditionFailure("node \(member.node.rawValue) is not in the topology")
        }
    }

    /// Primaries are compared with the model; each fused backup's indexes and sequence numbers with
    /// the primaries', and its codes with a fresh encoding of the primaries' cells.
    package func firstDifference(
        in snapshots: [NodeID: Message], expected: [ModelStructure]
    ) -> String? {
        var states: [NodeID: FusionSnapshot] = [:]
        for node in nodeIDs {
            let name = description(of: node).name
            guard let message = snapshots[node] else { return "\(name) has not told its state" }
            do {
                states[node] = try FusionSnapshot(message, shape: shape)
            } catch {
                return "the state of \(name) cannot be read: \(error)"
            }
        }
        let primaries = topology.primaryNodes.compactMap { states[$0] }
        for (index, primary) in primaries.enumerated() {
            if let difference = difference(in: primary, expected[index]) {
                return "primary-\(index + 1): \(difference)"
            }
        }
        for (row, node) in topology.backupNodes.enumerated() {
            if let state = states[node], let difference = difference(in: state, row, primaries) {
                return "backup-\(row + 1): \(difference)"
            }
        }
        return nil
    }

    private func difference(
        in primary: FusionSnapshot, _ model: ModelStructure
    ) -> String? {
        guard primary.indexes.count == 1,
            let structure = try? FusibleStructure(
                shape, index: primary.indexes[0], cells: primary.cells)
        else { return "its index and its cells contradict each other" }
        return Difference.first(between: structure.elements(), and: model)
    }

    private func difference(
        in backup: FusionSnapshot, _ row: Int, _ primaries: [FusionSnapshot]
    ) -> String? {
        guard backup.indexes.count == primaries.count else {
            return "it knows \(backup.indexes.count) primaries instead of \(primaries.count)"
        }
        for (index, primary) in primaries.enumerated() {
            let name = "primary-\(index + 1)"
            if backup.sequences[index] != primary.sequences[0] {
                return "its last update of \(name) is \(backup.sequences[index]), "
                    + "\(name)'s own is \(primary.sequences[0])"
            }
            if let difference = Difference.first(
                between: slots(backup.indexes[index]), and: slots(primary.indexes[0]),
                pieceBytes: MemoryLayout<UInt32>.size, of: "the slot of element", than: name)
            {
                return difference
            }
        }
        let counts = primaries.map(\.indexes[0].slotCounts).longest(shape.layout)
        let bodies = primaries.map { Body($0.cells) }
        guard
            let regions = try? zip(primaries, bodies).map({
                try CellRegions($1.bytes, counts: $0.indexes[0].slotCounts)
            })
        else { return "its codes cannot be compared" }
        let fresh = code.encode(regions, counts: counts, of: row)
        for (cellClass, size) in shape.layout.cellBytes.enumerated() {
            if let difference = Difference.first(
                between: backup.cells[class: cellClass].withBytes { Array($0) },
                and: fresh[class: cellClass].withBytes { Array($0) }, pieceBytes: size,
                of: shape.layout.classCount == 1 ? "code" : "code of \(size) bytes",
                than: "a fresh encoding")
            {
                return difference
            }
        }
        return nil
    }

    private func slots(_ index: any AuxiliaryIndex) -> [UInt8] {
        var writer = ByteWriter(reserving: index.count * MemoryLayout<UInt32>.size)
        for position in 0..<index.count { writer.write(UInt32(index.slot(at: position))) }
        return writer.bytes
    }
}
