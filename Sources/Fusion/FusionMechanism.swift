import ErasureCode
import Roles
import Structures

/// Fusion: n primaries, each with one group's structure, share f fused backups.
package struct FusionMechanism: Mechanism {
    private let topology: FusionTopology
    private let code: ErasureCode
    private let kind: StructureKind
    private let cellBytes: Int
    package let nodes: [NodeDescription]

    /// - Parameters:
    ///   - code: of as many primaries as there are groups, and as many backups as faults.
    ///   - kind: the structure of every group.
    ///   - cellBytes: the size of every value, a multiple of the code's word.
    package init(code: ErasureCode, kind: StructureKind, cellBytes: Int) {
        topology = FusionTopology(primaries: code.primaries, backups: code.backups)
        self.code = code
        self.kind = kind
        self.cellBytes = cellBytes
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
                index: index, topology: topology, code: code, kind: kind, cellBytes: cellBytes)
        case .backup(let row):
            return FusedBackup(
                row: row, topology: topology, code: code, kind: kind, cellBytes: cellBytes)
        case nil:
            preconditionFailure("node \(member.node.rawValue) is not in the topology")
        }
    }

    /// Primaries are compared with the model; each fused backup's indexes and sequence numbers with
    /// the primaries', and its codes with a fresh encoding of the primaries' cells.
    package func firstDifference(
        in snapshots: [NodeID: Message], expected: [any PlainStructure]
    ) -> String? {
        var states: [NodeID: FusionSnapshot] = [:]
        for node in nodeIDs {
            let name = description(of: node).name
            guard let message = snapshots[node] else { return "\(name) has not told its state" }
            do {
                states[node] = try FusionSnapshot(message, kind: kind, cellBytes: cellBytes)
            } catch {
                return "the state of \(name) cannot be read: \(error)"
            }
        }
        let primaries = topology.primaryNodes.compactMap { states[$0] }
        for (index, primary) in primaries.enumerated() {
            guard primary.indexes.count == 1, primary.indexes[0].count == primary.cells.count else {
                return "primary-\(index + 1): its index and its cells differ in number"
            }
            let structure = FusibleStructure(index: primary.indexes[0], cells: primary.cells)
            if let difference = Difference.first(
                between: structure.elements(), and: expected[index].elements(),
                pieceBytes: cellBytes, of: "element", than: "the model")
            {
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
        let longest = primaries.map(\.cells.byteCount).max() ?? 0
        var fresh = [UInt8](repeating: 0, count: longest)
        fresh.withUnsafeMutableBytes { codes in
            let cells = primaries.map {
                UnsafeRawBufferPointer(start: $0.cells.memory.base, count: $0.cells.byteCount)
            }
            code.encode(cells, into: codes, of: row)
        }
        return Difference.first(
            between: backup.cells.withBytes { Array($0) }, and: fresh, pieceBytes: cellBytes,
            of: "code", than: "a fresh encoding")
    }

    private func slots(_ index: any AuxiliaryIndex) -> [UInt8] {
        var writer = ByteWriter(reserving: index.count * MemoryLayout<UInt32>.size)
        for position in 0..<index.count { writer.write(UInt32(index.slot(at: position))) }
        return writer.bytes
    }
}

extension FusionMechanism {
    package func elements(of group: Int, in snapshot: Message) -> [UInt8]? {
        guard
            let state = try? FusionSnapshot(snapshot, kind: kind, cellBytes: cellBytes),
            let index = state.indexes.first, index.count == state.cells.count
        else { return nil }
        return FusibleStructure(index: index, cells: state.cells).elements()
    }
}
