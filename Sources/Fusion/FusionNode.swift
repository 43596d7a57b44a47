import Roles
import Structures

/// What a primary and a fused backup each do in their own way: they take updates, and they have
/// state that a recovery reads and writes. `FusionNode` calls these; all that holds for both is in
/// `Recovery`.
protocol FusionPart {
    /// Whether no update that this node has begun waits for an answer.
    var isQuiet: Bool { get }
    var elementCount: Int { get }
    /// What the part holds, itself included.
    var ledger: Ledger { get }
    var cells: Cells { get }
    /// What the node knows of every primary that it knows something of.
    var mirrors: [EncodedMirror] { get }
    /// A primary's structure; nil for a fused backup.
    var heldStructure: FusibleStructure? { get }
    /// Where the elements of a primary stand; nil where the node does not know it.
    func heldIndex(of primary: Int) -> (any AuxiliaryIndex)?

    /// Nothing more comes at present: what has been begun shall go.
    mutating func flush(into effects: inout [Effect])
    /// A client's update or read, which begins with the next `beginUpdates` or `answerReads`.
    mutating func queue(
        _ operation: Operation, ticket: UInt64, group: Int, into effects: inout [Effect])
    /// Nothing recovers: updates and reads may begin.
    mutating func beginUpdates(into effects: inout [Effect])
    /// This node serves: reads that nothing waits before may be answered.
    mutating func answerReads(into effects: inout [Effect])
    /// Another node's update or acknowledgement; `head` is its binary form.
    mutating func receive(
        _ message: FusionMessage, _ head: [UInt8], from node: NodeID, into effects: inout [Effect])

    /// A peer serves from now on.
    mutating func admit(_ peer: FusionTopology.Place)
    /// A peer is gone.
    mutating func lose(_ peer: FusionTopology.Place, into effects: inout [Effect])

    /// What an attempt's `agreed` tells.
    func lastUpdates(of lost: [Int]) -> [UInt64]
    /// The kept updates of a primary after `sequence`; fewer where not all are kept.
    func updates(of primary: Int, after sequence: UInt64) -> [[UInt8]]
    /// Applies those updates of a lost primary that this node lacks.
    mutating func catchUp(_ updates: [[UInt8]], of primary: Int) throws(MalformedMessage)
    func mirrors(of primaries: [Int]) -> [EncodedMirror]
    /// Takes over what a recovery gave. Throws, and changes nothing, where it does not fit together.
    mutating func install(_ mirrors: [Mirror], _ cells: Cells) throws(MalformedMessage)
}

/// A node of fusion: a primary or a fused backup, and the recovery that it takes part in.
struct FusionNode<Part: FusionPart>: Role {
    private let topology: FusionTopology
    private(set) var part: Part
    private var recovery: Recovery

    init(_ part: Part, node: NodeID, parameters: FusionParameters) {
        topology = parameters.topology
        self.part = part
        recovery = Recovery(of: node, parameters: parameters)
    }

    var elementCount: Int { part.elementCount }

    var ledger: Ledger {
        part.ledger + Ledger(protocolState: MemoryLayout<Self>.size - MemoryLayout<Part>.size)
            + recovery.ledger
    }

    func snapshot() -> Message { FusionSnapshot.message(part.mirrors, part.cells) }

    mutating func handle(_ event: Event, into effects: inout [Effect]) {
        switch event {
        case .start(let start): recovery.start(start, &part, into: &effects)
        case .update(let group, let ticket, let operation):
            part.queue(operation, ticket: ticket, group: group, into: &effects)
        case .message(let message, let node): receive(message, from: node, into: &effects)
        case .peerLost(let node): recovery.lose(node, &part, into: &effects)
        case .proceed: recovery.proceed(&part, into: &effects)
        case .idle: part.flush(into: &effects)
        }
        if recovery.allowsUpdates {
            part.beginUpdates(into: &effects)
        } else if part.isQuiet {
            recovery.answerRejoins(into: &effects)
            if recovery.isServing { part.answerReads(into: &effects) }
        }
    }

    private mutating func receive(
        _ message: Message, from node: NodeID, into effects: inout [Effect]
    ) {
        guard let content = try? FusionMessage(decoding: message.head) else {
            return effects.append(.report(.malformed))
        }
        switch content {
        case .update, .updates, .acknowledge:
            guard recovery.serves(with: node) else { return effects.append(.report(.malformed)) }
            part.receive(content, message.head, from: node, into: &effects)
        default:
            recovery.receive(content, message.body, from: node, &part, into: &effects)
        }
    }
}
