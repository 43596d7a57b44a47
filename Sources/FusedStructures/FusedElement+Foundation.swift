import Foundation

// MARK: - Floating point: the bit pattern

extension Double: FusedElement {
    public static var fusedByteCount: Int? { 8 }

    public var fusedBytes: [UInt8] { bitPattern.fusedBytes }

    /// Zero has two signs, which are equal.
    public var canonicalFusedBytes: [UInt8] { (self == 0 ? 0 : self).fusedBytes }

    public init?(fusedBytes: [UInt8]) {
        guard let pattern = UInt64(fusedBytes: fusedBytes) else { return nil }
        self.init(bitPattern: pattern)
    }
}

extension Float: FusedElement {
    public static var fusedByteCount: Int? { 4 }

    public var fusedBytes: [UInt8] { bitPattern.fusedBytes }

    /// Zero has two signs, which are equal.
    public var canonicalFusedBytes: [UInt8] { (self == 0 ? 0 : self).fusedBytes }

    public init?(fusedBytes: [UInt8]) {
        guard let pattern = UInt32(fusedBytes: fusedBytes) else { return nil }
        self.init(bitPattern: pattern)
    }
}

// MARK: - Text: UTF-8

extension String: FusedElement {
    public static var fusedByteCount: Int? { nil }

    public var fusedBytes: [UInt8] { Array(utf8) }

    /// Strings are equal when they are canonically equivalent, whatever their code points.
    public var canonicalFusedBytes: [UInt8] { canonicalForm.fusedBytes }

    public init?(fusedBytes: [UInt8]) { self.init(validating: fusedBytes, as: UTF8.self) }

    /// Normalization Form C; ASCII is in it already.
    private var canonicalForm: String {
        utf8.allSatisfy { $0 < 0x80 } ? self : precomposedStringWithCanonicalMapping
    }
}

// MARK: - Bytes

extension Array: FusedElement where Element == UInt8 {
    public static var fusedByteCount: Int? { nil }

    public var fusedBytes: [UInt8] { self }

    public init?(fusedBytes: [UInt8]) { self = fusedBytes }
}

extension Data: FusedElement {
    public static var fusedByteCount: Int? { nil }

    public var fusedBytes: [UInt8] { Array(self) }

    public init?(fusedBytes: [UInt8]) { self.init(fusedBytes) }
}
