import ErasureCode
import Structures

/// What all nodes of one fusion know from the beginning.
struct FusionParameters: Sendable {
    let topology: FusionTopology
    /// Of the topology's size.
    let code: ErasureCode
    /// Of every group's structure; cells are multiples of the code's word.
    let shape: StructureShape
    /// At most so many updates of one primary are in flight, and every backup keeps so many last
    /// updates of each primary.
    let window: Int
    /// Whether the leader of a recovery reports what it had and made.
    let logsRecovery: Bool
}
