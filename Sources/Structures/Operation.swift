/// What an operation does. The raw value is its form in messages and never changes.
///
/// `StructureKind.operations` says which of those that change a structure it has; all have the reads.
package enum OperationKind: UInt8, Sendable, CaseIterable, Codable {
    /// List: adds `value` behind the last element.
    case append = 1
    /// List: adds `value` so that it stands at `position`; later elements move one on. Set: adds the
    /// element `key`, if it is not there.
    case insert = 2
    /// List: replaces the element at `position` by `value`.
    case set = 3
    /// List: removes the element at `position`; later elements move one back. Maps and set: removes
    /// `key`, which must be there.
    case remove = 4
    /// Maps: gives `key` the value `value`, whether or not it had one.
    case put = 5
    /// Queue: adds `value` at the back.
    case enqueue = 6
    /// Queue: removes the element at the front.
    case dequeue = 7
    /// Stack: adds `value` on top. Priority queue: adds `value` with the priority `key`.
    case push = 8
    /// Stack: removes the top element. Priority queue: removes the least element.
    case pop = 9
    /// Deque: adds `value` at the front.
    case pushFront = 10
    /// Deque: adds `value` at the back.
    case pushBack = 11
    /// Deque: removes the element at the front.
    case popFront = 12
    /// Deque: removes the element at the back.
    case popBack = 13
    /// Gives one element. List: the one at `position`. Maps: the value of `key`, which must be there.
    /// Set: the element `key`, which must be there. Queue, stack, deque and priority queue: the one
    /// that `dequeue`, `pop` or `popFront` would remove; of a priority queue the priority, and then
    /// the value.
    case read = 14
    /// Gives all elements, as `PlainStructure.elements` does.
    case readAll = 15

    /// Those that change nothing, and give bytes instead.
    package static let reads: [OperationKind] = [.read, .readAll]

    package var isRead: Bool { self == .read || self == .readAll }

    /// The word that experiment files and CSV use.
    package var name: String { String(describing: self) }
}

/// One update or read of a structure, as its user asks for it.
package struct Operation: Sendable, Equatable {
    package var kind: OperationKind
    /// Where, for a list's `insert`, `set`, `remove` and `read`; else 0.
    package var position: UInt32
    /// Which, for structures with keys, but not to read all; else empty. Integers are in `IntegerKey`'s form.
    package var key: [UInt8]
    /// The element or the key's value, where the operation brings one; else empty.
    package var value: [UInt8]

    package init(
        _ kind: OperationKind, at position: UInt32 = 0, key: [UInt8] = [], value: [UInt8] = []
    ) {
        self.kind = kind
        self.position = position
        self.key = key
        self.value = value
    }
}

/// The bytes of an integer key or a priority: 8, of which the order is that of the numbers.
package enum IntegerKey {
    package static let byteCount = 8

    package static func bytes(_ number: Int64) -> [UInt8] {
        let ordered = UInt64(bitPattern: number) ^ (1 << 63)
        return withUnsafeBytes(of: ordered.bigEndian) { Array($0) }
    }

    /// - Parameter bytes: exactly 8.
    package static func number(_ bytes: some Collection<UInt8>) -> Int64 {
        precondition(bytes.count == byteCount, "an integer key has 8 bytes")
        let ordered = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int64(bitPattern: ordered ^ (1 << 63))
    }
}
