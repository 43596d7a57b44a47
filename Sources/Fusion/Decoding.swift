import ErasureCode
import Roles
import Structures

/// How far an attempt has computed the lost primaries' cells and the recovering backups' codes: piece
/// by piece, as soon as all survivors' cells of a piece are there.
struct Decoding {
    /// Of the lost primaries, in their order.
    let mirrors: [Mirror]
    private let lostCounts: [SlotCounts]
    private let codeCounts: SlotCounts
    private let reconstruction: Reconstruction
    /// Those of the longest of all, so that nobody has a piece that is none of these.
    private let pieces: [CellPiece]
    private var next = 0
    /// So many of the survivors have the next piece.
    private var ready = 0
    /// The cells or codes of the nodes of which they are kept.
    private(set) var shares: [NodeID: CellAssembly] = [:]
    /// What pieces were computed in, used again as soon as nobody refers to it.
    private var memories: [CellMemory] = []

    /// - Parameters:
    ///   - mirrors: of the lost primaries.
    ///   - primaries: the cells of the surviving ones.
    ///   - codes: those of the backups that are used.
    ///   - reconstruction: of the lost ones from these.
    init(
        _ mirrors: [Mirror], primaries: [SlotCounts], codes: [SlotCounts], layout: CellLayout,
        by reconstruction: Reconstruction
    ) {
        self.mirrors = mirrors
        self.reconstruction = reconstruction
        lostCounts = mirrors.map(\.index.slotCounts)
        codeCounts = (lostCounts + primaries).longest(layout)
        pieces = ([codeCounts] + codes).longest(layout).pieces
    }

    var isComplete: Bool { next == pieces.count }

    /// Has the share of a node kept.
    ///
    /// - Parameter position: of a lost primary; nil for a recovering backup.
    mutating func keep(_ position: Int?, of node: NodeID) {
        shares[node] = CellAssembly(position.map { lostCounts[$0] } ?? codeCounts)
    }

    /// The next piece, once all of the survivors have it.
    ///
    /// - Parameter has: whether one of them has it.
    mutating func nextPiece(of survivors: Int, _ has: (Int, CellPiece) -> Bool) -> CellPiece? {
        guard !isComplete else { return nil }
        while ready < survivors, has(ready, pieces[next]) { ready += 1 }
        return ready == survivors ? pieces[next] : nil
    }

    /// Computes the lost primaries' cells of a piece, all at once, as bodies in their order, and goes
    /// on to the next.
    ///
    /// - Parameters:
    ///   - codes: what the backups that are used have of the piece.
    ///   - survivors: what the surviving primaries have of it.
    mutating func decode(
        _ piece: CellPiece, codes: [UnsafeRawBufferPointer], survivors: [UnsafeRawBufferPointer]
    ) throws(ErasureCodeError) -> [Body] {
        next += 1
        ready = 0
        let sources = codes + survivors
        let cells = lostCounts.map { memory(of: $0.byteCount(of: piece), like: sources) }
        try reconstruction.solve(
            codes: codes, survivors: survivors,
            into: cells.map { UnsafeMutableRawBufferPointer(mutating: $0.bytes) })
        return cells
    }

    /// Uninitialized memory to compute in: that of an earlier piece which nobody sends any more, or
    /// new one. It lies as the sources do, modulo 16: received bytes are not aligned, and between other
    /// addresses gf-complete multiplies only by way of a copy.
    private mutating func memory(
        of byteCount: Int, like sources: [UnsafeRawBufferPointer]
    ) -> Body {
        let phase = Int(bitPattern: sources.first { !$0.isEmpty }?.baseAddress) & 15
        for index in memories.indices
        where memories[index].capacity == byteCount
            && Int(bitPattern: memories[index].base) & 15 == phase
            && isKnownUniquelyReferenced(&memories[index])
        {
            return Body(memories[index])
        }
        let memory = CellMemory(capacity: byteCount, phase: phase)
        memories.append(memory)
        return Body(memory)
    }

    /// The codes of a piece.
    ///
    /// - Parameter cells: of all primaries, in their order.
    mutating func encode(
        _ piece: CellPiece, _ cells: [UnsafeRawBufferPointer], of row: Int, with code: ErasureCode
    ) -> Body {
        let codes = memory(of: codeCounts.byteCount(of: piece), like: cells)
        code.encode(cells, into: UnsafeMutableRawBufferPointer(mutating: codes.bytes), of: row)
        return codes
    }

    /// Adds a piece to the share of a node, where it is kept.
    mutating func add(_ bytes: UnsafeRawBufferPointer, to node: NodeID) throws(StructureError) {
        try shares[node]?.append(bytes)
    }
}

extension Body {
    /// All of the memory.
    fileprivate init(_ memory: CellMemory) {
        self.init(
            bytes: UnsafeRawBufferPointer(start: memory.base, count: memory.capacity),
            owner: memory)
    }
}
