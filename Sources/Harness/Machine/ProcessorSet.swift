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
    ///
    /// - Returns: whether the kernel does so.
    @discardableResult static func bind(to processors: [Int]) -> Bool {
        var set = cpu_set_t()
        withUnsafeMutableBytes(of: &set) { bytes in
            let words = bytes.bindMemory(to: UInt.self)
            for number in processors where number / bitsPerWord < words.count {
                words[number / bitsPerWord] |= 1 << (number % bitsPerWord)
            }
        }
        return sched_setaffinity(0, MemoryLayout<cpu_set_t>.size, &set) == 0
    }
}
