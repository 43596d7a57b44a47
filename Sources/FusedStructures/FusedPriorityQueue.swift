import Structures

/// Elements with an integer priority, of which the least comes first.
///
///     let tasks = try FusedCluster<FusedPriorityQueue<String>>(primaries: 2, faults: 1)[0]
///     try tasks.push("write", priority: 2)
///     try tasks.push("think", priority: 1)
///     try tasks.pop().element  // "think"
///
/// Among equal priorities the order is that of the elements' bytes, not of arrival: what a recovery
/// restores from the elements alone.
public struct FusedPriorityQueue<Element: Codable>: FusedStructure {
    public static var form: FusedForm {
        FusedForm(kind: .priorityQueue, byteCount: ElementCoder<Element>.byteCount)
    }
    public let storage: FusedStorage
    public init(storage: FusedStorage) { self.storage = storage }

    public static func text(key: [UInt8], value: [UInt8]) throws(FusedError) -> String {
        "\(try decodeKey(key) as Int): \(try ElementCoder<Element>.decode(value))"
    }

    /// The element that is next to go, with its priority; nil where there is none.
    public var first: (priority: Int, element: Element)? {
        get throws(FusedError) {
            try storage.read { (structure) throws(FusedError) in
                guard let slot = structure.firstSlot else { return nil }
                return try Self.element(in: slot, of: structure)
            }
        }
    }

    /// Adds an element.
    public func push(_ element: Element, priority: Int) throws(FusedError) {
        try storage.perform(
            .push, key: priority.fusedKeyBytes, value: try ElementCoder<Element>.encode(element))
    }

    /// Removes the first element. Throws `empty`.
    @discardableResult
    public func pop() throws(FusedError) -> (priority: Int, element: Element) {
        guard let first = try first else { throw .empty }
        try storage.perform(.pop)
        return first
    }

    /// All elements with their priorities, in the order in which they would go.
    ///
    /// - Complexity: O(count)
    public var elements: [(priority: Int, element: Element)] {
        get throws(FusedError) {
            try storage.read { (structure) throws(FusedError) in
                try structure.orderedSlots.map { (slot) throws(FusedError) in
                    try Self.element(in: slot, of: structure)
                }
            }
        }
    }

    private static func element(
        in slot: Int, of structure: FusibleStructure
    ) throws(FusedError) -> (priority: Int, element: Element) {
        let (key, value) = structure.element(in: slot)
        return (try decodeKey(key), try ElementCoder<Element>.decode(value))
    }
}
