/// First in, first out, O(1) amortised at both ends. Public although only this package uses it, since
/// the compiler specialises nothing of package access for other modules.
public struct Queue<Element> {
    @usableFromInline var elements: [Element] = []
    @usableFromInline var head = 0
    /// Elements for which memory was asked. What the allocator rounded up to is not known to it.
    @usableFromInline var reserved = 0

    @inlinable public init() {}

    @inlinable public var isEmpty: Bool { head == elements.count }
    @inlinable public var count: Int { elements.count - head }
    @inlinable public var first: Element? { isEmpty ? nil : elements[head] }

    /// Memory that the queue holds.
    @inlinable public var capacityBytes: Int { reserved * MemoryLayout<Element>.stride }

    @inlinable
    public mutating func append(_ element: Element) {
        elements.append(element)
        if elements.count > reserved { reserved = Swift.max(2 * reserved, elements.count) }
    }

    @inlinable
    public mutating func popFirst() -> Element? {
        guard let first else { return nil }
        head += 1
        if head == elements.count {
            elements.removeAll(keepingCapacity: reserved <= 1024)
            if reserved > 1024 { reserved = 0 }
            head = 0
        } else if head >= 1024, head * 2 >= elements.count {
            elements.removeFirst(head)
            head = 0
        }
        return first
    }
}
