import Testing

@testable import Structures

/// Cells that are cut into pieces and put together again.
struct CellPieceTests {
    /// More than one piece of each class, the last of them smaller, and one class without cells.
    private let counts: SlotCounts

    init() throws { counts = try Self.counts(20, 0, 12) }

    /// Of the three largest classes.
    private static func counts(_ last: Int...) throws -> SlotCounts {
        let layout = CellLayout(elementsUpTo: 65_536)
        return try SlotCounts(
            layout: layout, counts: Array(repeating: 0, count: layout.classCount - 3) + last)
    }

    private func bytes(of piece: CellPiece) -> [UInt8] {
        piece.places.flatMap { place in
            Array(
                repeating: UInt8(piece.cellClass + place),
                count: counts.layout.cellBytes[piece.cellClass])
        }
    }

    @Test func `pieces have all cells once, in whole cells, and are not larger than the limit`() {
        for (cellClass, count) in counts.counts.enumerated() {
            let pieces = counts.pieces.filter { $0.cellClass == cellClass }
            #expect(pieces.flatMap(\.places) == Array(0..<count))
            #expect(
                pieces.allSatisfy { counts.byteCount(of: $0) <= CellPiece.byteLimit })
        }
        let last = counts.layout.classCount - 1
        #expect(
            counts.pieces.map(\.cellClass) == [
                last - 2, last - 2, last - 2, last - 2, last, last, last,
            ])
        #expect(counts.pieces.reduce(0) { $0 + counts.byteCount(of: $1) } == counts.byteCount)
    }

    @Test func `a cell above the limit is a piece`() throws {
        let large = try SlotCounts(
            layout: CellLayout(cellBytes: CellPiece.byteLimit + 1), counts: [3])
        #expect(large.pieces.map(\.places) == [0..<1, 1..<2, 2..<3])
    }

    @Test func `pieces of a longer store begin where those of a shorter one do`() throws {
        let longer = try Self.counts(40, 5, 13)
        let starts = longer.pieces.map { [$0.cellClass, $0.places.lowerBound] }
        #expect(counts.pieces.allSatisfy { starts.contains([$0.cellClass, $0.places.lowerBound]) })
        #expect(
            longer.pieces.reduce(0) { $0 + counts.byteCount(of: $1) } == counts.byteCount)
    }

    @Test func `an assembly takes the pieces in their order and nothing else`() throws {
        var assembly = CellAssembly(counts)
        let capacity = assembly.cells.capacityBytes
        for piece in counts.pieces {
            #expect(!assembly.isComplete)
            let bytes = bytes(of: piece)
            for wrong in [bytes.dropLast(), bytes + [0], []] {
                #expect(throws: StructureError.malformedCells) {
                    try Array(wrong).withUnsafeBytes { try assembly.append($0) }
                }
            }
            let earlier = assembly
            try bytes.withUnsafeBytes { try assembly.append($0) }
            #expect(earlier.cells.count == assembly.cells.count - piece.places.count)
        }
        #expect(assembly.isComplete)
        #expect(assembly.cells.slotCounts == counts)
        #expect(assembly.cells.capacityBytes == capacity)
        for cellClass in counts.counts.indices {
            let pieces = counts.pieces.filter { $0.cellClass == cellClass }
            #expect(
                assembly.cells[class: cellClass].withBytes { Array($0) }
                    == pieces.flatMap(bytes))
        }
        #expect(throws: StructureError.malformedCells) {
            try assembly.append(UnsafeRawBufferPointer(start: nil, count: 0))
        }
    }
}
