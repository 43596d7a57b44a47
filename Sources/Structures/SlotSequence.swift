/// Slot numbers in an order, 4 bytes each, where numbers come and go anywhere: a tiered vector
/// (Goodrich and Kloss, Tiered Vectors, WADS 1999). Its chunks are rings, so that a number which
/// comes or goes moves others in one chunk only, and one number in each chunk between there and the
/// nearer end.
struct SlotSequence: Sendable {
    /// All are full but the first and the last. While there is one, it may be smaller than the
    /// others, and the order begins with its first rank.
    private var chunks: [Chunk] = []
    /// The blank ranks of the first chunk.
    private var gap = 0
    private(set) var count = 0
    /// The chunk where a number was last entered or found: the next one to be found is often near.
    private var finger = 0

    private static let chunkBits = 11
    /// The numbers in one chunk, of 8 KiB.
    static let chunkCount = 1 << chunkBits

    /// An empty sequence.
    init() {}

    init(_ numbers: [UInt32]) {
        count = numbers.count
        for start in stride(from: 0, to: count, by: Self.chunkCount) {
            let part = numbers[start..<min(start + Self.chunkCount, count)]
            chunks.append(Chunk(part, capacity: start == 0 ? nil : Self.chunkCount))
        }
    }

    /// - Complexity: O(1)
    subscript(position: Int) -> Int {
        let rank = gap + position
        return Int(chunks[rank >> Self.chunkBits][rank])
    }

    /// All numbers in their order.
    var numbers: [UInt32] {
        (0..<count).map { UInt32(self[$0]) }
    }

    /// The numbers as `auxiliary`, room for more as `slack`, what the chunks take on top as
    /// `protocolState`.
    var ledger: Ledger {
        let capacity = chunks.reduce(0) { $0 + $1.capacity }
        return Ledger(
            auxiliary: count * MemoryLayout<UInt32>.size,
            slack: (capacity - count) * MemoryLayout<UInt32>.size,
            protocolState: chunks.allocatedBytes
                + chunks.count * Chunk.headerBytes)
    }
}

// MARK: - Changes

extension SlotSequence {
    /// Enters a slot so that it stands at `position`.
    ///
    /// - Complexity: O(1) at both ends, else O(chunkCount + count / chunkCount)
    mutating func insert(_ slot: Int, at position: Int) {
        precondition(0...count ~= position, "no such position")
        if 2 * position >= count {
            insert(UInt32(slot), movingBack: position)
        } else {
            insert(UInt32(slot), movingForward: position)
        }
        count += 1
    }

    /// - Complexity: as `insert`
    mutating func remove(at position: Int) {
        precondition(0..<count ~= position, "no such position")
        let rank = gap + position
        if 2 * position >= count {
            closeFromBack(rank)
        } else {
            closeFromFront(rank)
        }
        count -= 1
        giveBack()
    }

    mutating func replace(at position: Int, with slot: Int) {
        precondition(0..<count ~= position, "no such position")
        let rank = gap + position
        chunks[rank >> Self.chunkBits][rank] = UInt32(slot)
    }

    /// Gives an element that stands in `slot`, which must be there, another slot.
    ///
    /// - Complexity: O(count), at some 16 numbers a nanosecond; less the nearer the slot is to
    ///   where the one before was entered or found.
    mutating func rename(_ slot: Int, to other: Int) {
        finger = min(finger, chunks.count - 1)
        for distance in 0..<chunks.count {
            if rename(slot, to: other, inChunk: finger - distance)
                || rename(slot, to: other, inChunk: finger + distance)
            {
                return
            }
        }
        preconditionFailure("the slot is in no place")
    }

    private mutating func rename(_ slot: Int, to other: Int, inChunk chunk: Int) -> Bool {
        guard chunks.indices.contains(chunk), let rank = chunks[chunk].rank(of: UInt32(slot))
        else { return false }
        chunks[chunk][rank] = UInt32(other)
        finger = chunk
        return true
    }

    /// Later numbers move one rank on.
    private mutating func insert(_ number: UInt32, movingBack position: Int) {
        makeRoomAtEnd()
        let rank = gap + position
        let end = gap + count
        let chunk = rank >> Self.chunkBits
        let last = end >> Self.chunkBits
        finger = chunk
        if chunk == last {
            chunks[chunk].open(rank, movingBackTo: end)
            chunks[chunk][rank] = number
            return
        }
        var carried = chunks[chunk].last
        chunks[chunk].open(rank, movingBackTo: (chunk + 1) * Self.chunkCount - 1)
        chunks[chunk][rank] = number
        for later in chunk + 1...last { carried = chunks[later].pushFirst(carried) }
    }

    /// Earlier numbers move one rank forward.
    private mutating func insert(_ number: UInt32, movingForward position: Int) {
        makeRoomAtBeginning()
        gap -= 1
        let rank = gap + position
        let chunk = rank >> Self.chunkBits
        finger = chunk
        if chunk == 0 {
            chunks[0].open(rank, movingForwardTo: gap)
            chunks[0][rank] = number
            return
        }
        var carried = chunks[chunk].first
        chunks[chunk].open(rank, movingForwardTo: chunk * Self.chunkCount)
        chunks[chunk][rank] = number
        for earlier in (0..<chunk).reversed() { carried = chunks[earlier].pushLast(carried) }
    }

    /// Later numbers move one rank forward, into `rank`.
    private mutating func closeFromBack(_ rank: Int) {
        let end = gap + count - 1
        let chunk = rank >> Self.chunkBits
        let last = end >> Self.chunkBits
        var carried = Chunk.blank
        for later in (chunk..<last).reversed() { carried = chunks[later + 1].pushLast(carried) }
        let vacant = chunk == last ? end : (chunk + 1) * Self.chunkCount - 1
        chunks[chunk].open(vacant, movingForwardTo: rank)
        chunks[chunk][vacant] = carried
        if end == last << Self.chunkBits { chunks.removeLast() }
    }

    /// Earlier numbers move one rank on, into `rank`.
    private mutating func closeFromFront(_ rank: Int) {
        let chunk = rank >> Self.chunkBits
        var carried = Chunk.blank
        for earlier in 0..<chunk { carried = chunks[earlier].pushFirst(carried) }
        let vacant = chunk == 0 ? gap : chunk * Self.chunkCount
        chunks[chunk].open(vacant, movingBackTo: rank)
        chunks[chunk][vacant] = carried
        gap += 1
        if gap == Self.chunkCount {
            chunks.removeFirst()
            gap = 0
        }
    }
}

// MARK: - Memory

extension SlotSequence {
    private mutating func makeRoomAtEnd() {
        if growSmall() { return }
        guard gap + count == chunks.count << Self.chunkBits else { return }
        chunks.append(Chunk([], capacity: Self.chunkCount))
    }

    private mutating func makeRoomAtBeginning() {
        if !growSmall(), gap == 0 {
            chunks.insert(Chunk([], capacity: Self.chunkCount), at: 0)
            gap = Self.chunkCount
        } else if chunks.count == 1 {
            chunks[0].turn(by: -1)
            gap = 1
        }
    }

    /// Sees to it that a chunk which is alone has room for one more, if it can.
    private mutating func growSmall() -> Bool {
        guard chunks.count <= 1, count < Self.chunkCount else { return false }
        if chunks.isEmpty || count == chunks[0].capacity { rebuild(forCount: count + 1) }
        return true
    }

    private mutating func giveBack() {
        if chunks.count == 1 {
            chunks[0].turn(by: gap)
            gap = 0
        }
        guard chunks.count <= 2, let first = chunks.first else { return }
        if count == 0 {
            self = SlotSequence()
        } else if 4 * count <= chunks.count * first.capacity,
            first.capacity > Chunk.minimumCapacity
        {
            rebuild(forCount: 2 * count)
        }
    }

    /// Moves all numbers to one chunk that holds so many.
    private mutating func rebuild(forCount newCount: Int) {
        chunks = [Chunk(numbers[...], capacity: Chunk.capacity(for: newCount))]
        gap = 0
    }
}
