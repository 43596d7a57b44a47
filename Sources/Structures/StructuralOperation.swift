/// How an operation moves elements among the slots, without their values: all that an auxiliary
/// index needs to follow its structure, and what a primary sends to its fused backups.
package struct StructuralOperation: Sendable, Equatable {
    /// The raw value is its form in messages and never changes.
    package enum Kind: UInt8, Sendable, CaseIterable {
        /// Adds an element behind the last one.
        case append = 1
        /// Adds an element at `position`; later ones move one on.
        case insert = 2
        /// Replaces the element at `position`.
        case set = 3
        /// Removes the element at `position`; later ones move one back.
        case remove = 4
    }

    package var kind: Kind
    /// In the index's own order; ignored by `append`.
    package var position: UInt32
    /// The size class of the element that is added or that replaces another; ignored by `remove`.
    package var cellClass: UInt8

    package init(_ kind: Kind, at position: UInt32 = 0, cellClass: UInt8 = 0) {
        self.kind = kind
        self.position = position
        self.cellClass = cellClass
    }
}
