import ErasureCode
import Structures

/// One run, fully resolved: a point of the experiment file's sweep (DESIGN.md, Contracts).
package struct RunPlan: Sendable, Hashable, Codable {
    /// The experiment's name.
    package var experiment: String
    /// A name from the registry of mechanisms.
    package var mechanism: String
    /// The number of groups n, at least 1.
    package var groups: Int
    /// The number of faults f to survive, at least 1.
    package var faults: Int
    package var structure: StructureKind
    /// Bytes of one element.
    package var valueBytes: Int
    package var workload: Workload
    /// Absent where nothing crashes.
    package var crash: CrashPlan?
    package var code: CodePlan
    package var transport: TransportKind
    package var launch: LaunchKind
    /// Counts from 1.
    package var repetition: Int
    package var seed: UInt64
    /// Whether nodes tell what they recover from. No experiment file says so: such a run is for
    /// people who follow it, not for its times.
    package var logsRecovery = false

    package init(
        experiment: String, mechanism: String, groups: Int, faults: Int,
        structure: StructureKind = .list, valueBytes: Int = 8, workload: Workload,
        crash: CrashPlan? = nil, code: CodePlan = CodePlan(), transport: TransportKind = .tcp,
        launch: LaunchKind = .processes, repetition: Int = 1, seed: UInt64 = 1
    ) {
        self.experiment = experiment
        self.mechanism = mechanism
        self.groups = groups
        self.faults = faults
        self.structure = structure
        self.valueBytes = valueBytes
        self.workload = workload
        self.crash = crash
        self.code = code
        self.transport = transport
        self.launch = launch
        self.repetition = repetition
        self.seed = seed
    }
}

extension RunPlan {
    /// The structure of every group; cells are whole words of the erasure code.
    package var shape: StructureShape {
        StructureShape(structure, values: .fixed(valueBytes), wordBytes: code.wordBits / 8)
    }
}

/// What the clients do.
package struct Workload: Sendable, Hashable, Codable {
    /// Updates of each group, the warm-up not counted.
    package var operations: Int
    /// Updates of each group before the measured ones, in pairs of an append and a remove, so that
    /// the structure is as empty after them as before. Odd numbers count as the next even one.
    package var warmup: Int
    /// The weights of the structure's operations, in the order of `OperationKind`.
    package var mix: [OperationWeight]
    /// Updates in flight for one group.
    package var window: Int
    package var order: GroupOrder

    package init(
        operations: Int, warmup: Int = 0,
        mix: [OperationWeight] = [OperationWeight(kind: .append, weight: 1)],
        window: Int = 1, order: GroupOrder = .sequential
    ) {
        self.operations = operations
        self.warmup = warmup
        self.mix = mix
        self.window = window
        self.order = order
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

/// The erasure code of fusion.
package struct CodePlan: Sendable, Hashable, Codable {
    package var kind: ErasureCode.Kind
    package var wordBits: Int

    package init(kind: ErasureCode.Kind = .vandermonde, wordBits: Int = 8) {
        self.kind = kind
        self.wordBits = wordBits
    }
}

/// How nodes reach each other.
package enum TransportKind: String, Sendable, Codable, CaseIterable {
    case tcp
    case ipc
    case inproc
}

/// What a node runs as.
package enum LaunchKind: String, Sendable, Codable, CaseIterable {
    case processes
    case threads
}
