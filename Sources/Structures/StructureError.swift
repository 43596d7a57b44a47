/// Why a structure refused an operation. The structure is unchanged.
package enum StructureError: Error, Equatable, Sendable {
    /// `position` is not below `limit`.
    case positionOutOfRange(position: Int, limit: Int)
    /// There is no such key.
    case missingKey([UInt8])
    /// There is nothing to take.
    case empty
    /// The value has `actual` bytes where the structure's values have `expected`.
    case wrongValueSize(actual: Int, expected: Int)
    /// The value has more bytes than the structure allows.
    case valueTooLong(actual: Int, limit: Int)
    /// The key has `actual` bytes where the structure's keys have `expected`.
    case wrongKeySize(actual: Int, expected: Int)
    /// The key has more bytes than the structure allows.
    case keyTooLong(actual: Int, limit: Int)
    /// The structure has no such operation, or was asked to apply a read, or to read by an update.
    case noSuchOperation(OperationKind, StructureKind)
    /// The structure holds as many elements as a slot number can count.
    case full
    /// An encoded index is cut short, too long, or contradicts itself.
    case malformedIndex
    /// Cells contradict their index, or a cell its own header.
    case malformedCells
}
