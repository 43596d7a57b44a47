/// Why a structure refused an operation. The structure is unchanged.
package enum StructureError: Error, Equatable, Sendable {
    /// `position` is not below `limit`.
    case positionOutOfRange(position: Int, limit: Int)
    /// The value has `actual` bytes where the structure's cells have `expected`.
    case wrongValueSize(actual: Int, expected: Int)
    /// The structure holds as many elements as a slot number can count.
    case full
    /// An encoded index is cut short, too long, or not a permutation.
    case malformedIndex
}
