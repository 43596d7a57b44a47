/// The bytes of elements.
extension StructureShape {
    /// An element as it stands in a cell. Throws where key or value have a size that the structure
    /// does not take.
    package func element(key: [UInt8], value: [UInt8]) throws(StructureError) -> [UInt8] {
        try check(key: key)
        try check(value: value)
        guard hasHeaders else { return key.isEmpty ? value : key + value }
        var element: [UInt8] = []
        element.reserveCapacity(Self.headerBytes + key.count + value.count)
        // The elements of a set are keys without values.
        let header = UInt32(lengthOfKey(key)) << 24 | UInt32(lengthOfValue(key, value))
        withUnsafeBytes(of: header.littleEndian) { element.append(contentsOf: $0) }
        element += key
        element += value
        return element
    }

    /// A set's element is counted in the header's large field, since it may be long.
    private func lengthOfKey(_ key: [UInt8]) -> Int { kind.keys == .element ? 0 : key.count }

    private func lengthOfValue(_ key: [UInt8], _ value: [UInt8]) -> Int {
        kind.keys == .element ? key.count : value.count
    }

    /// Throws where no element of the structure can have such a key.
    package func check(key: [UInt8]) throws(StructureError) {
        switch kind.keys {
        case .none: try check(key.count, expected: 0)
        case .integer: try check(key.count, expected: IntegerKey.byteCount)
        case .string:
            guard key.count <= Self.maximumKeyBytes else {
                throw .keyTooLong(actual: key.count, limit: Self.maximumKeyBytes)
            }
        case .element:
            switch values {
            case .fixed(let bytes): try check(key.count, expected: bytes)
            case .upTo(let limit):
                guard key.count <= limit else {
                    throw .keyTooLong(actual: key.count, limit: limit)
                }
            }
        }
    }

    private func check(_ keyBytes: Int, expected: Int) throws(StructureError) {
        guard keyBytes == expected else {
            throw .wrongKeySize(actual: keyBytes, expected: expected)
        }
    }

    private func check(value: [UInt8]) throws(StructureError) {
        if kind.keys == .element {
            guard value.isEmpty else { throw .wrongValueSize(actual: value.count, expected: 0) }
            return
        }
        switch values {
        case .fixed(let bytes):
            guard value.count == bytes else {
                throw .wrongValueSize(actual: value.count, expected: bytes)
            }
        case .upTo(let limit):
            guard value.count <= limit else {
                throw .valueTooLong(actual: value.count, limit: limit)
            }
        }
    }

    /// How a cell's bytes divide.
    ///
    /// - Returns: the offsets in the cell of the key's beginning, its end, which is the value's
    ///   beginning, and the value's end. The key of a set's element is all of it.
    @inline(__always)
    package func parts(of cell: UnsafeRawBufferPointer) -> (key: Int, value: Int, end: Int) {
        guard hasHeaders else {
            switch kind.keys {
            case .none: return (0, 0, values.limit)
            case .element: return (0, values.limit, values.limit)
            case .integer, .string:
                return (0, IntegerKey.byteCount, IntegerKey.byteCount + values.limit)
            }
        }
        let header = UInt32(littleEndian: cell.loadUnaligned(as: UInt32.self))
        let begin = Self.headerBytes
        let middle = begin + Int(header >> 24)
        let end = middle + Int(header & 0xFF_FFFF)
        return (begin, kind.keys == .element ? end : middle, end)
    }

    /// Throws where a cell's header tells of more than the cell holds, or of sizes that the
    /// structure does not take.
    func check(cell: UnsafeRawBufferPointer) throws(StructureError) {
        guard hasHeaders else { return }
        let header = UInt32(littleEndian: cell.loadUnaligned(as: UInt32.self))
        let keyBytes = Int(header >> 24)
        let valueBytes = Int(header & 0xFF_FFFF)
        let keyIsPossible =
            switch kind.keys {
            case .none, .element: keyBytes == 0
            case .integer: keyBytes == IntegerKey.byteCount
            case .string: true
            }
        let valueIsPossible =
            switch values {
            case .fixed(let bytes): valueBytes == bytes
            case .upTo(let limit): valueBytes <= limit
            }
        guard keyIsPossible, valueIsPossible,
            Self.headerBytes + keyBytes + valueBytes <= cell.count
        else { throw .malformedCells }
    }

    /// The key in a cell.
    @inline(__always)
    package func key(in cell: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let parts = parts(of: cell)
        return UnsafeRawBufferPointer(rebasing: cell[parts.key..<parts.value])
    }

    /// The value in a cell; empty for a set.
    package func value(in cell: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let parts = parts(of: cell)
        return UnsafeRawBufferPointer(rebasing: cell[parts.value..<parts.end])
    }

    /// What `OperationKind.read` gives of the element in a cell.
    func answer(in cell: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let parts = parts(of: cell)
        let hasKey = kind == .set || kind == .priorityQueue
        let begin = hasKey ? parts.key : parts.value
        return UnsafeRawBufferPointer(rebasing: cell[begin..<parts.end])
    }

    /// The element in a cell, without padding.
    @inline(__always)
    package func element(in cell: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: cell[..<parts(of: cell).end])
    }
}

extension StructureShape {
    /// Where the element that begins at `start` ends, in bytes as `elements()` gives them.
    package func elementEnd(from start: Int, in elements: [UInt8]) -> Int {
        elements.withUnsafeBytes { bytes in
            let rest = UnsafeRawBufferPointer(rebasing: bytes[start...])
            guard rest.count >= Self.headerBytes || !hasHeaders else { return elements.count }
            return start + parts(of: rest).end
        }
    }
}
