import CAffinity
import Glibc

/// The CPUs that a thread may run on.
enum ProcessorSet {
    private static let bitsPerWord = UInt.bitWidth

    /// The numbers of the CPUs that the calling thread may use, ascending; empty where the kernel
    /// does not tell.
    static func allowed() -> [Int] {
        var set = cpu_set_t()
        guard sched_getaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0 else { return [] }
        return withUnsafeBytes(of: set) { bytes in
            let words = bytes.bindMemory(to: UInt.self)
            return (0..<words.count * bitsPerWord).filter {
                words[$0 / bitsPerWord] >> ($0 % bitsPerWord) & 1 == 1
            }
        }
    }

    /// Binds the calling thread, and all threads that it starts from now on, to these CPUs.
    private static func bind(to processors: [Int]) {
        var set = cpu_set_t()
        withUnsafeMutableBytes(of: &set) { bytes in
            let words = bytes.bindMemory(to: UInt.self)
            for number in processors where number / bitsPerWord < words.count {
                words[number / bitsPerWord] |= 1 << (number % bitsPerWord)
            }
        }
        // Of CPUs that are allowed the kernel refuses none.
        sched_setaffinity(0, MemoryLayout<cpu_set_t>.size, &set)
    }

    /// Does something while the calling thread is bound to these CPUs. Threads and processes that it
    /// starts meanwhile stay bound.
    ///
    /// - Parameter processors: nil to change nothing.
    static func bound<Result, Failure: Error>(
        to processors: [Int]?, _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        guard let processors else { return try body() }
        let before = allowed()
        bind(to: processors)
        defer { bind(to: before) }
        return try body()
    }
}
