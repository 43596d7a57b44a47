import Structures

/// First in, first out.
///
///     let queue = try FusedCluster<FusedQueue<Int>>(primaries: 2, faults: 1)[0]
///     try queue.enqueue(1)
///     try queue.enqueue(2)
///     try queue.dequeue()  // 1
public struct FusedQueue<Element: Codable>: FusedSequence {
    public static var form: FusedForm { form(.queue) }
    public let storage: FusedStorage
    public init(storage: FusedStorage) { self.storage = storage }

    /// The element that is next to go; nil where there is none.
    public var first: Element? {
        get throws(FusedError) { try front() }
    }

    /// Adds an element at the back.
    public func enqueue(_ element: Element) throws(FusedError) { try add(element, .enqueue) }

    /// Removes the element at the front. Throws `empty`.
    @discardableResult
    public func dequeue() throws(FusedError) -> Element { try take(try front(), .dequeue) }
}
