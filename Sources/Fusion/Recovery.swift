import Roles
import Structures

/// The recovery of one crashed node, led by its next incarnation: the survivors stop updating, agree
/// on what the last updates were and send what is needed; the node computes its state, installs it
/// and lets the others go on (DESIGN.md, Fusion, Recovery).
///
/// This part walks through the phases and gathers what comes; what a primary or a backup makes of
/// it is theirs.
struct Recovery {
    /// What a survivor has sent.
    struct Part {
        var sequence: UInt64
        var index: [UInt8]
        var body: Body?

        /// The bytes of the body, empty where there is none.
        var bytes: UnsafeRawBufferPointer {
            body?.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0)
        }
    }

    enum Stage: Equatable {
        /// Waiting for survivors to stop.
        case quiescing
        /// Waiting for cells and codes.
        case collecting
        /// Everything is here; the next `proceed` decodes.
        case decoding
        /// Decoded; the next `proceed` installs.
        case installing
        /// Waiting for survivors to go on.
        case resuming
    }

    private(set) var stage = Stage.quiescing
    /// Who has to stop and to go on.
    let survivors: [NodeID]
    private(set) var sequences: [NodeID: [UInt64]] = [:]
    private(set) var parts: [NodeID: Part] = [:]
    private var waiting: Set<NodeID>

    init(survivors: [NodeID], into effects: inout [Effect]) {
        self.survivors = survivors
        waiting = Set(survivors)
        effects.append(.report(.phase(.quiesce)))
        for node in survivors { effects.send(.quiesce, to: node) }
    }

    /// - Returns: whether all survivors have stopped now.
    mutating func quiesced(_ node: NodeID, sequences: [UInt64]) -> Bool {
        guard stage == .quiescing, waiting.remove(node) != nil else { return false }
        self.sequences[node] = sequences
        return waiting.isEmpty
    }

    mutating func collect(
        _ requests: [(node: NodeID, message: FusionMessage)], into effects: inout [Effect]
    ) {
        effects.append(.report(.phase(.collect)))
        waiting = Set(requests.map(\.node))
        for request in requests { effects.send(request.message, to: request.node) }
        if waiting.isEmpty { decode(into: &effects) } else { stage = .collecting }
    }

    /// Takes what a survivor has sent.
    mutating func collected(
        _ part: Part, from node: NodeID, into effects: inout [Effect]
    ) {
        guard stage == .collecting, waiting.remove(node) != nil else { return }
        parts[node] = part
        if waiting.isEmpty { decode(into: &effects) }
    }

    private mutating func decode(into effects: inout [Effect]) {
        stage = .decoding
        effects.append(.report(.phase(.decode)))
        effects.append(.proceed)
    }

    mutating func install(into effects: inout [Effect]) {
        stage = .installing
        effects.append(.report(.phase(.install)))
        effects.append(.proceed)
    }

    mutating func resume(into effects: inout [Effect]) {
        stage = .resuming
        parts = [:]
        effects.append(.report(.phase(.resume)))
        waiting = Set(survivors)
        for node in survivors { effects.send(.resume, to: node) }
    }

    /// - Returns: whether all survivors go on now.
    mutating func resumed(_ node: NodeID) -> Bool {
        guard stage == .resuming, waiting.remove(node) != nil else { return false }
        return waiting.isEmpty
    }
}

extension [Effect] {
    /// Sends a message of a recovery.
    mutating func send(_ message: FusionMessage, to node: NodeID, body: Body? = nil) {
        append(.send(message.encoded(body: body), to: node, .recovery))
    }
}
