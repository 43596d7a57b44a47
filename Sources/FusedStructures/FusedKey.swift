import Structures

/// A key of a map: an integer, a string, or a type of yours whose raw values are such.
///
///     enum Suit: String, FusedKey { case hearts, spades }
///     let cluster = try FusedCluster<FusedMap<Suit, Int>>(primaries: 2, faults: 1)
public protocol FusedKey: Hashable {
    /// What keys are stored as.
    static var fusedKeyForm: FusedKeyForm { get }

    /// The same bytes for equal keys: 8 for an integer, at most 255 of UTF-8 for a string.
    var fusedKeyBytes: [UInt8] { get }

    /// The key of `fusedKeyBytes`; nil where the bytes are no key.
    init?(fusedKeyBytes: [UInt8])
}

/// What keys are stored as.
public enum FusedKeyForm: Sendable {
    /// 8 bytes.
    case integer
    /// Up to 255 bytes.
    case string
}

/// A key or priority that orders the elements of a structure.
public protocol FusedIntegerKey: FusedKey, FixedWidthInteger {}

extension FusedIntegerKey {
    public static var fusedKeyForm: FusedKeyForm { .integer }

    /// Bytes of which the order is that of the numbers.
    public var fusedKeyBytes: [UInt8] {
        if Self.isSigned { return IntegerKey.bytes(Int64(self)) }
        return withUnsafeBytes(of: UInt64(self).bigEndian) { Array($0) }
    }

    public init?(fusedKeyBytes: [UInt8]) {
        guard fusedKeyBytes.count == IntegerKey.byteCount else { return nil }
        if Self.isSigned {
            self.init(exactly: IntegerKey.number(fusedKeyBytes))
        } else {
            self.init(exactly: fusedKeyBytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
    }
}

extension Int: FusedIntegerKey {}
extension Int8: FusedIntegerKey {}
extension Int16: FusedIntegerKey {}
extension Int32: FusedIntegerKey {}
extension Int64: FusedIntegerKey {}
extension UInt: FusedIntegerKey {}
extension UInt8: FusedIntegerKey {}
extension UInt16: FusedIntegerKey {}
extension UInt32: FusedIntegerKey {}
extension UInt64: FusedIntegerKey {}

extension String: FusedKey {
    public static var fusedKeyForm: FusedKeyForm { .string }

    public var fusedKeyBytes: [UInt8] { canonicalFusedBytes }

    public init?(fusedKeyBytes: [UInt8]) { self.init(fusedBytes: fusedKeyBytes) }
}

extension FusedKey where Self: RawRepresentable, RawValue: FusedKey {
    public static var fusedKeyForm: FusedKeyForm { RawValue.fusedKeyForm }

    public var fusedKeyBytes: [UInt8] { rawValue.fusedKeyBytes }

    public init?(fusedKeyBytes: [UInt8]) {
        guard let rawValue = RawValue(fusedKeyBytes: fusedKeyBytes) else { return nil }
        self.init(rawValue: rawValue)
    }
}

/// Reads a key that the structure itself has stored.
func decodeKey<Key: FusedKey>(_ bytes: [UInt8]) throws(FusedError) -> Key {
    guard let key = Key(fusedKeyBytes: bytes) else {
        throw .cannotDecode(
            type: "\(Key.self)", reason: "its \(bytes.count) bytes are no key of it")
    }
    return key
}
