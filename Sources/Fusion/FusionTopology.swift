import Roles

/// Who is who among the n primaries and f fused backups: primaries first, then backups.
package struct FusionTopology: Sendable, Equatable {
    package let primaries: Int
    package let backups: Int

    package init(primaries: Int, backups: Int) {
        self.primaries = primaries
        self.backups = backups
    }

    /// A node's part: which primary or which fused backup it is, counting from 0.
    package enum Place: Equatable, Sendable {
        case primary(Int)
        case backup(Int)
    }

    package func primary(_ index: Int) -> NodeID { NodeID(1 + index) }
    package func backup(_ index: Int) -> NodeID { NodeID(1 + primaries + index) }

    package var primaryNodes: [NodeID] { (0..<primaries).map(primary) }
    package var backupNodes: [NodeID] { (0..<backups).map(backup) }

    /// Nil for a number that no node of the topology has.
    package func place(of node: NodeID) -> Place? {
        let index = Int(node.rawValue) - 1
        switch index {
        case 0..<primaries: return .primary(index)
        case primaries..<primaries + backups: return .backup(index - primaries)
        default: return nil
        }
    }

    /// Primaries know everybody: updates go to the backups, cells to whoever recovers. Backups know
    /// the primaries.
    package func peers(of node: NodeID) -> [NodeID] {
        switch place(of: node) {
        case .primary: (primaryNodes + backupNodes).filter { $0 != node }
        case .backup: primaryNodes
        case nil: []
        }
    }
}
