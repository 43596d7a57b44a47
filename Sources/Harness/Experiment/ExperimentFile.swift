import ErasureCode
import Foundation
import Replication
import Structures

/// An experiment file with every key in its place and every default filled in, sweeps not yet
/// expanded (DESIGN.md, Contracts).
struct ExperimentFile: Encodable, Sendable {
    var name: String
    var mechanisms: Sweep<String>
    var groups: Sweep<Int>
    var faults: Sweep<Int>
    var structure: Sweep<StructureKind>
    var valueBytes: Sweep<ValueSizes>
    var clusters: [ClusterSection]
    var workload: WorkloadSection
    var crash: CrashSection?
    var code: CodeSection
    var replication: ReplicationSection
    var transport: Sweep<TransportKind>
    var launch: Sweep<LaunchKind>
    var placement: Sweep<Placement>
    var simulation: SimulationSection
    var repetitions: Int
    var seed: Sweep<Int>

    struct WorkloadSection: Encodable, Sendable {
        var operations: Sweep<Int>
        var preload: Sweep<Int>
        var warmup: Sweep<Int>
        var mix: MixSection
        var invalid: Sweep<Int>
        var targetSize: Sweep<Int?>
        var keys: KeySection
        var positions: PositionSection
        var window: Sweep<Int>
        var order: Sweep<GroupOrder>
        var reads: Sweep<ReadOrder>
        var rate: Sweep<Int?>
        var arrivals: Sweep<Arrivals>
        var catchUp: Sweep<Bool>
    }

    struct KeySection: Encodable, Sendable {
        var space: Sweep<Int>
        var distribution: Sweep<Distribution.Name>
        var theta: Sweep<Double>
    }

    struct PositionSection: Encodable, Sendable {
        var distribution: Sweep<Distribution.Name>
        var theta: Sweep<Double>
    }

    struct CrashSection: Encodable, Sendable {
        var every: Sweep<Int>
        var nodes: CrashedNodes
        var moment: Sweep<CrashMoment>
        var reached: Sweep<Int?>

        private enum Key: CodingKey { case every, nodes, moment, reached }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(every, forKey: .every)
            try container.encode(moment, forKey: .moment)
            try container.encode(reached, forKey: .reached)
            guard case .named(let sets) = nodes else {
                return try container.encode(nodes.text, forKey: .nodes)
            }
            var list = container.nestedUnkeyedContainer(forKey: .nodes)
            for names in sets {
                if names.count == 1 { try list.encode(names[0]) } else { try list.encode(names) }
            }
        }
    }

    struct CodeSection: Encodable, Sendable {
        var kind: Sweep<ErasureCode.Kind>
        var wordBits: Sweep<Int>
    }

    struct ReplicationSection: Encodable, Sendable {
        var managers: Sweep<ReplicationOptions.Managers>
        var senders: Sweep<Int>
        var acknowledge: Sweep<ReplicationOptions.Acknowledgement>
        var piggyback: Sweep<Bool>
        var batch: Sweep<Int>
    }

    /// What `simulate` takes and `run` does not.
    struct SimulationSection: Encodable, Sendable {
        var network: Sweep<String>
    }

    /// The file as text that loads to the same runs, whatever the defaults will be then.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
