extension CellStore {
    /// Ends the process where the store contradicts itself. Does nothing in release builds.
    func checkInvariants() {
        assert(count >= 0)
        assert(byteCount <= capacityBytes, "cells stand beyond the memory")
    }
}
