/// How many cells there are in each size class, and so which slots a change takes and leaves.
package struct SlotCounts: Sendable, Equatable {
    package let layout: CellLayout
    /// Cells per class.
    package private(set) var counts: [Int]
    /// Cells in all classes.
    package private(set) var total = 0

    /// No cells.
    package init(layout: CellLayout) {
        self.layout = layout
        counts = Array(repeating: 0, count: layout.classCount)
    }

    /// - Parameter counts: one per class, each from 0 to the layout's maximum.
    package init(layout: CellLayout, counts: [Int]) throws(StructureError) {
        guard counts.count == layout.classCount,
            counts.allSatisfy({ 0...layout.maximumCount ~= $0 })
        else { throw .malformedIndex }
        self.init(trusting: counts, layout: layout)
    }

    /// Counts that are known to fit the layout.
    init(trusting counts: [Int], layout: CellLayout) {
        self.layout = layout
        self.counts = counts
        total = counts.reduce(0, +)
    }

    /// Where a new cell of a class goes: behind the last one.
    package func addition(to cellClass: UInt8) throws(StructureError) -> Int {
        guard Int(cellClass) < counts.count else { throw .malformedIndex }
        guard counts[Int(cellClass)] < layout.maximumCount else { throw .full }
        return layout.slot(counts[Int(cellClass)], in: Int(cellClass))
    }

    /// The last slot of the class that `slot` is in.
    package func last(like slot: Int) -> Int {
        let cellClass = layout.cellClass(of: slot)
        return layout.slot(counts[cellClass] - 1, in: cellClass)
    }

    package func contains(_ slot: Int) -> Bool {
        let cellClass = layout.cellClass(of: slot)
        return counts.indices.contains(cellClass) && layout.place(of: slot) < counts[cellClass]
    }

    /// What happens to the cells when the element in `slot` is replaced by one of `cellClass`.
    package func replacement(
        of slot: Int, by cellClass: UInt8
    ) throws(StructureError) -> Placement {
        if layout.cellClass(of: slot) == Int(cellClass) { return .replaced(slot: slot) }
        return .moved(slot: slot, last: last(like: slot), to: try addition(to: cellClass))
    }

    /// Follows a change.
    package mutating func apply(_ placement: Placement) {
        switch placement {
        case .added(let slot): add(1, like: slot)
        case .replaced: break
        case .removed(_, let last): add(-1, like: last)
        case .moved(_, let last, let new):
            add(-1, like: last)
            add(1, like: new)
        }
    }

    private mutating func add(_ difference: Int, like slot: Int) {
        counts[layout.cellClass(of: slot)] += difference
        total += difference
    }

    /// Per class, the larger of two numbers.
    package func union(_ other: SlotCounts) -> SlotCounts {
        var result = self
        for (cellClass, count) in other.counts.enumerated() where count > counts[cellClass] {
            result.total += count - counts[cellClass]
            result.counts[cellClass] = count
        }
        return result
    }

    /// Bytes of all cells.
    package var byteCount: Int {
        var sum = 0
        for (cellClass, count) in counts.enumerated() { sum += count * layout.cellBytes[cellClass] }
        return sum
    }
}
