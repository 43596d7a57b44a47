import ErasureCode
import Foundation
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
    var workload: WorkloadSection
    var crash: CrashSection?
    var code: CodeSection
    var transport: Sweep<TransportKind>
    var launch: Sweep<LaunchKind>
    var repetitions: Int
    var seed: Sweep<Int>

    struct WorkloadSection: Encodable, Sendable {
        var operations: Sweep<Int>
        var warmup: Sweep<Int>
        var mix: MixSection
        var invalid: Sweep<Int>
        var targetSize: Sweep<Int?>
        var keys: KeySection
        var positions: PositionSection
        var window: Sweep<Int>
        var order: Sweep<GroupOrder>
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

        private enum Key: CodingKey { case every, nodes }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(every, forKey: .every)
            switch nodes {
            case .each: try container.encode("each", forKey: .nodes)
            case .named(let names): try container.encode(names, forKey: .nodes)
            }
        }
    }

    struct CodeSection: Encodable, Sendable {
        var kind: Sweep<ErasureCode.Kind>
        var wordBits: Sweep<Int>
    }

    /// The file as text that loads to the same runs, whatever the defaults will be then.
    func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}
