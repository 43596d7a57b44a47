import ErasureCode
import Roles
import Structures

extension Cells {
    /// The first bytes of the first cells, at most so many of each.
    func first(_ limit: Int, bytes byteLimit: Int) -> [[UInt8]] {
        (0..<layout.classCount).lazy.flatMap { cellClass in
            let store = self[class: cellClass]
            return (0..<min(limit, store.count)).lazy.map { Array(store[$0].prefix(byteLimit)) }
        }.prefix(limit).map { $0 }
    }
}

extension ErasureCode {
    /// Brings a backup's code words up to date with one update of a primary.
    ///
    /// - Parameters:
    ///   - deltas: of the placement's slots, as `Change.deltas`; of exactly their size.
    ///   - codes: large enough for the slots.
    func apply(
        deltas: [UInt8], _ placement: Placement, of primary: Int, to codes: inout Cells,
        of backup: Int
    ) {
        let layout = codes.layout
        var start = 0
        placement.withTouchedSlots { slot in
            let size = layout.cellBytes(of: slot)
            let place = layout.place(of: slot) * size
            codes.withMutableBytes(ofClass: layout.cellClass(of: slot)) { words in
                deltas.withUnsafeBytes {
                    apply(
                        delta: UnsafeRawBufferPointer(rebasing: $0[start..<start + size]),
                        of: primary,
                        to: UnsafeMutableRawBufferPointer(rebasing: words[place..<place + size]),
                        of: backup)
                }
            }
            start += size
        }
    }

    /// The code words of a backup for all primaries' cells.
    ///
    /// - Parameters:
    ///   - cells: one per primary.
    ///   - counts: the largest number of cells per class.
    func encode(_ cells: [Cells], counts: SlotCounts, of backup: Int) -> Cells {
        let layout = counts.layout
        let stores = counts.counts.enumerated().map { cellClass, count in
            let size = layout.cellBytes[cellClass]
            let memory = CellMemory(capacity: count * size)
            let sources = cells.map { $0[class: cellClass] }
            withExtendedLifetime(sources) {
                encode(
                    sources.map {
                        UnsafeRawBufferPointer(start: $0.memory.base, count: $0.byteCount)
                    },
                    into: UnsafeMutableRawBufferPointer(start: memory.base, count: count * size),
                    of: backup)
            }
            return CellStore(cellBytes: size, adopting: memory, count: count)
        }
        return Cells(layout: layout, stores: stores)
    }
}

extension [SlotCounts] {
    /// Per size class, the largest number of cells: what a fused backup of the structures has.
    func longest(_ layout: CellLayout) -> SlotCounts {
        reduce(SlotCounts(layout: layout)) { $0.union($1) }
    }
}

extension [Mirror] {
    /// The cells of a node that knows these: of one primary, or of a backup of several.
    func slotCounts(_ layout: CellLayout) -> SlotCounts {
        map(\.index.slotCounts).longest(layout)
    }
}
