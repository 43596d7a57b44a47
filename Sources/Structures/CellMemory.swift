import Glibc

/// Allocated memory for cells, aligned to 64 bytes unless another address is wanted, and freed with
/// the last reference to it.
///
/// Unchecked `Sendable`: whoever shares a reference only reads. The one writer is a `CellStore`, or who
/// decodes a piece, and it writes only while its reference is the only one, as Swift's arrays do. So a thread that
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
    ///
    /// - Parameter phase: its address modulo the alignment.
    package init(capacity: Int, phase: Int = 0) {
        base = .allocate(byteCount: phase + capacity, alignment: Self.alignment) + phase
        self.capacity = capacity
    }

    deinit { (base - Int(bitPattern: base) % Self.alignment).deallocate() }

    /// What an object of this class takes beside the memory: two words of the runtime's and its own.
    static let objectBytes = 4 * MemoryLayout<Int>.size
}

extension CellMemory {
    /// Copies bytes to `offset`. By who knows to hold the only reference.
    ///
    /// Large memory comes from the kernel, which hands it out page by page at the first touch and
    /// zeroes it: that takes longer than the copy itself. So it is asked beforehand for as many pages
    /// at once as stay in the cache until they are written.
    func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
        precondition(offset + bytes.count <= capacity, "the memory holds all bytes")
        for start in stride(from: 0, to: bytes.count, by: Self.populatedBytes) {
            let part = UnsafeRawBufferPointer(
                rebasing: bytes[start..<min(start + Self.populatedBytes, bytes.count)])
            let target = base + offset + start
            if capacity >= Self.leastPopulated { populate(target, part.count) }
            target.copyMemory(from: part.baseAddress!, byteCount: part.count)
        }
    }

    private static let populatedBytes = 256 << 10
    /// Smaller memory is likely to have been used before.
    private static let leastPopulated = 2 << 20

    /// A request only: kernels before 5.14 do not know it.
    private func populate(_ address: UnsafeMutableRawPointer, _ count: Int) {
        let page = UInt(sysconf(Int32(_SC_PAGESIZE)))
        let start = UInt(bitPattern: address) / page * page
        madvise(
            UnsafeMutableRawPointer(bitPattern: start),
            Int(UInt(bitPattern: address) - start) + count, MADV_POPULATE_WRITE)
    }
}
