/// An element with a binary form of its own, instead of the JSON that any other `Codable` type gets.
///
/// Integers, floating-point numbers, `Bool`, strings and bytes have one. Give it to a type of yours
/// where space or time matters; a type of which all values have one size takes no more than that.
///
///     struct Point: FusedElement {
///         var x: Int32
///         var y: Int32
///
///         static var fusedByteCount: Int? { 8 }
///         var fusedBytes: [UInt8] { x.fusedBytes + y.fusedBytes }
///         init?(fusedBytes: [UInt8]) {
///             guard let x = Int32(fusedBytes: Array(fusedBytes.prefix(4))),
///                 let y = Int32(fusedBytes: Array(fusedBytes.dropFirst(4)))
///             else { return nil }
///             (self.x, self.y) = (x, y)
///         }
///     }
public protocol FusedElement: Codable {
    /// The number of bytes of every value, at least 1; nil where values differ.
    static var fusedByteCount: Int? { get }

    /// The value's bytes.
    var fusedBytes: [UInt8] { get }

    /// Bytes that are the same for all values that are equal, for sets. They are `fusedBytes` unless
    /// the type says otherwise.
    var canonicalFusedBytes: [UInt8] { get }

    /// The value of `fusedBytes` or `canonicalFusedBytes`; nil where the bytes are no value.
    init?(fusedBytes: [UInt8])
}

extension FusedElement {
    public var canonicalFusedBytes: [UInt8] { fusedBytes }
}

// MARK: - Integers: little-endian

extension FusedElement where Self: FixedWidthInteger {
    public static var fusedByteCount: Int? { bitWidth / 8 }

    public var fusedBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }

    public init?(fusedBytes: [UInt8]) {
        guard fusedBytes.count == MemoryLayout<Self>.size else { return nil }
        self = fusedBytes.withUnsafeBytes {
            Self(littleEndian: $0.loadUnaligned(as: Self.self))
        }
    }
}

extension Int: FusedElement {}
extension Int8: FusedElement {}
extension Int16: FusedElement {}
extension Int32: FusedElement {}
extension Int64: FusedElement {}
extension UInt: FusedElement {}
extension UInt8: FusedElement {}
extension UInt16: FusedElement {}
extension UInt32: FusedElement {}
extension UInt64: FusedElement {}

extension Bool: FusedElement {
    public static var fusedByteCount: Int? { 1 }

    public var fusedBytes: [UInt8] { [self ? 1 : 0] }

    public init?(fusedBytes: [UInt8]) {
        switch fusedBytes {
        case [0]: self = false
        case [1]: self = true
        default: return nil
        }
    }
}
