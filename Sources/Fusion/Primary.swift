import ErasureCode
import Roles
import Structures

/// A primary: it owns one structure, sends every change of it to the fused backups, and helps
/// others to recover (Balasubramanian and Garg, TPDS 2013; DESIGN.md, Fusion).
package struct Primary: Role {
    /// Which of the primaries this is, from 0.
    let index: Int
    private let topology: FusionTopology
    private let code: ErasureCode
    private let shape: StructureShape

    private enum State {
        /// Created, not started.
        case idle
        /// Updates are taken; they wait while somebody has asked for quiet.
        case serving
        /// The state of the last incarnation is being won back.
        case recovering(Recovery, decoded: Decoded?)
    }

    /// What the decoding of lost cells gave.
    private struct Decoded {
        var structure: FusibleStructure
        var sequence: UInt64
    }

    /// An update that not all backups have acknowledged.
    private struct InFlight {
        var sequence: UInt64
        var ticket: UInt64
        var messages: Int
        var bytes: Int
    }

    private var state = State.idle
    private(set) var structure: FusibleStructure
    /// The number of the last update that was begun.
    private var sequence: UInt64 = 0
    private var inFlight = Queue<InFlight>()
    private var waiting = Queue<(ticket: UInt64, operation: Operation)>()
    /// Per backup the last update that it has acknowledged; nil for those out of the view.
    private var acknowledged: [UInt64?]
    /// Recovering nodes that no update may disturb, in the order in which they asked, and whether
    /// each has been told that nothing is in flight.
    private var quiescers: [(node: NodeID, isAnswered: Bool)] = []

    /// - Parameters:
    ///   - index: which of the topology's primaries this is, from 0.
    ///   - shape: of every primary's structure; cells are multiples of the code's word.
    package init(
        index: Int, topology: FusionTopology, code: ErasureCode, shape: StructureShape
    ) {
        self.index = index
        self.topology = topology
        self.code = code
        self.shape = shape
        structure = FusibleStructure(shape)
        acknowledged = Array(repeating: nil, count: topology.backups)
    }

    package var elementCount: Int { structure.index.count }

    package var ledger: Ledger {
        var ledger = structure.ledger
        ledger.protocolState +=
            MemoryLayout<Primary>.size + inFlight.capacityBytes + waiting.capacityBytes
            + acknowledged.capacity * MemoryLayout<UInt64?>.stride
        return ledger
    }

    package func snapshot() -> Message {
        FusionSnapshot.primary(sequence: sequence, structure: structure)
    }

    package mutating func handle(_ event: Event, into effects: inout [Effect]) {
        switch event {
        case .start(let start): self.start(start, into: &effects)
        case .update(_, let ticket, let operation):
            update(ticket, operation, into: &effects)
        case .message(let message, let node): receive(message, from: node, into: &effects)
        case .peerLost(let node): lose(node, into: &effects)
        case .proceed: proceed(into: &effects)
        }
    }

    private mutating func start(_ start: Start, into effects: inout [Effect]) {
        for node in start.peers {
            if case .backup(let backup) = topology.place(of: node) { acknowledged[backup] = 0 }
        }
        switch start.kind {
        case .initial:
            state = .serving
        case .recovery:
            state = .recovering(
                Recovery(survivors: start.peers.sorted(), into: &effects), decoded: nil)
        }
    }

    private mutating func receive(
        _ message: Message, from node: NodeID, into effects: inout [Effect]
    ) {
        guard let content = try? FusionMessage(decoding: message.head),
            let place = topology.place(of: node)
        else { return effects.append(.report(.malformed)) }
        switch content {
        case .acknowledge(let sequence):
            guard case .backup(let backup) = place else {
                return effects.append(.report(.malformed))
            }
            acknowledge(sequence, by: backup, into: &effects)
        case .quiesce:
            quiescers.append((node, false))
            answerQuiescers(into: &effects)
        case .sendCells(let withIndex):
            var index: [UInt8] = []
            if withIndex { structure.index.encode(into: &index) }
            effects.send(
                .cells(sequence: sequence, index: index), to: node, body: Body(structure.cells))
        case .resume:
            resume(place, node, into: &effects)
        case .quiesced, .cells, .codes, .resumed:
            recover(content, from: node, body: message.body, into: &effects)
        case .update, .sendCodes:
            effects.append(.report(.malformed))
        }
    }

    private mutating func lose(_ node: NodeID, into effects: inout [Effect]) {
        if case .recovering = state {
            return effects.append(
                .report(.failed("a survivor was lost while this node recovered")))
        }
        if case .backup(let backup) = topology.place(of: node) {
            acknowledged[backup] = nil
            completeUpdates(into: &effects)
        }
        quiescers.removeAll { $0.node == node }
        answerQuiescers(into: &effects)
        beginWaitingUpdates(into: &effects)
    }
}

// MARK: - Updates

extension Primary {
    private var takesUpdates: Bool {
        if case .serving = state { quiescers.isEmpty } else { false }
    }

    private mutating func update(
        _ ticket: UInt64, _ operation: Operation, into effects: inout [Effect]
    ) {
        guard takesUpdates, waiting.isEmpty else {
            return waiting.append((ticket, operation))
        }
        begin(ticket, operation, into: &effects)
    }

    private mutating func begin(
        _ ticket: UInt64, _ operation: Operation, into effects: inout [Effect]
    ) {
        let change: Change
        do {
            change = try structure.apply(operation)
        } catch {
            return effects.append(
                .report(.updateRefused(group: index, ticket: ticket, reason: "\(error)")))
        }
        sequence += 1
        let message = FusionMessage.update(
            sequence: sequence, change.structural, deltas: change.deltas
        ).encoded()
        var view = 0
        for backup in acknowledged.indices where acknowledged[backup] != nil {
            effects.append(.send(message, to: topology.backup(backup), .update))
            view += 1
        }
        inFlight.append(
            InFlight(
                sequence: sequence, ticket: ticket, messages: 2 * view,
                bytes: view * (message.wireBytes + FusionMessage.acknowledgementBytes)))
        if view == 0 { completeUpdates(into: &effects) }
    }

    private mutating func acknowledge(
        _ sequence: UInt64, by backup: Int, into effects: inout [Effect]
    ) {
        guard let last = acknowledged[backup], sequence > last, sequence <= self.sequence else {
            return effects.append(.report(.malformed))
        }
        acknowledged[backup] = sequence
        completeUpdates(into: &effects)
    }

    /// An update is complete when every backup in the view has acknowledged it.
    private mutating func completeUpdates(into effects: inout [Effect]) {
        let complete = acknowledged.lazy.compactMap { $0 }.min() ?? sequence
        while let update = inFlight.first, update.sequence <= complete {
            _ = inFlight.popFirst()
            effects.append(
                .report(
                    .updateCompleted(
                        group: index, ticket: update.ticket, messages: update.messages,
                        bytes: update.bytes)))
        }
        answerQuiescers(into: &effects)
    }

    private mutating func beginWaitingUpdates(into effects: inout [Effect]) {
        while takesUpdates, let (ticket, operation) = waiting.popFirst() {
            begin(ticket, operation, into: &effects)
        }
    }
}

// MARK: - Others' recovery

extension Primary {
    private mutating func answerQuiescers(into effects: inout [Effect]) {
        guard inFlight.isEmpty else { return }
        for position in quiescers.indices where !quiescers[position].isAnswered {
            quiescers[position].isAnswered = true
            effects.send(.quiesced(sequences: [sequence]), to: quiescers[position].node)
        }
    }

    private mutating func resume(
        _ place: FusionTopology.Place, _ node: NodeID, into effects: inout [Effect]
    ) {
        guard quiescers.contains(where: { $0.node == node && $0.isAnswered }) else {
            return effects.append(.report(.malformed))
        }
        quiescers.removeAll { $0.node == node }
        if case .backup(let backup) = place { acknowledged[backup] = sequence }
        effects.send(.resumed, to: node)
        beginWaitingUpdates(into: &effects)
    }
}

// MARK: - Own recovery

extension Primary {
    private mutating func recover(
        _ message: FusionMessage, from node: NodeID, body: Body?, into effects: inout [Effect]
    ) {
        guard case .recovering(var recovery, let decoded) = state else {
            return effects.append(.report(.malformed))
        }
        var isBack = false
        switch message {
        case .quiesced(let sequences):
            if recovery.quiesced(node, sequences: sequences) {
                collect(&recovery, into: &effects)
            }
        case .cells(let sequence, let index), .codes(let sequence, let index):
            recovery.collected(
                Recovery.Part(sequence: sequence, index: index, body: body), from: node,
                into: &effects)
        case .resumed:
            isBack = recovery.resumed(node)
        default:
            break
        }
        state = .recovering(recovery, decoded: decoded)
        if isBack {
            state = .serving
            effects.append(.report(.recovered))
            answerQuiescers(into: &effects)
            beginWaitingUpdates(into: &effects)
        }
    }

    /// Asks every other primary for its cells and one backup for its codes.
    private func collect(_ recovery: inout Recovery, into effects: inout [Effect]) {
        let backups = recovery.survivors.filter { topology.backupNodes.contains($0) }
        let sequences = backups.map { recovery.sequences[$0] ?? [] }
        guard let backup = backups.first,
            sequences.allSatisfy({ $0.count == topology.primaries })
        else {
            return effects.append(.report(.failed("no fused backup is left to recover from")))
        }
        guard sequences.allSatisfy({ $0[index] == sequences[0][index] }) else {
            return effects.append(
                .report(
                    .failed(
                        "the fused backups have different last updates of this primary: "
                            + sequences.map { "\($0[index])" }.joined(separator: ", "))))
        }
        var requests = recovery.survivors.filter { topology.primaryNodes.contains($0) }
            .map { (node: $0, message: FusionMessage.sendCells(withIndex: true)) }
        requests.append((node: backup, message: .sendCodes))
        recovery.collect(requests, into: &effects)
    }

    private mutating func proceed(into effects: inout [Effect]) {
        guard case .recovering(var recovery, var decoded) = state else { return }
        switch recovery.stage {
        case .decoding:
            do {
                decoded = try decode(recovery)
                recovery.install(into: &effects)
            } catch {
                effects.append(.report(.failed("the lost cells cannot be computed: \(error)")))
            }
        case .installing:
            if let decoded {
                structure = decoded.structure
                sequence = decoded.sequence
                for backup in acknowledged.indices where acknowledged[backup] != nil {
                    acknowledged[backup] = sequence
                }
            }
            decoded = nil
            recovery.resume(into: &effects)
        case .quiescing, .collecting, .resuming:
            break
        }
        state = .recovering(recovery, decoded: decoded)
    }

    private func decode(_ recovery: Recovery) throws -> Decoded {
        var survivors: [(primary: Int, cells: CellRegions)] = []
        var backup: (row: Int, part: Recovery.Part)?
        for (node, part) in recovery.parts {
            switch topology.place(of: node) {
            case .primary(let primary):
                let counts = try shape.decodeIndex(part.index[...]).slotCounts
                survivors.append((primary, try CellRegions(part.bytes, counts: counts)))
            case .backup(let row): backup = (row, part)
            case nil: break
            }
        }
        guard let (row, lost) = backup else { throw MalformedMessage() }
        let index = try shape.decodeIndex(lost.index[...])
        let counts = (survivors.map(\.cells.counts) + [index.slotCounts]).longest(shape.layout)
        let cells = try code.reconstruct(
            failed: [self.index], counts: [index.slotCounts], survivors: survivors,
            codes: [(row, try CellRegions(lost.bytes, counts: counts))])
        return Decoded(
            structure: try FusibleStructure(shape, index: index, cells: cells[0]),
            sequence: lost.sequence)
    }
}

extension FusionMessage {
    static let acknowledgementBytes = acknowledge(sequence: 0).encoded().wireBytes
}
