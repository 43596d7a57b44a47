/// What an operation does. The raw value is its form in messages and never changes.
package enum OperationKind: UInt8, Sendable, CaseIterable, Codable {
    /// Adds `value` behind the last element.
    case append = 1
    /// Adds `value` so that it stands at `position`; later elements move one on.
    case insert = 2
    /// Replaces the element at `position` by `value`.
    case set = 3
    /// Removes the element at `position`; later elements move one back.
    case remove = 4

    /// The word that experiment files and CSV use.
    package var name: String {
        switch self {
        case .append: "append"
        case .insert: "insert"
        case .set: "set"
        case .remove: "remove"
        }
    }

    /// Whether the operation carries a value.
    package var hasValue: Bool { self != .remove }
}

/// The part of an operation that moves elements, without the values that it moves: all that an
/// auxiliary index needs to follow its structure.
package struct StructuralOperation: Sendable, Equatable {
    package var kind: OperationKind
    /// Ignored by `append`.
    package var position: UInt32

    package init(_ kind: OperationKind, at position: UInt32 = 0) {
        self.kind = kind
        self.position = position
    }
}

/// One update of a structure.
package struct Operation: Sendable, Equatable {
    package var structural: StructuralOperation
    /// Exactly the structure's cell size where the kind has a value, else empty.
    package var value: [UInt8]

    package init(_ kind: OperationKind, at position: UInt32 = 0, value: [UInt8] = []) {
        self.structural = StructuralOperation(kind, at: position)
        self.value = value
    }
}
