import Structures

/// Different elements, in no order.
///
///     let set = try FusedCluster<FusedSet<String>>(primaries: 2, faults: 1)[0]
///     try set.insert("Ada")    // true
///     try set.insert("Ada")    // false
///     try set.contains("Ada")  // true
///
/// Elements are told apart by their bytes, so equal elements have to give the same bytes. They do
/// where the type is of Swift's and Foundation's numbers and strings, and structs, enums, arrays and
/// optionals of such. They may not where elements hold sets, dictionaries with keys that are neither
/// strings nor integers, zeros of either sign inside a struct, or where `==` overlooks something
/// that is encoded: such a type says with `FusedElement` what its `canonicalFusedBytes` are.
public struct FusedSet<Element: Codable & Hashable>: FusedStructure {
    public static var form: FusedForm {
        FusedForm(kind: .set, byteCount: ElementCoder<Element>.byteCount)
    }
    public let storage: FusedStorage
    public init(storage: FusedStorage) { self.storage = storage }

    public static func text(key: [UInt8], value: [UInt8]) throws(FusedError) -> String {
        "\(try ElementCoder<Element>.decode(key))"
    }

    /// Whether the element is there.
    public func contains(_ element: Element) throws(FusedError) -> Bool {
        let key = try ElementCoder<Element>.encode(element, canonical: true)
        do throws(FusedError) {
            return try storage.ask { (structure) throws(StructureError) in
                try structure.value(of: key) != nil
            }
        } catch .keyTooLarge(let bytes, let limit) {
            throw .elementTooLarge(bytes: bytes, limit: limit)
        }
    }

    /// Adds an element, if it is not there.
    ///
    /// - Returns: whether it was added.
    @discardableResult
    public func insert(_ element: Element) throws(FusedError) -> Bool {
        guard try !contains(element) else { return false }
        try storage.perform(
            .insert, key: try ElementCoder<Element>.encode(element, canonical: true))
        return true
    }

    /// Removes an element. Throws `missingKey` where it is not there.
    public func remove(_ element: Element) throws(FusedError) {
        guard try contains(element) else { throw .missingKey("\(element)") }
        try storage.perform(
            .remove, key: try ElementCoder<Element>.encode(element, canonical: true))
    }

    /// The contents as a Swift set.
    ///
    /// - Complexity: O(count log count)
    public var elements: Set<Element> {
        get throws(FusedError) {
            try storage.read { (structure) throws(FusedError) in
                Set(
                    try structure.orderedSlots.map { (slot) throws(FusedError) in
                        try ElementCoder<Element>.decode(structure.element(in: slot).key)
                    })
            }
        }
    }
}
