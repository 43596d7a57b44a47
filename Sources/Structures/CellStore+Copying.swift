extension CellStore {
    /// Cells of a region that belongs to somebody else.
    ///
    /// - Parameter bytes: whole cells, at any address.
    package init(cellBytes: Int, copying bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count.isMultiple(of: cellBytes), "a store holds whole cells")
        let memory = CellMemory(capacity: bytes.count)
        memory.write(bytes, at: 0)
        self.init(cellBytes: cellBytes, adopting: memory, count: bytes.count / cellBytes)
    }
}
