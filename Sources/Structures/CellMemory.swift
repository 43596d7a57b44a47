import Glibc

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
        adviseHugePages()
    }

    /// Large memory comes in huge pages where the kernel has them to give: handing out 4 KiB at a
    /// time, at the first touch of each, takes it longer than writing them takes.
    private func adviseHugePages() {
        guard capacity >= Self.hugePageBytes else { return }
        let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
        let start = (UInt(bitPattern: base) + page - 1) / page * page
        madvise(
            UnsafeMutableRawPointer(bitPattern: start),
            capacity - Int(start - UInt(bitPattern: base)), MADV_HUGEPAGE)
    }

    private static let hugePageBytes = 2 << 20

    deinit { base.deallocate() }

    /// What an object of this class takes beside the memory: two words of the runtime's and its own.
    static let objectBytes = 4 * MemoryLayout<Int>.size
}
