import ErasureCode
import Replication
import Simulation
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
    /// Of a set, the sizes of its elements.
    package var valueBytes: ValueSizes
    /// Independent sets on the same servers, of which `groups` is the sum; empty for one set, which
    /// the rest of the plan describes.
    package var clusters: [ClusterPlan] = []
    package var workload: Workload
    /// Absent where nothing crashes.
    package var crash: CrashPlan?
    package var code: CodePlan
    /// The defaults for a mechanism without a multicast.
    package var replication = ReplicationOptions()
    package var transport: TransportKind
    package var launch: LaunchKind
    package var placement = Placement.none
    /// Counts from 1.
    package var repetition: Int
    package var seed: UInt64
    /// The network of a simulation; nil where nodes are real. No experiment file says whether a run is
    /// simulated: the command does.
    package var network: NetworkModel?
    /// Whether nodes tell what they recover from. No experiment file says so: such a run is for
    /// people who follow it, not for its times.
    package var logsRecovery = false

    package init(
        experiment: String, mechanism: String, groups: Int, faults: Int,
        structure: StructureKind = .list, valueBytes: ValueSizes = 8, workload: Workload,
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
    /// The structure of every group. Where the mechanism codes, cells are whole words of the code.
    package var shape: StructureShape {
        let codes = Registry.entry(named: mechanism)?.decodes ?? false
        return StructureShape(
            structure, values: valueBytes.size, wordBytes: codes ? code.wordBits / 8 : 1)
    }

    /// How the run reads; nil where it does not, or where its mechanism has one way only.
    package var readOrder: ReadOrder? {
        let entry = Registry.entry(named: mechanism)
        let reads = parts.contains { $0.workload.mix.contains(where: \.kind.isRead) }
        return reads && entry?.choosesReadOrder == true ? workload.reads : nil
    }

    /// How many different keys the structure can have, elements of a set included; nil for
    /// structures in which nothing has to differ.
    package var keyLimit: Int? {
        switch structure.keys {
        case .none: nil
        case .integer, .string: structure == .priorityQueue ? nil : workload.keys.space
        case .element:
            valueBytes.minimum < MemoryLayout<Int>.size
                ? min(workload.keys.space, 1 << (8 * valueBytes.minimum)) : workload.keys.space
        }
    }
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
    /// Of a virtual network, in virtual time.
    case simulated

    /// Those that an experiment file may name.
    package static let allCases = [processes, threads]
}
