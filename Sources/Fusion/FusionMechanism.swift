import ErasureCode
import Roles
import Structures

/// Fusion: n primaries, each with one group's structure, share f fused backups.
package struct FusionMechanism: Mechanism {
    private let parameters: FusionParameters
    package let nodes: [NodeDescription]

    /// - Parameters:
    ///   - code: of as many primaries as there are groups, and as many backups as faults.
    ///   - shape: of every group's structure; cells are multiples of the code's word.
    ///   - window: at most so many updates of one primary are in flight, at least 1.
    ///   - logsRecovery: whether the leader of a recovery reports a `RecoveryLog`; not to be used
    ///     where something is measured.
    package init(
        code: ErasureCode, shape: StructureShape, window: Int,
        logsRecovery: Bool = false
    ) {
        precondition(window >= 1, "at least one update may be in flight")
        let topology = FusionTopology(primaries: code.primaries, backups: code.backups)
        parameters = FusionParameters(
            topology: topology, code: code, shape: shape, window: window,
            logsRecovery: logsRecovery)
        nodes = topology.nodes.compactMap { node in
            topology.place(of: node).map { place in
                switch place {
                case .primary(let group):
                    NodeDescription(name: topology.name(of: place), kind: .primary, group: group)
                case .backup:
                    NodeDescription(name: topology.name(of: place), kind: .backup, group: nil)
                }
            }
        }
    }

    private var topology: FusionTopology { parameters.topology }

    package func peers(of node: NodeID) -> [NodeID] { topology.peers(of: node) }

    package func initiators(of group: Int) -> [NodeID] { [topology.primary(group)] }

    package func makeRole(of member: Member) -> any Role {
        switch topology.place(of: member.node) {
        case .primary(let index):
            FusionNode(
                Primary(index: index, parameters: parameters), node: member.node,
                parameters: parameters)
        case .backup(let row):
            FusionNode(
                FusedBackup(row: row, parameters: parameters), node: member.node,
                parameters: parameters)
        case nil:
            preconditionFailure("node \(member.node.rawValue) is not in the topology")
        }
    }

    package func makeRole(
        of member: Member, holding contents: InitialContents
    ) throws -> any Role {
        func mirror(_ group: Int) -> Mirror {
            let (structure, changes) = contents.fusible(group, parameters.shape)
            return Mirror(sequence: changes, index: structure.index)
        }
        func cells(_ group: Int) -> Cells {
            contents.fusible(group, parameters.shape).structure.cells
        }
        switch topology.place(of: member.node) {
        case .primary(let index):
            var primary = Primary(index: index, parameters: parameters)
            try primary.install([mirror(index)], cells(index))
            return FusionNode(primary, node: member.node, parameters: parameters)
        case .backup(let row):
            let mirrors = (0..<topology.primaries).map(mirror)
            var backup = FusedBackup(row: row, parameters: parameters)
            try backup.install(
                mirrors,
                parameters.code.encode(
                    (0..<topology.primaries).map(cells),
                    counts: mirrors.slotCounts(parameters.shape.layout), of: row))
            return FusionNode(backup, node: member.node, parameters: parameters)
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
                states[node] = try FusionSnapshot(
                    message, shape: parameters.shape)
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
        guard primary.mirrors.count == 1,
            let structure = try? FusibleStructure(
                parameters.shape, index: primary.mirrors[0].index, cells: primary.cells)
        else { return "its index and its cells contradict each other" }
        return Difference.first(between: structure.elements(), and: model)
    }

    private func difference(
        in backup: FusionSnapshot, _ row: Int, _ primaries: [FusionSnapshot]
    ) -> String? {
        guard backup.mirrors.count == primaries.count else {
            return "it knows \(backup.mirrors.count) primaries instead of \(primaries.count)"
        }
        for (index, primary) in primaries.enumerated() {
            let name = "primary-\(index + 1)"
            let (mirror, own) = (backup.mirrors[index], primary.mirrors[0])
            if mirror.sequence != own.sequence {
                return "its last update of \(name) is \(mirror.sequence), \(name)'s own is "
                    + "\(own.sequence)"
            }
            if let difference = Difference.first(
                between: slots(mirror.index), and: slots(own.index),
                pieceBytes: MemoryLayout<UInt32>.size, of: "the slot of element", than: name)
            {
                return difference
            }
        }
        let layout = parameters.shape.layout
        let fresh = parameters.code.encode(
            primaries.map(\.cells),
            counts: primaries.flatMap(\.mirrors).slotCounts(layout), of: row)
        for (cellClass, size) in layout.cellBytes.enumerated() {
            if let difference = Difference.first(
                between: backup.cells[class: cellClass].withBytes { Array($0) },
                and: fresh[class: cellClass].withBytes { Array($0) }, pieceBytes: size,
                of: layout.classCount == 1 ? "code" : "code of \(size) bytes",
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

    package func words(for message: Message) -> String? {
        (try? FusionMessage(decoding: message.head)).map { "\($0)" }
    }

    package func elements(of group: Int, in snapshot: Message) -> [UInt8]? {
        guard let state = try? FusionSnapshot(snapshot, shape: parameters.shape),
            let index = state.mirrors.first?.index,
            let structure = try? FusibleStructure(
                parameters.shape, index: index, cells: state.cells)
        else { return nil }
        return structure.elements()
    }
}
