import Structures

/// A structure of which the operations make the order: list, queue, stack or deque.
public protocol FusedSequence<Element>: FusedStructure {
    associatedtype Element: Codable
}

extension FusedSequence {
    public static func text(key: [UInt8], value: [UInt8]) throws(FusedError) -> String {
        "\(try ElementCoder<Element>.decode(value))"
    }

    /// All elements: a list's in the order of their indices, a queue's and a deque's from front to
    /// back, a stack's from bottom to top.
    ///
    ///     for player in try list.elements { print(player) }
    ///
    /// - Complexity: O(count)
    public var elements: [Element] {
        get throws(FusedError) {
            try storage.read { (structure) throws(FusedError) in
                try structure.orderedSlots.map { (slot) throws(FusedError) in
                    try ElementCoder<Element>.decode(structure.element(in: slot).value)
                }
            }
        }
    }

    static func form(_ kind: StructureKind) -> FusedForm {
        FusedForm(kind: kind, byteCount: ElementCoder<Element>.byteCount)
    }

    func element(at index: Int) throws(FusedError) -> Element {
        try ElementCoder<Element>.decode(
            try storage.ask { (structure) throws(StructureError) in
                try structure.value(at: index)
            })
    }

    /// The first element, nil where there is none.
    func front() throws(FusedError) -> Element? { try isEmpty ? nil : try element(at: 0) }

    /// The last element, nil where there is none.
    func back() throws(FusedError) -> Element? {
        let count = try count
        return count == 0 ? nil : try element(at: count - 1)
    }

    /// Performs a removal of what was read.
    func take(_ element: Element?, _ kind: OperationKind) throws(FusedError) -> Element {
        guard let element else { throw .empty }
        try storage.perform(kind)
        return element
    }

    func add(
        _ element: Element, _ kind: OperationKind, at index: Int = 0
    ) throws(FusedError) {
        try storage.perform(kind, at: index, value: try ElementCoder<Element>.encode(element))
    }
}
