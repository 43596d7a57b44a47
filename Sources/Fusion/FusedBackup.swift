import ErasureCode
import Roles
import Structures

/// A fused backup: it holds the coded sum of all primaries' cells, and of each primary the auxiliary
/// index and the number of its last update (Balasubramanian and Garg, TPDS 2013; DESIGN.md, Fusion).
package struct FusedBackup: Role {
    /// Which of the fused backups this is, from 0: its row of the generator matrix.
    private let row: Int
    private let topology: FusionTopology
    private let code: ErasureCode
    private let shape: StructureShape

    private enum State {
        /// Created, not started.
        case idle
        /// Updates are applied.
        case serving
        /// The codes are being computed anew from all primaries.
        case recovering(Recovery)
    }

    private var state = State.idle
    private(set) var codes: Cells
    /// Of each primary, where its elements stand and its last update.
    private(set) var mirrors: [Mirror]

    struct Mirror {
        var index: any AuxiliaryIndex
        var sequence: UInt64
    }

    /// - Parameters:
    ///   - row: which of the topology's backups this is, from 0.
    ///   - shape: of every primary's structure; cells are multiples of the code's word.
    package init(
        row: Int, topology: FusionTopology, code: ErasureCode, shape: StructureShape
    ) {
        self.row = row
        self.topology = topology
        self.code = code
        self.shape = shape
        codes = Cells(layout: shape.layout)
        mirrors = Array(
            repeating: Mirror(index: shape.makeIndex(), sequence: 0), count: topology.primaries)
    }

    package var elementCount: Int { codes.count }

    package var ledger: Ledger {
        let indexes = mirrors.map(\.index.ledger).reduce(Ledger(), +)
        return indexes
            + Ledger(
                payload: codes.byteCount,
                slack: codes.capacityBytes - codes.byteCount
                    + (mirrors.capacity - mirrors.count) * MemoryLayout<Mirror>.stride,
                protocolState: MemoryLayout<FusedBackup>.size
                    + mirrors.count * MemoryLayout<Mirror>.stride)
    }

    package func snapshot() -> Message {
        FusionSnapshot.backup(
            mirrors: mirrors.map { (sequence: $0.sequence, index: $0.index) }, codes: codes)
    }

    package mutating func handle(_ event: Event, into effects: inout [Effect]) {
        switch event {
        case .start(let start):
            switch start.kind {
            case .initial:
                state = .serving
            case .recovery:
                state = .recovering(
                    Recovery(survivors: start.peers.sorted(), into: &effects))
            }
        case .message(let message, let node): receive(message, from: node, into: &effects)
        case .peerLost:
            if case .recovering = state {
                effects.append(.report(.failed("a survivor was lost while this node recovered")))
            }
        case .proceed: proceed(into: &effects)
        case .update(let group, let ticket, _):
            effects.append(
                .report(.failed("update \(ticket) of group \(group) came to a fused backup")))
        }
    }

    private mutating func receive(
        _ message: Message, from node: NodeID, into effects: inout [Effect]
    ) {
        guard let content = try? FusionMessage(decoding: message.head),
            case .primary(let primary) = topology.place(of: node)
        else { return effects.append(.report(.malformed)) }
        switch content {
        case .update(let sequence, let operation, let deltas):
            update(sequence, operation, deltas, of: primary, node, into: &effects)
        case .quiesce:
            effects.send(.quiesced(sequences: mirrors.map(\.sequence)), to: node)
        case .sendCodes:
            var index: [UInt8] = []
            mirrors[primary].index.encode(into: &index)
            effects.send(
                .codes(sequence: mirrors[primary].sequence, index: index), to: node,
                body: Body(codes))
        case .resume:
            effects.send(.resumed, to: node)
        case .quiesced, .cells, .resumed:
            recover(content, from: node, body: message.body, into: &effects)
        case .acknowledge, .sendCells, .codes:
            effects.append(.report(.malformed))
        }
    }
}

// MARK: - Updates

extension FusedBackup {
    private mutating func update(
        _ sequence: UInt64, _ operation: StructuralOperation, _ deltas: [UInt8], of primary: Int,
        _ node: NodeID, into effects: inout [Effect]
    ) {
        guard appliesUpdates, sequence == mirrors[primary].sequence + 1 else {
            return effects.append(
                .report(
                    .failed(
                        "update \(sequence) of primary-\(primary + 1) came after update "
                            + "\(mirrors[primary].sequence)")))
        }
        guard let placement = try? mirrors[primary].index.placement(of: operation),
            deltas.count == placement.deltaBytes(shape.layout),
            (try? mirrors[primary].index.apply(operation)) != nil
        else { return effects.append(.report(.malformed)) }
        mirrors[primary].sequence = sequence
        makeRoom(for: placement)
        code.apply(deltas: deltas, placement, of: primary, to: &codes, of: row)
        dropBlankCells(after: placement)
        effects.append(
            .send(
                FusionMessage.acknowledge(sequence: sequence).encoded(), to: node, .update))
    }

    /// A recovered backup applies updates as soon as it lets the primaries go on; the first ones can
    /// overtake another primary's `resumed`.
    private var appliesUpdates: Bool {
        switch state {
        case .idle: false
        case .serving: true
        case .recovering(let recovery): recovery.stage == .resuming
        }
    }

    private mutating func makeRoom(for placement: Placement) {
        switch placement {
        case .added(let slot), .moved(_, _, let slot):
            let cellClass = shape.layout.cellClass(of: slot)
            let place = shape.layout.place(of: slot)
            if place >= codes[class: cellClass].count { codes.resize(cellClass, to: place + 1) }
        case .replaced, .removed: break
        }
    }

    /// No blank cell stays behind: the codes are as long as the longest primary.
    private mutating func dropBlankCells(after placement: Placement) {
        switch placement {
        case .removed(_, let last), .moved(_, let last, _):
            let cellClass = shape.layout.cellClass(of: last)
            let longest =
                mirrors.lazy.map(\.index.slotCounts.counts[cellClass]).max() ?? 0
            if longest < codes[class: cellClass].count { codes.resize(cellClass, to: longest) }
        case .added, .replaced: break
        }
    }
}

// MARK: - Own recovery

extension FusedBackup {
    private mutating func recover(
        _ message: FusionMessage, from node: NodeID, body: Body?, into effects: inout [Effect]
    ) {
        guard case .recovering(var recovery) = state else {
            return effects.append(.report(.malformed))
        }
        var isBack = false
        switch message {
        case .quiesced(let sequences):
            if recovery.quiesced(node, sequences: sequences) {
                recovery.collect(
                    recovery.survivors.map { ($0, .sendCells(withIndex: true)) }, into: &effects)
            }
        case .cells(let sequence, let index):
            recovery.collected(
                Recovery.Part(sequence: sequence, index: index, body: body), from: node,
                into: &effects)
        case .resumed:
            isBack = recovery.resumed(node)
        default:
            break
        }
        state = isBack ? .serving : .recovering(recovery)
        if isBack { effects.append(.report(.recovered)) }
    }

    private mutating func proceed(into effects: inout [Effect]) {
        guard case .recovering(var recovery) = state else { return }
        switch recovery.stage {
        case .decoding:
            do {
                try encode(recovery)
                recovery.install(into: &effects)
            } catch {
                effects.append(.report(.failed("an auxiliary index cannot be read: \(error)")))
            }
        case .installing:
            recovery.resume(into: &effects)
        case .quiescing, .collecting, .resuming:
            break
        }
        state = .recovering(recovery)
    }

    private mutating func encode(_ recovery: Recovery) throws {
        let parts = try topology.primaryNodes.map { node in
            guard let part = recovery.parts[node] else { throw MalformedMessage() }
            return part
        }
        let indexes = try parts.map { try shape.decodeIndex($0.index[...]) }
        let cells = try zip(parts, indexes).map {
            try CellRegions($0.bytes, counts: $1.slotCounts)
        }
        codes = code.encode(
            cells, counts: indexes.map(\.slotCounts).longest(shape.layout), of: row)
        mirrors = zip(parts, indexes).map { Mirror(index: $1, sequence: $0.sequence) }
    }
}
