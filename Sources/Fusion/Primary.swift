import Roles
import Structures

/// A primary: it owns one structure and sends every change of it to the fused backups
/// (Balasubramanian and Garg, TPDS 2013; DESIGN.md, Fusion).
struct Primary: FusionPart {
    /// Which of the primaries this is, from 0.
    private let index: Int
    private let topology: FusionTopology
    private let window: Int
    /// So many updates go as one message at most. Half a window, so that the backups have something
    /// to do while the next half begins; a single update in flight goes at once.
    private let batchLimit: Int
    /// A message that is longer gains nothing by another update.
    private static let batchBytes = 16 << 10

    /// An update that not all backups have acknowledged.
    private struct InFlight {
        var sequence: UInt64
        var ticket: UInt64
        var messages: Int
        var bytes: Int
    }

    private var structure: FusibleStructure
    /// The number of the last update that was begun.
    private var sequence: UInt64 = 0
    /// The updates that were begun and not sent; they count as in flight.
    private var unsent = UpdateBatch()
    private var inFlight = Queue<InFlight>()
    private var waiting = Queue<(ticket: UInt64, operation: Operation)>()
    /// Per backup the last update that it has acknowledged; nil for those out of the view.
    private var acknowledged: [UInt64?]

    init(index: Int, parameters: FusionParameters) {
        self.index = index
        topology = parameters.topology
        window = parameters.window
        batchLimit = (parameters.window + 1) / 2
        structure = FusibleStructure(parameters.shape)
        acknowledged = Array(repeating: nil, count: topology.backups)
    }

    var isQuiet: Bool { inFlight.isEmpty && unsent.isEmpty }

    var elementCount: Int { structure.index.count }

    var ledger: Ledger {
        structure.ledger
            + Ledger(
                protocolState: MemoryLayout<Primary>.size + inFlight.capacityBytes
                    + unsent.allocatedBytes + waiting.capacityBytes
                    + acknowledged.count * MemoryLayout<UInt64?>.stride)
    }
}

// MARK: - Updates

extension Primary {
    mutating func queue(
        _ operation: Operation, ticket: UInt64, group: Int, into effects: inout [Effect]
    ) {
        waiting.append((ticket, operation))
    }

    mutating func beginUpdates(into effects: inout [Effect]) {
        while true {
            answerReads(into: &effects)
            // A read that still waits does so until all before it is complete.
            guard let (ticket, operation) = waiting.first else { return }
            if operation.kind.isRead { return flush(into: &effects) }
            guard inFlight.count + unsent.entries.count < window else { return }
            _ = waiting.popFirst()
            begin(ticket, operation, into: &effects)
        }
    }

    /// Answers the reads that no update waits before. They see what has been begun, and a crash may
    /// still take that back until it is complete.
    mutating func answerReads(into effects: inout [Effect]) {
        while isQuiet, let (ticket, operation) = waiting.first, operation.kind.isRead {
            _ = waiting.popFirst()
            do {
                let value = try structure.read(operation)
                effects.append(
                    .report(
                        .readCompleted(
                            group: index, ticket: ticket, value: value, messages: 0, bytes: 0)))
            } catch {
                effects.append(
                    .report(.updateRefused(group: index, ticket: ticket, reason: "\(error)")))
            }
        }
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
        unsent.append(
            FusionMessage.Update(
                sequence: sequence, operation: change.structural, deltas: change.deltas),
            ticket: ticket)
        if unsent.entries.count >= batchLimit || unsent.byteCount >= Self.batchBytes
            || !hasBackups
        {
            flush(into: &effects)
        }
    }

    private var hasBackups: Bool { acknowledged.contains { $0 != nil } }

    mutating func flush(into effects: inout [Effect]) {
        guard !unsent.isEmpty else { return }
        let message = unsent.message
        var view = 0
        for backup in acknowledged.indices where acknowledged[backup] != nil {
            effects.append(.send(message, to: topology.backup(backup), .update))
            view += 1
        }
        // What the updates of a message share is counted with the first.
        var messages = 2 * view
        var shared =
            message.wireBytes - unsent.entries.reduce(0) { $0 + $1.bytes }
            + FusionMessage.acknowledgementBytes
        for entry in unsent.entries {
            inFlight.append(
                InFlight(
                    sequence: entry.sequence, ticket: entry.ticket, messages: messages,
                    bytes: view * (entry.bytes + shared)))
            (messages, shared) = (0, 0)
        }
        unsent.removeAll()
        if view == 0 { completeUpdates(into: &effects) }
    }

    mutating func receive(
        _ message: FusionMessage, _ head: [UInt8], from node: NodeID, into effects: inout [Effect]
    ) {
        guard case .acknowledge(let sequence) = message,
            case .backup(let backup) = topology.place(of: node),
            let last = acknowledged[backup], sequence > last, sequence <= self.sequence
        else { return effects.append(.report(.malformed)) }
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
    }

    mutating func admit(_ peer: FusionTopology.Place) {
        if case .backup(let backup) = peer { acknowledged[backup] = sequence }
    }

    mutating func lose(_ peer: FusionTopology.Place, into effects: inout [Effect]) {
        guard case .backup(let backup) = peer else { return }
        acknowledged[backup] = nil
        if !hasBackups { flush(into: &effects) }
        completeUpdates(into: &effects)
    }
}

// MARK: - Recovery

extension Primary {
    var cells: Cells { structure.cells }

    var mirrors: [EncodedMirror] { mirrors(of: [index]) }

    var heldStructure: FusibleStructure? { structure }

    func heldIndex(of primary: Int) -> (any AuxiliaryIndex)? {
        primary == index ? structure.index : nil
    }

    func mirrors(of primaries: [Int]) -> [EncodedMirror] {
        guard primaries.contains(index) else { return [] }
        return [Mirror(sequence: sequence, index: structure.index).encoded]
    }

    func lastUpdates(of lost: [Int]) -> [UInt64] { [sequence] }

    func updates(of primary: Int, after sequence: UInt64) -> [[UInt8]] { [] }

    mutating func catchUp(_ updates: [[UInt8]], of primary: Int) throws(MalformedMessage) {
        throw MalformedMessage()
    }

    mutating func install(_ mirrors: [Mirror], _ cells: Cells) throws(MalformedMessage) {
        guard mirrors.count == 1,
            let recovered = try? FusibleStructure(
                structure.shape, index: mirrors[0].index, cells: cells)
        else { throw MalformedMessage() }
        structure = recovered
        sequence = mirrors[0].sequence
    }
}

extension FusionMessage {
    static let acknowledgementBytes = acknowledge(sequence: 0).encoded().wireBytes
}
