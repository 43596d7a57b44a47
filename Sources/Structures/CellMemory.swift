/// Allocated memory for cells, aligned to 64 bytes and freed with the last reference to it.
///
/// Unchecked `Sendable`: whoever shares a reference only reads. The one writer is a `CellStore`,
/// and it writes only while its reference is the only one, as Swift's arrays do. So a thread that
/// holds another reference, such as ZeroMQ's while it sends the bytes, never sees them change.
package final class CellMemory: @unchecked Sendable {
    /// To be written to only by who knows to hold the only reference.
    package let base: UnsafeMutableRawPointer
    /// In bytes.
    package let capacity: Int

    static let alignment = 64

    /// A capacity that leaves nothing unused behind it, since memory is aligned anyway.
    static func rounded(_ capacity: Int) -> Int {
        (capacity + alignment - 1) / alignment * alignment
    }

    /// Uninitialized memory.
    package init(capacity: Int) {
        base = .allocate(byteCount: capacity, alignment: Self.alignment)
        self.capacity = capacity
    }

    deinit { base.deallocate() }

    /// What an object of this class takes beside the memory: two words of the runtime's and its own.
    static let objectBytes = 4 * MemoryLayout<Int>.size
}
