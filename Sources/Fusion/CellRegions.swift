import ErasureCode
import Roles
import Structures

/// Cells or code words as they travel: those of the first size class, then those of the second, and
/// so on.
struct CellRegions {
    private let body: Body?
    let counts: SlotCounts

    /// What a node has sent. Throws where the body is not as long as the counts say.
    init(_ body: Body?, counts bytes: [UInt8], layout: CellLayout) throws(StructureError) {
        var rest = bytes[...]
        counts = try SlotCounts(decoding: &rest, layout: layout)
        guard rest.isEmpty, body.bytes.count == counts.byteCount else { throw .malformedCells }
        self.body = body
    }

    init(_ cells: Cells) {
        body = Body(cells)
        counts = cells.slotCounts
    }

    /// The cells of one class.
    subscript(class cellClass: Int) -> UnsafeRawBufferPointer {
        let layout = counts.layout
        var offset = 0
        for before in 0..<cellClass { offset += counts.counts[before] * layout.cellBytes[before] }
        let count = counts.counts[cellClass] * layout.cellBytes[cellClass]
        return UnsafeRawBufferPointer(rebasing: body.bytes[offset..<offset + count])
    }
}

extension CellRegions {
    /// The first bytes of the first cells, at most so many of each.
    func first(_ limit: Int, bytes byteLimit: Int) -> [[UInt8]] {
        let layout = counts.layout
        return (0..<layout.classCount).lazy.flatMap { cellClass in
            let size = layout.cellBytes[cellClass]
            let region = self[class: cellClass]
            return (0..<min(limit, counts.counts[cellClass])).lazy.map { place in
                Array(region[place * size..<place * size + min(size, byteLimit)])
            }
        }.prefix(limit).map { $0 }
    }
}

extension Body? {
    /// Empty where there is no body.
    var bytes: UnsafeRawBufferPointer {
        self?.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0)
    }
}

// MARK: - Coding

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
    func encode(_ cells: [CellRegions], counts: SlotCounts, of backup: Int) -> Cells {
        withNewCells(counts) { cellClass, words in
            encode(cells.map { $0[class: cellClass] }, into: words[0], of: backup)
        }[0]
    }

    /// Solves for the cells of failed primaries, class by class and in whole regions.
    ///
    /// - Parameters:
    ///   - counts: of each failed primary, in the order of `failed`. The codes are at least as long.
    func reconstruct(
        failed: [Int], counts: [SlotCounts], survivors: [(primary: Int, cells: CellRegions)],
        codes: [(backup: Int, words: CellRegions)]
    ) throws -> [Cells] {
        guard let layout = counts.first?.layout else { return [] }
        // All outputs of a class are of one length; what is too long is cut off below.
        let longest = counts.longest(layout)
        var cells = try withNewCells(longest, copies: failed.count) { cellClass, outputs in
            try reconstruct(
                failed: failed,
                survivors: survivors.map { ($0.primary, $0.cells[class: cellClass]) },
                codes: codes.map { ($0.backup, $0.words[class: cellClass]) }, into: outputs)
        }
        for (index, counts) in counts.enumerated() {
            for (cellClass, count) in counts.counts.enumerated() {
                cells[index].resize(cellClass, to: count)
            }
        }
        return cells
    }

    /// Fills new cells class by class, without clearing them first.
    private func withNewCells(
        _ counts: SlotCounts, copies: Int = 1,
        _ fill: (_ cellClass: Int, [UnsafeMutableRawBufferPointer]) throws -> Void
    ) rethrows -> [Cells] {
        let layout = counts.layout
        var stores: [[CellStore]] = Array(repeating: [], count: copies)
        for (cellClass, count) in counts.counts.enumerated() {
            let size = layout.cellBytes[cellClass]
            let memories = (0..<copies).map { _ in CellMemory(capacity: count * size) }
            try fill(
                cellClass,
                memories.map { UnsafeMutableRawBufferPointer(start: $0.base, count: count * size) })
            for (copy, memory) in memories.enumerated() {
                stores[copy].append(CellStore(cellBytes: size, adopting: memory, count: count))
            }
        }
        return stores.map { Cells(layout: layout, stores: $0) }
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
