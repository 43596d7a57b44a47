import Structures

/// A structure of a cluster. `FusedList`, `FusedQueue`, `FusedStack`, `FusedDeque`, `FusedMap`,
/// `FusedSortedMap`, `FusedSet` and `FusedPriorityQueue` are all there are; no other type can be one.
///
/// It is a handle: copies stand for the same structure, and it stays valid when the structure's
/// server crashes and recovers. In between every call throws `FusedError.serverCrashed`. That is why
/// a structure is no `Collection` itself, of which `count` and subscripts must not fail: `elements`
/// reads it out whole, as an array.
public protocol FusedStructure: CustomStringConvertible {
    /// What the cluster has to know of the type.
    static var form: FusedForm { get }

    /// Where the structure lives.
    var storage: FusedStorage { get }

    /// A cluster makes its structures.
    init(storage: FusedStorage)

    /// An element in words, from its stored bytes.
    static func text(key: [UInt8], value: [UInt8]) throws(FusedError) -> String
}

extension FusedStructure {
    /// The number of elements.
    public var count: Int {
        get throws(FusedError) { try storage.read { $0.count } }
    }

    /// Whether there are no elements.
    public var isEmpty: Bool {
        get throws(FusedError) { try count == 0 }
    }

    /// The server that the structure is on.
    public var server: FusedServer { .primary(storage.primary) }

    /// The elements in words; of a crashed server, that it has crashed.
    public var description: String {
        do {
            return try text(limit: .max)
        } catch {
            return "(\(error))"
        }
    }

    /// At most `limit` elements in words.
    func text(limit: Int) throws(FusedError) -> String {
        try storage.read { (structure) throws(FusedError) in
            let slots = structure.orderedSlots
            var texts: [String] = []
            for slot in slots.prefix(limit) {
                let (key, value) = structure.element(in: slot)
                texts.append(try Self.text(key: key, value: value))
            }
            if slots.count > limit { texts.append("...") }
            return "[\(texts.joined(separator: ", "))]"
        }
    }
}

/// What a cluster has to know of a structure's type. The structures of this library make it.
public struct FusedForm: Sendable {
    let kind: StructureKind
    /// The bytes of every element; nil where they differ.
    let byteCount: Int?

    func shape(
        maximumElementBytes: Int, wordBytes: Int
    ) throws(FusedError) -> StructureShape {
        let limit = byteCount ?? maximumElementBytes
        guard 1...StructureShape.maximumValueBytes ~= limit else {
            throw .invalidCluster(
                "elements have 1 to \(StructureShape.maximumValueBytes) bytes, not \(limit)")
        }
        return StructureShape(
            kind, values: byteCount == nil ? .upTo(limit) : .fixed(limit), wordBytes: wordBytes)
    }
}

/// Where a structure lives: a primary of a cluster. Clusters make these.
public struct FusedStorage {
    let host: Host
    /// Which primary, from 0.
    let primary: Int

    /// Reads the structure. The body must not let it out, or the next update would have to copy it.
    func read<Result>(
        _ body: (FusibleStructure) throws(FusedError) -> Result
    ) throws(FusedError) -> Result {
        try body(try host.structure(of: primary))
    }

    /// Asks the structure for something that it may refuse.
    func ask<Result>(
        _ body: (FusibleStructure) throws(StructureError) -> Result
    ) throws(FusedError) -> Result {
        try read { (structure) throws(FusedError) in
            do throws(StructureError) {
                return try body(structure)
            } catch {
                throw FusedError(error, count: structure.count)
            }
        }
    }

    /// Performs an update at the primary and all backups that are up. Throws, and changes nothing,
    /// where it is impossible.
    func perform(
        _ kind: OperationKind, at index: Int = 0, key: [UInt8] = [], value: [UInt8] = []
    ) throws(FusedError) {
        guard let position = UInt32(exactly: index) else {
            throw .indexOutOfRange(index: index, count: try read { $0.count })
        }
        let operation = Operation(kind, at: position, key: key, value: value)
        try ask { (structure) throws(StructureError) in try structure.check(operation) }
        try host.update(operation, of: primary)
    }
}

extension FusedError {
    /// Why a structure of `count` elements refuses an operation.
    init(_ error: StructureError, count: Int) {
        self =
            switch error {
            case .positionOutOfRange(let position, _):
                .indexOutOfRange(index: position, count: count)
            case .missingKey(let key): .missingKey("\(key)")
            case .empty: .empty
            case .valueTooLong(let actual, let limit): .elementTooLarge(bytes: actual, limit: limit)
            case .keyTooLong(let actual, let limit): .keyTooLarge(bytes: actual, limit: limit)
            case .wrongValueSize(let actual, let expected), .wrongKeySize(let actual, let expected):
                .cannotEncode(
                    type: "value", reason: "it has \(actual) bytes, all have \(expected)")
            case .full: .full
            case .noSuchOperation, .malformedIndex, .malformedCells: .protocolFailure("\(error)")
            }
    }
}
