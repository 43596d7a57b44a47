/// Cells of one size class that travel together: few enough that who receives them can use some
/// while the next are on their way, and that memory for them is used again.
package struct CellPiece: Sendable, Equatable {
    /// Bytes of a piece at most, unless a single cell has more.
    static let byteLimit = 256 << 10

    package let cellClass: Int
    /// From the class's first cells on, so that pieces of stores of different lengths fit together.
    package let places: Range<Int>
}

extension SlotCounts {
    /// All cells in pieces, class by class.
    package var pieces: [CellPiece] {
        counts.enumerated().flatMap { cellClass, count in
            let step = max(1, CellPiece.byteLimit / layout.cellBytes[cellClass])
            return stride(from: 0, to: count, by: step).map {
                CellPiece(cellClass: cellClass, places: $0..<min($0 + step, count))
            }
        }
    }

    /// The bytes of the cells of a piece that are there.
    package func byteCount(of piece: CellPiece) -> Int {
        piece.places.clamped(to: 0..<counts[piece.cellClass]).count
            * layout.cellBytes[piece.cellClass]
    }
}

/// Cells that come piece by piece, in the order of `SlotCounts.pieces`.
package struct CellAssembly: Sendable {
    package private(set) var cells: Cells
    private let pieces: [CellPiece]
    private var next = 0

    /// - Parameter counts: what will have come in the end; memory for it is taken at once.
    package init(_ counts: SlotCounts) {
        cells = Cells(reserving: counts)
        pieces = counts.pieces
    }

    package var isComplete: Bool { next == pieces.count }

    /// Takes the next piece. Throws, and changes nothing, where it has another size or none is missing.
    package mutating func append(_ bytes: UnsafeRawBufferPointer) throws(StructureError) {
        guard !isComplete else { throw .malformedCells }
        let piece = pieces[next]
        guard bytes.count == piece.places.count * cells.layout.cellBytes[piece.cellClass] else {
            throw .malformedCells
        }
        cells.append(bytes, toClass: piece.cellClass)
        next += 1
    }
}
