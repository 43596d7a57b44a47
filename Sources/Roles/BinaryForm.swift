/// Writes the fixed little-endian layout of messages. Inlinable, since other modules call it for every
/// field of every message.
package struct ByteWriter {
    @usableFromInline package internal(set) var bytes: [UInt8] = []

    @inlinable
    package init(reserving count: Int = 64) { bytes.reserveCapacity(count) }

    @inlinable
    package mutating func write<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends bytes without their count: they are the last field of a message, or of known size.
    @inlinable
    package mutating func write(raw: [UInt8]) { bytes.append(contentsOf: raw) }

    /// Appends bytes behind their count (UInt32).
    @inlinable
    package mutating func write(counted: [UInt8]) {
        write(UInt32(counted.count))
        bytes.append(contentsOf: counted)
    }

    @inlinable
    package mutating func write(counted text: String) { write(counted: Array(text.utf8)) }
}

/// The bytes are not a message: cut short, too long, or a value that its field cannot have.
package struct MalformedMessage: Error, Equatable {
    @inlinable package init() {}
}

/// Reads what `ByteWriter` wrote and checks every bound: any bytes give a value or
/// `MalformedMessage`.
package struct ByteReader {
    @usableFromInline let bytes: [UInt8]
    @usableFromInline var offset = 0

    @inlinable
    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    @inlinable package var remaining: Int { bytes.count - offset }

    @inlinable
    package mutating func read<Value: FixedWidthInteger>(
        _ type: Value.Type = Value.self
    ) throws(MalformedMessage) -> Value {
        let size = MemoryLayout<Value>.size
        guard remaining >= size else { throw MalformedMessage() }
        let start = offset
        offset += size
        return bytes.withUnsafeBytes {
            Value(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: Value.self))
        }
    }

    @inlinable
    package mutating func read<Value: RawRepresentable>(
        _ type: Value.Type = Value.self
    ) throws(MalformedMessage) -> Value where Value.RawValue: FixedWidthInteger {
        guard let value = Value(rawValue: try read(Value.RawValue.self)) else {
            throw MalformedMessage()
        }
        return value
    }

    /// A sequence number, clock or timestamp. None is so large that counting on could overflow.
    @inlinable
    package mutating func readCounter() throws(MalformedMessage) -> UInt64 {
        let value: UInt64 = try read()
        guard value < 1 << 63 else { throw MalformedMessage() }
        return value
    }

    @inlinable
    package mutating func readRaw(_ count: Int) throws(MalformedMessage) -> [UInt8] {
        guard count >= 0, remaining >= count else { throw MalformedMessage() }
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    @inlinable
    package mutating func readCounted() throws(MalformedMessage) -> [UInt8] {
        try readRaw(Int(try read(UInt32.self)))
    }

    @inlinable
    package mutating func readCountedText() throws(MalformedMessage) -> String {
        let bytes = try readCounted()
        guard let text = String(validating: bytes, as: UTF8.self) else { throw MalformedMessage() }
        return text
    }

    /// Everything that is left.
    @inlinable
    package mutating func readRest() -> [UInt8] {
        defer { offset = bytes.count }
        return Array(bytes[offset...])
    }

    /// Ends the reading: nothing may be left.
    @inlinable
    package func finish() throws(MalformedMessage) {
        guard remaining == 0 else { throw MalformedMessage() }
    }
}
