import Structures

/// Last in, first out.
///
///     let stack = try FusedCluster<FusedStack<Int>>(primaries: 2, faults: 1)[0]
///     try stack.push(1)
///     try stack.push(2)
///     try stack.pop()  // 2
public struct FusedStack<Element: Codable>: FusedSequence {
    public static var form: FusedForm { form(.stack) }
    public let storage: FusedStorage
    public init(storage: FusedStorage) { self.storage = storage }

    /// The element that is next to go; nil where there is none.
    public var top: Element? {
        get throws(FusedError) { try back() }
    }

    /// Adds an element on top.
    public func push(_ element: Element) throws(FusedError) { try add(element, .push) }

    /// Removes the element on top. Throws `empty`.
    @discardableResult
    public func pop() throws(FusedError) -> Element { try take(try back(), .pop) }
}
