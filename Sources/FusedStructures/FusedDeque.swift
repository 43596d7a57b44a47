import Structures

/// A queue with two ends.
///
///     let deque = try FusedCluster<FusedDeque<Int>>(primaries: 2, faults: 1)[0]
///     try deque.append(1)
///     try deque.prepend(0)
///     try deque.removeLast()  // 1
public struct FusedDeque<Element: Codable>: FusedSequence {
    public static var form: FusedForm { form(.deque) }
    public let storage: FusedStorage
    public init(storage: FusedStorage) { self.storage = storage }

    /// The element at a place, counted from the front. Throws `indexOutOfRange`.
    public subscript(index: Int) -> Element {
        get throws(FusedError) { try element(at: index) }
    }

    /// The element at the front; nil where there is none.
    public var first: Element? {
        get throws(FusedError) { try front() }
    }

    /// The element at the back; nil where there is none.
    public var last: Element? {
        get throws(FusedError) { try back() }
    }

    /// Adds an element at the front.
    public func prepend(_ element: Element) throws(FusedError) { try add(element, .pushFront) }

    /// Adds an element at the back.
    public func append(_ element: Element) throws(FusedError) { try add(element, .pushBack) }

    /// Removes the element at the front. Throws `empty`.
    @discardableResult
    public func removeFirst() throws(FusedError) -> Element { try take(try front(), .popFront) }

    /// Removes the element at the back. Throws `empty`.
    @discardableResult
    public func removeLast() throws(FusedError) -> Element { try take(try back(), .popBack) }
}
