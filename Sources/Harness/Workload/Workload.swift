import Structures

/// What the clients do.
package struct Workload: Sendable, Hashable, Codable {
    /// Updates of each group, the warm-up and the preload not counted.
    package var operations: Int
    /// Updates of each group that its structure has had when the nodes begin, and that nobody has
    /// sent: the first ones of the trace.
    package var preload = 0
    /// Updates of each group before the measured ones, in pairs of an operation that adds and one
    /// that removes, so that the structure is as empty after them as before. Odd numbers count as
    /// the next even one.
    package var warmup: Int
    /// The weights of the structure's operations, in the order of `StructureKind.mixable`.
    package var mix: [OperationWeight]
    /// How often an operation comes that the structure must refuse, relative to the mix.
    package var invalid: Int
    /// The elements at which a structure stays once it has them; see `Trace`.
    package var targetSize: Int?
    /// For structures with keys.
    package var keys: KeyPlan
    /// For lists.
    package var positions: Distribution
    /// Updates in flight for one group.
    package var window: Int
    package var order: GroupOrder
    /// When updates begin; nil where each begins as soon as the window has room.
    package var openLoop: OpenLoop?
    /// For mechanisms that can read in several ways.
    package var reads: ReadOrder

    package init(
        operations: Int, warmup: Int = 0,
        mix: [OperationWeight] = [OperationWeight(kind: .append, weight: 1)], invalid: Int = 0,
        targetSize: Int? = nil, keys: KeyPlan = KeyPlan(), positions: Distribution = .uniform,
        window: Int = 1, order: GroupOrder = .sequential, reads: ReadOrder = .relaxed
    ) {
        self.operations = operations
        self.warmup = warmup
        self.mix = mix
        self.invalid = invalid
        self.targetSize = targetSize
        self.keys = keys
        self.positions = positions
        self.window = window
        self.order = order
        self.reads = reads
    }
}

/// How often an operation comes in the workload, relative to the sum of all weights.
package struct OperationWeight: Sendable, Hashable, Codable {
    package var kind: OperationKind
    package var weight: Int

    package init(kind: OperationKind, weight: Int) {
        self.kind = kind
        self.weight = weight
    }
}

/// Whether groups are updated one after another or all at once.
package enum GroupOrder: String, Sendable, Codable, CaseIterable {
    case sequential
    case concurrent
}

/// What a read may miss.
package enum ReadOrder: String, Sendable, Codable, CaseIterable {
    /// One active copy answers: updates that other copies have already may be missing.
    case relaxed
    /// A read has its place in the order of all updates.
    case ordered
}

extension StructureKind {
    /// The operations that a mix may have: those that change the structure, then the reads.
    package var mixable: [OperationKind] { operations + OperationKind.reads }

    /// The weights where an experiment names none. Lists are appended to, as in Boyd's report; in
    /// all others twice as many operations add an element as remove one.
    package var defaultMix: [OperationWeight] {
        self == .list
            ? [OperationWeight(kind: .append, weight: 1)]
            : operations.map { OperationWeight(kind: $0, weight: $0.adds ? 2 : 1) }
    }
}

extension OperationKind {
    /// Whether the structure may have an element more afterwards.
    package var adds: Bool {
        switch self {
        case .append, .insert, .put, .enqueue, .push, .pushFront, .pushBack: true
        case .set, .remove, .dequeue, .pop, .popFront, .popBack, .read, .readAll: false
        }
    }

    /// Whether the structure has an element less afterwards.
    package var removes: Bool { self != .set && !adds && !isRead }
}
