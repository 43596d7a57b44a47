import Roles
import Structures

/// A fused backup: it holds the coded sum of all primaries' cells, and of each primary the auxiliary
/// index and its last updates (Balasubramanian and Garg, TPDS 2013; DESIGN.md, Fusion).
struct FusedBackup: FusionPart {
    /// Which of the fused backups this is, from 0: its row of the generator matrix.
    private let row: Int
    private let parameters: FusionParameters
    private var codes: Cells
    /// Of each primary, where its elements stand and its last update.
    private var known: [Mirror]
    private var recent: [RecentUpdates]

    init(row: Int, parameters: FusionParameters) {
        self.row = row
        self.parameters = parameters
        codes = Cells(layout: parameters.shape.layout)
        known = (0..<parameters.topology.primaries).map { _ in
            Mirror(sequence: 0, index: parameters.shape.makeIndex())
        }
        recent = Self.noUpdates(parameters)
    }

    private static func noUpdates(_ parameters: FusionParameters) -> [RecentUpdates] {
        Array(
            repeating: RecentUpdates(limit: parameters.window),
            count: parameters.topology.primaries)
    }

    /// Whatever a fused backup has begun is done when it has handled the event.
    var isQuiet: Bool { true }

    var elementCount: Int { codes.count }

    var ledger: Ledger {
        let indexes = known.map(\.index.ledger).reduce(Ledger(), +)
        return indexes
            + Ledger(
                payload: codes.byteCount,
                slack: codes.capacityBytes - codes.byteCount,
                protocolState: MemoryLayout<FusedBackup>.size
                    + known.count * MemoryLayout<Mirror>.stride
                    + recent.count * MemoryLayout<RecentUpdates>.stride
                    + recent.lazy.map(\.allocatedBytes).reduce(0, +))
    }
}

// MARK: - Updates

extension FusedBackup {
    mutating func queue(
        _ operation: Operation, ticket: UInt64, group: Int, into effects: inout [Effect]
    ) {
        effects.append(
            .report(.failed("update \(ticket) of group \(group) came to a fused backup")))
    }

    mutating func beginUpdates(into effects: inout [Effect]) {}

    mutating func answerReads(into effects: inout [Effect]) {}

    mutating func flush(into effects: inout [Effect]) {}

    mutating func receive(
        _ message: FusionMessage, _ head: [UInt8], from node: NodeID, into effects: inout [Effect]
    ) {
        guard case .primary(let primary) = parameters.topology.place(of: node) else {
            return effects.append(.report(.malformed))
        }
        let before = known[primary].sequence
        do throws(Refusal) {
            switch message {
            case .update(let update): try apply(update, of: primary)
            case .updates(let updates):
                for update in updates { try apply(update, of: primary) }
            default: throw Refusal.malformed
            }
        } catch {
            effects.append(.report(error.report(of: primary, after: known[primary].sequence)))
        }
        let applied = known[primary].sequence
        guard applied > before else { return }
        recent[primary].keep(head, of: before + 1...applied)
        effects.append(
            .send(FusionMessage.acknowledge(sequence: applied).encoded(), to: node, .update))
    }

    /// Why an update is not applied.
    private enum Refusal: Error {
        case malformed
        case outOfTurn(UInt64)

        func report(of primary: Int, after last: UInt64) -> Report {
            switch self {
            case .malformed: .malformed
            case .outOfTurn(let sequence):
                .failed(
                    "update \(sequence) of primary-\(primary + 1) came after update \(last)")
            }
        }
    }

    /// Applies the next update of a primary.
    private mutating func apply(
        _ update: FusionMessage.Update, of primary: Int
    ) throws(Refusal) {
        guard update.sequence == known[primary].sequence + 1 else {
            throw .outOfTurn(update.sequence)
        }
        guard let placement = try? known[primary].index.placement(of: update.operation),
            update.deltas.count == placement.deltaBytes(parameters.shape.layout),
            (try? known[primary].index.apply(update.operation)) != nil
        else { throw .malformed }
        known[primary].sequence = update.sequence
        makeRoom(for: placement)
        parameters.code.apply(
            deltas: update.deltas, placement, of: primary, to: &codes, of: row)
        dropBlankCells(after: placement)
    }

    private mutating func makeRoom(for placement: Placement) {
        switch placement {
        case .added(let slot), .moved(_, _, let slot):
            let cellClass = codes.layout.cellClass(of: slot)
            let place = codes.layout.place(of: slot)
            if place >= codes[class: cellClass].count { codes.resize(cellClass, to: place + 1) }
        case .replaced, .removed: break
        }
    }

    /// No blank cell stays behind: the codes are as long as the longest primary.
    private mutating func dropBlankCells(after placement: Placement) {
        switch placement {
        case .removed(_, let last), .moved(_, let last, _):
            let cellClass = codes.layout.cellClass(of: last)
            let longest = known.lazy.map(\.index.slotCounts.counts[cellClass]).max() ?? 0
            if longest < codes[class: cellClass].count { codes.resize(cellClass, to: longest) }
        case .added, .replaced: break
        }
    }

    mutating func admit(_ peer: FusionTopology.Place) {}

    mutating func lose(_ peer: FusionTopology.Place, into effects: inout [Effect]) {}
}

// MARK: - Recovery

extension FusedBackup {
    var cells: Cells { codes }

    var heldStructure: FusibleStructure? { nil }

    func heldIndex(of primary: Int) -> (any AuxiliaryIndex)? { known[primary].index }

    var mirrors: [EncodedMirror] { known.map(\.encoded) }

    func mirrors(of primaries: [Int]) -> [EncodedMirror] {
        primaries.filter(known.indices.contains).map { known[$0].encoded }
    }

    func lastUpdates(of lost: [Int]) -> [UInt64] {
        lost.filter(known.indices.contains).map { known[$0].sequence }
    }

    func updates(of primary: Int, after sequence: UInt64) -> [[UInt8]] {
        guard known.indices.contains(primary) else { return [] }
        return recent[primary].after(sequence, to: known[primary].sequence)
    }

    mutating func catchUp(_ updates: [[UInt8]], of primary: Int) throws(MalformedMessage) {
        guard known.indices.contains(primary) else { throw MalformedMessage() }
        for head in updates {
            guard case .update(let update) = try FusionMessage(decoding: head) else {
                throw MalformedMessage()
            }
            guard update.sequence > known[primary].sequence else { continue }
            do {
                try apply(update, of: primary)
            } catch {
                throw MalformedMessage()
            }
            recent[primary].keep(head, of: update.sequence...update.sequence)
        }
    }

    mutating func install(_ mirrors: [Mirror], _ cells: Cells) throws(MalformedMessage) {
        guard mirrors.count == known.count,
            mirrors.slotCounts(parameters.shape.layout).counts == cells.counts
        else { throw MalformedMessage() }
        known = mirrors
        codes = cells
        // Nobody can lack what has just been agreed on.
        recent = Self.noUpdates(parameters)
    }
}
