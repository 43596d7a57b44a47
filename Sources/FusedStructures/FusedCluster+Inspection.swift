import Fusion
import Roles
import Structures

/// The position of a cell at a server. Cells of one size are numbered from 0 without gaps.
public struct FusedSlot: Sendable, Hashable, Codable {
    /// The size of the cell.
    public let cellBytes: Int
    /// Which of the cells of that size.
    public let number: Int
}

extension FusedSlot: CustomStringConvertible {
    public var description: String { "\(number)" }
}

/// What a slot holds: the piece that is coded. At a primary it is an element's bytes, with its key
/// and sizes where it has such; at a backup it is the coded sum of the primaries' cells.
public struct FusedCell: Sendable, Hashable, Codable {
    public let slot: FusedSlot
    /// The cell as words of the cluster's code.
    public let words: [UInt32]
}

extension FusedCell: CustomStringConvertible {
    /// A single word as a number; else the bytes in hexadecimal, at most 32 of them.
    public var description: String {
        guard words.count != 1 else { return "\(words[0])" }
        let bytes = words.flatMap { word in
            (0..<slot.cellBytes / words.count).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
        }
        let digits = bytes.prefix(32).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return digits.joined() + (bytes.count > 32 ? "..." : "")
    }
}

extension FusedCluster {
    /// The cells of a primary or the codes of a backup, smallest first, then by slot. Throws
    /// `serverCrashed` or `noSuchServer`.
    ///
    ///     let codes = try cluster.cells(of: .backup(0)).map(\.words)
    public func cells(of server: FusedServer) throws(FusedError) -> [FusedCell] {
        cells(of: try role(of: server), limit: .max)
    }

    /// The slots of a structure's elements as a server knows them: the primary itself or any backup.
    /// They stand in the structure's order, where operations make that order, else by slot. Throws
    /// `serverCrashed` or `noSuchServer`; also for a server that is another primary.
    ///
    ///     let slots = try cluster.slots(ofPrimary: 0, at: .backup(0)).map(\.number)
    public func slots(
        ofPrimary primary: Int, at server: FusedServer
    ) throws(FusedError) -> [FusedSlot] {
        _ = try node(.primary(primary))
        return try slots(of: primary, at: try role(of: server), server, limit: .max)
    }

    private func role(of server: FusedServer) throws(FusedError) -> any InspectableRole {
        guard let role = host.role(of: try node(server)) else { throw .serverCrashed(server) }
        return role
    }

    private func cells(of role: any InspectableRole, limit: Int) -> [FusedCell] {
        let cells = role.heldCells
        var result: [FusedCell] = []
        for (cellClass, count) in cells.counts.enumerated() {
            for place in 0..<min(count, limit - result.count) {
                let slot = shape.layout.slot(place, in: cellClass)
                result.append(
                    FusedCell(slot: fusedSlot(slot), words: cells.withCell(slot, words)))
            }
        }
        return result
    }

    private func slots(
        of primary: Int, at role: any InspectableRole, _ server: FusedServer, limit: Int
    ) throws(FusedError) -> [FusedSlot] {
        guard let index = role.heldIndex(of: primary) else { throw .noSuchServer(server) }
        return (0..<min(index.count, limit)).map { fusedSlot(index.slot(at: $0)) }
    }

    private func fusedSlot(_ slot: Int) -> FusedSlot {
        FusedSlot(cellBytes: shape.layout.cellBytes(of: slot), number: shape.layout.place(of: slot))
    }

    private func words(_ cell: UnsafeRawBufferPointer) -> [UInt32] {
        stride(from: 0, to: cell.count, by: wordBytes).map { offset in
            (0..<wordBytes).reduce(0) { $0 | UInt32(cell[offset + $1]) << UInt32(8 * $1) }
        }
    }
}

// MARK: - For the report of a recovery

extension FusedCluster {
    /// What the servers that are up could contribute to a recovery.
    func recoverySources() throws(FusedError) -> [(node: NodeID, source: FusedRecovery.Source)] {
        var sources: [(node: NodeID, source: FusedRecovery.Source)] = []
        let limit = FusedRecovery.cellLimit
        for server in servers where !down.contains(server) {
            let role = try role(of: server)
            var slots: [FusedRecovery.Slots] = []
            if case .backup = server {
                for case .primary(let lost) in crashed {
                    slots.append(
                        FusedRecovery.Slots(
                            server: .primary(lost),
                            slots: try self.slots(of: lost, at: role, server, limit: limit)))
                }
            }
            sources.append(
                (
                    try node(server),
                    FusedRecovery.Source(
                        server: server, cells: cells(of: role, limit: limit), slots: slots)
                ))
        }
        return sources
    }

    /// What a server that is up has.
    func contents(of server: FusedServer) throws(FusedError) -> FusedRecovery.Restored {
        let limit = FusedRecovery.cellLimit
        switch server {
        case .primary(let index):
            return FusedRecovery.Restored(
                server: server, count: try primaries[index].count,
                contents: try primaries[index].text(limit: limit))
        case .backup:
            let role = try role(of: server)
            let count = role.heldCells.count
            let texts = cells(of: role, limit: limit).map(\.description)
            let shown = texts + (count > limit ? ["..."] : [])
            return FusedRecovery.Restored(
                server: server, count: count, contents: "[\(shown.joined(separator: ", "))]")
        }
    }
}
