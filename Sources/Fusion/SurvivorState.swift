import Roles
import Structures

/// What a survivor has sent of its state to the leader of an attempt.
struct SurvivorState {
    let mirrors: [EncodedMirror]
    let counts: SlotCounts
    private let pieces: [CellPiece]
    /// The pieces that have come; nil for those that are not needed any more.
    private var bodies: [Body?] = []
    private var used = 0
    /// All that has come, for the log.
    private(set) var kept: CellAssembly?

    /// - Parameters:
    ///   - counts: in their binary form; throws where they do not fit the layout.
    ///   - keepsAll: whether the cells stay when they are not needed any more.
    init(
        _ mirrors: [EncodedMirror], counts bytes: [UInt8], layout: CellLayout, keepsAll: Bool
    ) throws(StructureError) {
        var rest = bytes[...]
        counts = try SlotCounts(decoding: &rest, layout: layout)
        guard rest.isEmpty else { throw .malformedCells }
        self.mirrors = mirrors
        pieces = counts.pieces
        kept = keepsAll ? CellAssembly(counts) : nil
    }

    var isComplete: Bool { bodies.count == pieces.count }

    /// Takes the next piece. Throws, and changes nothing, where it has another size or none is missing.
    mutating func append(_ body: Body?) throws(StructureError) {
        guard !isComplete, body.bytes.count == counts.byteCount(of: pieces[bodies.count]) else {
            throw .malformedCells
        }
        try kept?.append(body.bytes)
        bodies.append(body)
    }

    /// Whether nothing of a piece is still to come. Pieces are asked for in their order, and used
    /// before the next.
    func has(_ piece: CellPiece) -> Bool {
        used < bodies.count || counts.byteCount(of: piece) == 0
    }

    /// The cells of a piece that has come; empty where there are none.
    func bytes(of piece: CellPiece) -> UnsafeRawBufferPointer {
        (counts.byteCount(of: piece) == 0 ? nil : bodies[used]).bytes
    }

    mutating func drop(_ piece: CellPiece) {
        guard counts.byteCount(of: piece) > 0 else { return }
        bodies[used] = nil
        used += 1
    }
}

extension Body? {
    /// Empty where there is no body.
    var bytes: UnsafeRawBufferPointer {
        self?.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0)
    }
}
