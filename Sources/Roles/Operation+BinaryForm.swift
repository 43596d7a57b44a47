import Structures

extension ByteWriter {
    package mutating func write(_ operation: StructuralOperation) {
        write(operation.kind.rawValue)
        write(operation.position)
    }

    /// An operation, as the last field of a message: its value takes the rest.
    package mutating func write(_ operation: Operation) {
        write(operation.structural)
        write(raw: operation.value)
    }
}

extension ByteReader {
    package mutating func readStructuralOperation() throws(MalformedMessage) -> StructuralOperation
    {
        guard let kind = OperationKind(rawValue: try read()) else { throw MalformedMessage() }
        return StructuralOperation(kind, at: try read(UInt32.self))
    }

    package mutating func readOperation() throws(MalformedMessage) -> Operation {
        let structural = try readStructuralOperation()
        return Operation(structural.kind, at: structural.position, value: readRest())
    }
}
