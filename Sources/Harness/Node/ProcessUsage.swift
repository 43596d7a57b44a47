import CMalloc
import Foundation
import Glibc

/// What a node has used so far and holds now, by the kernel and by malloc. Looked at between
/// updates, never while one is timed: the kernel adds up the pages of the whole process for it, some
/// tens of microseconds.
struct ProcessUsage: Codable, Equatable {
    /// What malloc has handed out, large blocks that it maps included, and what it has taken from the
    /// kernel for it.
    var mallocBytes: Int
    var mallocArenaBytes: Int
    /// Resident memory, and the same with shared pages divided among those who share them.
    var residentBytes: Int
    var proportionalBytes: Int
    var userNs: Int
    var systemNs: Int
    var voluntarySwitches: Int
    var involuntarySwitches: Int
    /// The CPUs that the threads of the process last ran on.
    var processors: Set<Int>

    /// - Parameter ofThread: whether CPU time and context switches are the calling thread's, which
    ///   shares the process with other nodes.
    static func now(ofThread: Bool) -> ProcessUsage {
        let heap = mallinfo2()
        let pages = pages()
        var usage = rusage()
        // RUSAGE_THREAD, which Swift's Glibc lacks, is 1.
        getrusage(ofThread ? 1 : Int32(RUSAGE_SELF.rawValue), &usage)
        func nanoseconds(_ time: timeval) -> Int {
            Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_usec) * 1000
        }
        return ProcessUsage(
            mallocBytes: Int(heap.uordblks) + Int(heap.hblkhd),
            mallocArenaBytes: Int(heap.arena) + Int(heap.hblkhd),
            residentBytes: pages.resident, proportionalBytes: pages.proportional,
            userNs: nanoseconds(usage.ru_utime), systemNs: nanoseconds(usage.ru_stime),
            voluntarySwitches: usage.ru_nvcsw, involuntarySwitches: usage.ru_nivcsw,
            processors: processors())
    }

    private static func processors() -> Set<Int> {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
        return Set(
            tasks.compactMap { task in
                // The name of a program, which may have spaces, ends with the last parenthesis; the
                // CPU is field 39, and what follows the name begins with field 3.
                let fields =
                    KernelFile.text("/proc/self/task/\(task)/stat")?
                    .split(separator: ")").last?.split(separator: " ") ?? []
                return fields.count > 36 ? Int(fields[36]) : nil
            })
    }

    private static func pages() -> (resident: Int, proportional: Int) {
        let lines = KernelFile.lines("/proc/self/smaps_rollup")
        func bytes(_ name: String) -> Int { KernelFile.bytes(name, in: lines) ?? 0 }
        return (bytes("Rss"), bytes("Pss"))
    }
}
