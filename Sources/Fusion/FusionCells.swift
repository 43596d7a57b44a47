import ErasureCode
import Roles
import Structures

// All that moves whole stores of cells between nodes and through the code.

extension CellStore {
    /// The cells of a body, copied. Throws where the body does not consist of whole cells.
    init(_ body: Body?, cellBytes: Int) throws(MalformedMessage) {
        let bytes = body.bytes
        guard bytes.count.isMultiple(of: cellBytes) else { throw MalformedMessage() }
        self.init(cellBytes: cellBytes, copying: bytes)
    }
}

extension Body? {
    /// Empty where there is no body.
    var bytes: UnsafeRawBufferPointer {
        self?.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0)
    }
}

extension FusionParameters {
    /// The codes of a backup from the cells of all primaries, in their order.
    func encode(row: Int, cells: [Body?]) -> CellStore {
        var codes = CellStore(cellBytes: cellBytes)
        codes.resize(to: (cells.lazy.map(\.bytes.count).max() ?? 0) / cellBytes)
        codes.withMutableBytes { code.encode(cells.map(\.bytes), into: $0, of: row) }
        return codes
    }

    /// The cells of the lost primaries, in the order of `lost`.
    ///
    /// - Parameters:
    ///   - lost: which primaries, and how many elements each has.
    ///   - survivors: the cells of all others.
    ///   - codes: of as many backups as primaries are lost.
    /// - Throws: `MalformedMessage` where something does not consist of whole cells, or codes are
    ///   shorter than a primary; `ErasureCodeError`.
    func reconstruct(
        lost: [(primary: Int, count: Int)], survivors: [(primary: Int, cells: Body?)],
        codes: [(row: Int, words: Body?)]
    ) throws -> [CellStore] {
        let longest = lost.lazy.map(\.count).max() ?? 0
        let (bytes, overflow) = longest.multipliedReportingOverflow(by: cellBytes)
        guard !overflow, codes.allSatisfy({ $0.words.bytes.count >= bytes }),
            (survivors.map(\.cells) + codes.map(\.words)).allSatisfy({
                $0.bytes.count.isMultiple(of: cellBytes)
            })
        else { throw MalformedMessage() }
        let outputs = lost.map { _ in CellMemory(capacity: bytes) }
        try code.reconstruct(
            failed: lost.map(\.primary),
            survivors: survivors.map { ($0.primary, $0.cells.bytes) },
            codes: codes.map { ($0.row, $0.words.bytes) },
            into: outputs.map { UnsafeMutableRawBufferPointer(start: $0.base, count: bytes) })
        return zip(lost, outputs).map {
            CellStore(cellBytes: cellBytes, adopting: $1, count: $0.count)
        }
    }

    /// Adds the deltas of one update of a primary to a backup's codes.
    func add(
        _ deltas: [UInt8], at placement: Placement, of primary: Int, to codes: inout CellStore,
        of row: Int
    ) {
        switch placement {
        case .added(let slot):
            if slot >= codes.count { codes.resize(to: slot + 1) }
            add(deltas, cell: 0, of: primary, to: &codes, slot: slot, of: row)
        case .replaced(let slot):
            add(deltas, cell: 0, of: primary, to: &codes, slot: slot, of: row)
        case .removed(let slot, let last):
            if slot != last { add(deltas, cell: 0, of: primary, to: &codes, slot: slot, of: row) }
            add(
                deltas, cell: slot == last ? 0 : 1, of: primary, to: &codes, slot: last, of: row)
        }
    }

    private func add(
        _ deltas: [UInt8], cell: Int, of primary: Int, to codes: inout CellStore, slot: Int,
        of row: Int
    ) {
        let size = cellBytes
        codes.withMutableBytes { words in
            deltas.withUnsafeBytes {
                code.apply(
                    delta: UnsafeRawBufferPointer(rebasing: $0[cell * size..<(cell + 1) * size]),
                    of: primary,
                    to: UnsafeMutableRawBufferPointer(
                        rebasing: words[slot * size..<(slot + 1) * size]),
                    of: row)
            }
        }
    }
}
