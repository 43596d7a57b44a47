import Roles
import Structures

/// A role of fusion as its host may look into it when both are in one process: what a client of the
/// primary reads, and what people who study fusion want to see.
package protocol InspectableRole: Role {
    /// A primary's structure; nil for a fused backup.
    var heldStructure: FusibleStructure? { get }

    /// A primary's cells, or a fused backup's code words.
    var heldCells: Cells { get }

    /// Where the elements of a primary stand, as this node knows it; nil where it does not.
    func heldIndex(of primary: Int) -> (any AuxiliaryIndex)?
}

extension FusionNode: InspectableRole {
    var heldStructure: FusibleStructure? { part.heldStructure }
    var heldCells: Cells { part.cells }

    func heldIndex(of primary: Int) -> (any AuxiliaryIndex)? { part.heldIndex(of: primary) }
}
