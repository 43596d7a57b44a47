/// Writes the fixed little-endian layout of messages.
package struct ByteWriter {
    package private(set) var bytes: [UInt8] = []

    package init(reserving count: Int = 64) { bytes.reserveCapacity(count) }

    /// Begins again in the same memory.
    package mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

    // Not generic: the compiler specialises nothing of package access for other modules, and looking
    // up types at run time would cost more than all else that a message needs.

    package mutating func write(_ value: UInt8) { bytes.append(value) }
    package mutating func write(_ value: UInt16) { write(integer: value) }
    package mutating func write(_ value: UInt32) { write(integer: value) }
    package mutating func write(_ value: UInt64) { write(integer: value) }

    private mutating func write<Value: FixedWidthInteger>(integer value: Value) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Appends bytes without their count: they are the last field of a message, or of known size.
    package mutating func write(raw: [UInt8]) { bytes.append(contentsOf: raw) }

    /// Appends bytes behind their count (UInt32).
    package mutating func write(counted: [UInt8]) {
        write(UInt32(counted.count))
        bytes.append(contentsOf: counted)
    }

    package mutating func write(counted text: String) { write(counted: Array(text.utf8)) }
}

/// The bytes are not a message: cut short, too long, or a value that its field cannot have.
package struct MalformedMessage: Error, Equatable {
    package init() {}
}

/// Reads what `ByteWriter` wrote and checks every bound: any bytes give a value or
/// `MalformedMessage`.
package struct ByteReader {
    private let bytes: [UInt8]
    private var offset = 0

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package var remaining: Int { bytes.count - offset }

    // Not generic: with typed throws the compiler does not specialise a generic reader for other
    // modules, and looking up types at run time would cost more than all else that a message needs.

    package mutating func read(_ type: UInt8.Type = UInt8.self) throws(MalformedMessage) -> UInt8 {
        UInt8(truncatingIfNeeded: try readInteger(bytes: 1))
    }

    package mutating func read(
        _ type: UInt16.Type = UInt16.self
    ) throws(MalformedMessage) -> UInt16 {
        UInt16(truncatingIfNeeded: try readInteger(bytes: 2))
    }

    package mutating func read(
        _ type: UInt32.Type = UInt32.self
    ) throws(MalformedMessage) -> UInt32 {
        UInt32(truncatingIfNeeded: try readInteger(bytes: 4))
    }

    package mutating func read(
        _ type: UInt64.Type = UInt64.self
    ) throws(MalformedMessage) -> UInt64 {
        try readInteger(bytes: 8)
    }

    private mutating func readInteger(bytes count: Int) throws(MalformedMessage) -> UInt64 {
        guard remaining >= count else { throw MalformedMessage() }
        var value: UInt64 = 0
        for position in 0..<count {
            value |= UInt64(bytes[offset + position]) << UInt64(8 * position)
        }
        offset += count
        return value
    }

    /// A sequence number, clock or timestamp. None is so large that counting on could overflow.
    package mutating func readCounter() throws(MalformedMessage) -> UInt64 {
        let value: UInt64 = try read()
        guard value < 1 << 63 else { throw MalformedMessage() }
        return value
    }

    package mutating func readRaw(_ count: Int) throws(MalformedMessage) -> [UInt8] {
        guard count >= 0, remaining >= count else { throw MalformedMessage() }
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    package mutating func readCounted() throws(MalformedMessage) -> [UInt8] {
        try readRaw(Int(try read(UInt32.self)))
    }

    package mutating func readCountedText() throws(MalformedMessage) -> String {
        let bytes = try readCounted()
        guard let text = String(validating: bytes, as: UTF8.self) else { throw MalformedMessage() }
        return text
    }

    /// Everything that is left.
    package mutating func readRest() -> [UInt8] {
        defer { offset = bytes.count }
        return Array(bytes[offset...])
    }

    /// Ends the reading: nothing may be left.
    package func finish() throws(MalformedMessage) {
        guard remaining == 0 else { throw MalformedMessage() }
    }
}
