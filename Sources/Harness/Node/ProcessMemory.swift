import CMalloc
import Foundation
import Glibc

/// What the kernel and malloc say that this process holds.
struct ProcessMemory {
    /// Resident pages, in bytes.
    var resident: Int
    /// Bytes that malloc has handed out, large blocks that it maps included.
    var heap: Int

    static func now() -> ProcessMemory {
        let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))
            .flatMap { Int($0.split(separator: " ").dropFirst().first ?? "") }
        let heap = mallinfo2()
        return ProcessMemory(
            resident: (pages ?? 0) * sysconf(Int32(_SC_PAGESIZE)),
            heap: Int(heap.uordblks) + Int(heap.hblkhd))
    }
}
