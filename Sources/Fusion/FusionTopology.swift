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

    /// All nodes, in the order of their numbers.
    package var nodes: [NodeID] { primaryNodes + backupNodes }

    /// Nil for a number that no node of the topology has.
    package func place(of node: NodeID) -> Place? {
        let index = Int(node.rawValue) - 1
        switch index {
        case 0..<primaries: return .primary(index)
        case primaries..<primaries + backups: return .backup(index - primaries)
        default: return nil
        }
    }

    /// Which of the primaries a node is; nil for others.
    package func primaryIndex(of node: NodeID) -> Int? {
        if case .primary(let index)? = place(of: node) { index } else { nil }
    }

    /// What a node is called, for example `primary-1`.
    package func name(of place: Place) -> String {
        switch place {
        case .primary(let index): "primary-\(index + 1)"
        case .backup(let index): "backup-\(index + 1)"
        }
    }

    /// Everybody knows everybody: updates go from primaries to backups, and whoever recovers may
    /// have to lead all others.
    package func peers(of node: NodeID) -> [NodeID] { nodes.filter { $0 != node } }
}
