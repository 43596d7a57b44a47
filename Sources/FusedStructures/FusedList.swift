import Structures

/// Elements by index, as in an array.
///
///     let cluster = try FusedCluster<FusedList<String>>(primaries: 2, faults: 1)
///     let list = cluster[0]
///     try list.append("a")
///     try list.insert("b", at: 0)
///     try list[1]         // "a"
///     try list.elements   // ["b", "a"]
public struct FusedList<Element: Codable>: FusedSequence {
    public static var form: FusedForm { form(.list) }
    public let storage: FusedStorage
    public init(storage: FusedStorage) { self.storage = storage }

    /// The element at an index. Throws `indexOutOfRange`.
    ///
    ///     let third = try list[2]
    public subscript(index: Int) -> Element {
        get throws(FusedError) { try element(at: index) }
    }

    /// The first element; nil where there is none.
    public var first: Element? {
        get throws(FusedError) { try front() }
    }

    /// The last element; nil where there is none.
    public var last: Element? {
        get throws(FusedError) { try back() }
    }

    /// Adds an element behind the last one.
    public func append(_ element: Element) throws(FusedError) { try add(element, .append) }

    /// Adds elements behind the last one, one after another. Where one is refused, those before it
    /// stay.
    public func append(contentsOf elements: some Sequence<Element>) throws(FusedError) {
        for element in elements { try append(element) }
    }

    /// Adds an element so that it has `index`; later ones move one on. Throws `indexOutOfRange`
    /// where `index` is not from 0 to `count`.
    public func insert(_ element: Element, at index: Int) throws(FusedError) {
        try add(element, .insert, at: index)
    }

    /// Puts another element in the place of one. Throws `indexOutOfRange`.
    ///
    ///     try list.replace(at: 0, with: "c")
    ///
    /// - Returns: the element that was there.
    @discardableResult
    public func replace(at index: Int, with element: Element) throws(FusedError) -> Element {
        let old = try self.element(at: index)
        try add(element, .set, at: index)
        return old
    }

    /// Removes the element at an index; later ones move one back. Throws `indexOutOfRange`.
    ///
    /// - Returns: the element.
    @discardableResult
    public func remove(at index: Int) throws(FusedError) -> Element {
        let old = try element(at: index)
        try storage.perform(.remove, at: index)
        return old
    }

    /// Removes the first element. Throws `empty`.
    @discardableResult
    public func removeFirst() throws(FusedError) -> Element {
        guard try !isEmpty else { throw .empty }
        return try remove(at: 0)
    }

    /// Removes the last element. Throws `empty`.
    @discardableResult
    public func removeLast() throws(FusedError) -> Element {
        guard try !isEmpty else { throw .empty }
        return try remove(at: try count - 1)
    }
}
