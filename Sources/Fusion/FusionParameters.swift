import ErasureCode
import Structures

/// What all nodes of one fusion know from the beginning.
struct FusionParameters: Sendable {
    let topology: FusionTopology
    /// Of the topology's size.
    let code: ErasureCode
    /// The structure of every group.
    let kind: StructureKind
    /// The size of every value, a multiple of the code's word.
    let cellBytes: Int
    /// At most so many updates of one primary are in flight, and every backup keeps so many last
    /// updates of each primary.
    let window: Int
    /// Whether the leader of a recovery reports what it had and made.
    let logsRecovery: Bool
}
