import Structures

/// A structure of values by key: `FusedMap`, in no order, or `FusedSortedMap`, in that of the keys.
public protocol FusedDictionary<Key, Value>: FusedStructure {
    associatedtype Key: FusedKey
    associatedtype Value: Codable
}

extension FusedDictionary {
    public static func text(key: [UInt8], value: [UInt8]) throws(FusedError) -> String {
        "\(try decodeKey(key) as Key): \(try ElementCoder<Value>.decode(value))"
    }

    /// The value of a key; nil where the key is not there.
    ///
    ///     let score = try map["Ada"] ?? 0
    public subscript(key: Key) -> Value? {
        get throws(FusedError) {
            let key = key.fusedKeyBytes
            let value = try storage.ask { (structure) throws(StructureError) in
                try structure.value(of: key)
            }
            guard let value else { return nil }
            return try ElementCoder<Value>.decode(value)
        }
    }

    /// The value of a key that has to be there. Throws `missingKey`.
    public func value(forKey key: Key) throws(FusedError) -> Value {
        guard let value = try self[key] else { throw .missingKey("\(key)") }
        return value
    }

    /// Gives a key a value, whether or not it had one.
    ///
    ///     try map.updateValue(10, forKey: "Ada")
    ///
    /// - Returns: the value that it had; nil where it had none.
    @discardableResult
    public func updateValue(_ value: Value, forKey key: Key) throws(FusedError) -> Value? {
        let old = try self[key]
        try storage.perform(
            .put, key: key.fusedKeyBytes, value: try ElementCoder<Value>.encode(value))
        return old
    }

    /// Removes a key and its value. Throws `missingKey`.
    ///
    /// - Returns: the value that it had.
    @discardableResult
    public func removeValue(forKey key: Key) throws(FusedError) -> Value {
        let old = try value(forKey: key)
        try storage.perform(.remove, key: key.fusedKeyBytes)
        return old
    }

    /// All keys and values; a sorted map's in the order of the keys, a map's in no order to rely on.
    ///
    /// - Complexity: O(count), or O(count log count) where there is no order
    public var elements: [(key: Key, value: Value)] {
        get throws(FusedError) {
            try storage.read { (structure) throws(FusedError) in
                try structure.orderedSlots.map { (slot) throws(FusedError) in
                    try Self.element(in: slot, of: structure)
                }
            }
        }
    }

    /// All keys, in the order of `elements`.
    public var keys: [Key] {
        get throws(FusedError) {
            try storage.read { (structure) throws(FusedError) in
                try structure.orderedSlots.map { (slot) throws(FusedError) in
                    try decodeKey(structure.element(in: slot).key)
                }
            }
        }
    }

    /// All values, in the order of `elements`.
    public var values: [Value] {
        get throws(FusedError) { try elements.map(\.value) }
    }

    /// The contents as a Swift dictionary.
    public var dictionary: [Key: Value] {
        get throws(FusedError) {
            Dictionary(uniqueKeysWithValues: try elements.map { ($0.key, $0.value) })
        }
    }

    static func form(_ kind: StructureKind) -> FusedForm {
        FusedForm(kind: kind, byteCount: ElementCoder<Value>.byteCount)
    }

    static func element(
        in slot: Int, of structure: FusibleStructure
    ) throws(FusedError) -> (key: Key, value: Value) {
        let (key, value) = structure.element(in: slot)
        return (try decodeKey(key), try ElementCoder<Value>.decode(value))
    }
}

/// Values by key, in no order.
///
///     let map = try FusedCluster<FusedMap<String, Int>>(primaries: 2, faults: 1)[0]
///     try map.updateValue(7121, forKey: "Ada")
///     try map["Ada"]                      // 7121
///     try map.removeValue(forKey: "Ada")  // 7121
public struct FusedMap<Key: FusedKey, Value: Codable>: FusedDictionary {
    public static var form: FusedForm {
        switch Key.fusedKeyForm {
        case .integer: form(.map)
        case .string: form(.stringMap)
        }
    }
    public let storage: FusedStorage
    public init(storage: FusedStorage) { self.storage = storage }
}

/// Values by integer key, in the order of the keys.
///
///     let map = try FusedCluster<FusedSortedMap<Int, String>>(primaries: 2, faults: 1)[0]
///     try map.updateValue("later", forKey: 20)
///     try map.updateValue("sooner", forKey: 10)
///     try map.first?.value  // "sooner"
public struct FusedSortedMap<Key: FusedIntegerKey, Value: Codable>: FusedDictionary {
    public static var form: FusedForm { form(.sortedMap) }
    public let storage: FusedStorage
    public init(storage: FusedStorage) { self.storage = storage }

    /// The least key and its value; nil where there are none.
    public var first: (key: Key, value: Value)? {
        get throws(FusedError) {
            try storage.read { (structure) throws(FusedError) in
                guard let slot = structure.firstSlot else { return nil }
                return try Self.element(in: slot, of: structure)
            }
        }
    }
}
