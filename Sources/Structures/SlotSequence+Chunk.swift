extension SlotSequence {
    /// A ring of slot numbers. Ranks count from where it begins, modulo its capacity.
    struct Chunk: Sendable {
        /// `blank` where no number is. A power of two, and of whole vectors.
        private var numbers: [UInt32]
        /// Where rank 0 is.
        private var begin = 0

        /// No slot has this number, see `CellLayout.maximumCount`.
        static let blank = UInt32.max
        static let minimumCapacity = Lanes.scalarCount
        /// What an array takes beside its elements.
        static let headerBytes = 32

        private typealias Lanes = SIMD16<UInt32>

        /// - Parameter capacity: nil for what the numbers need.
        init(_ numbers: ArraySlice<UInt32>, capacity: Int? = nil) {
            let capacity = capacity ?? Self.capacity(for: numbers.count)
            self.numbers = []
            self.numbers.reserveCapacity(capacity)
            self.numbers += numbers
            self.numbers += repeatElement(Self.blank, count: capacity - numbers.count)
        }

        /// The least capacity for so many numbers.
        static func capacity(for count: Int) -> Int {
            var capacity = minimumCapacity
            while capacity < count { capacity *= 2 }
            return capacity
        }

        var capacity: Int { numbers.count }

        private var mask: Int { numbers.count - 1 }

        subscript(rank: Int) -> UInt32 {
            get { numbers[(begin + rank) & mask] }
            set { numbers[(begin + rank) & mask] = newValue }
        }

        var first: UInt32 { self[0] }
        var last: UInt32 { self[mask] }

        /// Makes the ring begin so many ranks later.
        mutating func turn(by ranks: Int) { begin = (begin + ranks) & mask }

        /// Puts a number at the beginning of a full ring; returns the one that falls out at the end.
        mutating func pushFirst(_ number: UInt32) -> UInt32 {
            turn(by: -1)
            defer { self[0] = number }
            return self[0]
        }

        /// Puts a number at the end of a full ring; returns the one that falls out at the beginning.
        mutating func pushLast(_ number: UInt32) -> UInt32 {
            defer {
                self[0] = number
                turn(by: 1)
            }
            return self[0]
        }
    }
}

// MARK: - Within a ring

extension SlotSequence.Chunk {
    /// Moves the numbers from `rank` on one rank on; the one in `end` is overwritten.
    mutating func open(_ rank: Int, movingBackTo end: Int) {
        let low = (begin + rank) & mask
        let high = (begin + end) & mask
        let top = mask
        numbers.withUnsafeMutableBufferPointer { numbers in
            let base = numbers.baseAddress!
            if low <= high {
                (base + low + 1).update(from: base + low, count: high - low)
            } else {
                (base + 1).update(from: base, count: high)
                base[0] = base[top]
                (base + low + 1).update(from: base + low, count: top - low)
            }
        }
    }

    /// Moves the numbers up to `rank` one rank forward; the one in `end` is overwritten.
    mutating func open(_ rank: Int, movingForwardTo end: Int) {
        let low = (begin + end) & mask
        let high = (begin + rank) & mask
        let top = mask
        numbers.withUnsafeMutableBufferPointer { numbers in
            let base = numbers.baseAddress!
            if low <= high {
                (base + low).update(from: base + low + 1, count: high - low)
            } else {
                (base + low).update(from: base + low + 1, count: top - low)
                base[top] = base[0]
                base.update(from: base + 1, count: high)
            }
        }
    }

    /// Where a number is; nil where it is not. Looks at 16 numbers at a time.
    func rank(of number: UInt32) -> Int? {
        let wanted = Lanes(repeating: number)
        return numbers.withUnsafeBytes { bytes in
            for offset in stride(from: 0, to: bytes.count, by: MemoryLayout<Lanes>.size) {
                let lanes = bytes.loadUnaligned(fromByteOffset: offset, as: Lanes.self)
                guard any(lanes .== wanted) else { continue }
                let lane = lanes.indices.first { lanes[$0] == number }!
                return (offset / MemoryLayout<UInt32>.size + lane - begin) & mask
            }
            return nil
        }
    }
}
