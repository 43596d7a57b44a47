import Structures

extension OperationKind { var isRead: Bool { false } }
extension PlainStructure {
    func read(_ operation: Operation) throws(StructureError) -> [UInt8] { throw .empty }
}
