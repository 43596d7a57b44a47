import Roles

/// Which of numbers that begin in rising order are finished: all below a mark, and some above.
struct Watermark {
    private var begun = Queue<UInt64>()
    /// Those above the mark.
    private var finished: Set<UInt64> = []
    /// Behind the last that has begun.
    private var next: UInt64 = 0

    /// All lower numbers are finished, or never began.
    var lowest: UInt64 { begun.first ?? next }

    var capacityBytes: Int {
        begun.capacityBytes + finished.capacity * MemoryLayout<UInt64>.stride
    }

    /// - Complexity: O(1) amortised
    mutating func begin(_ number: UInt64) {
        begun.append(number)
        next = max(next, number + 1)
    }

    /// - Complexity: O(1) amortised
    mutating func finish(_ number: UInt64) {
        finished.insert(number)
        while let first = begun.first, finished.remove(first) != nil { _ = begun.popFirst() }
    }
}
