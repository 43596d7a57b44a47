import Structures

extension ByteWriter {
    package mutating func write(_ operation: StructuralOperation) {
        write(operation.kind.rawValue)
        write(operation.cellClass)
        write(operation.position)
    }

    package mutating func write(_ operation: Operation) {
        write(operation.kind.rawValue)
        write(operation.position)
        write(counted: operation.key)
        write(counted: operation.value)
    }
}

extension ByteReader {
    package mutating func readStructuralOperation() throws(MalformedMessage) -> StructuralOperation
    {
        guard let kind = StructuralOperation.Kind(rawValue: try read()) else {
            throw MalformedMessage()
        }
        let cellClass: UInt8 = try read()
        return StructuralOperation(kind, at: try read(UInt32.self), cellClass: cellClass)
    }

    package mutating func readOperation() throws(MalformedMessage) -> Operation {
        guard let kind = OperationKind(rawValue: try read()) else { throw MalformedMessage() }
        let position: UInt32 = try read()
        let key = try readCounted()
        return Operation(kind, at: position, key: key, value: try readCounted())
    }
}
