import ErasureCode
import RoleTesting
import Roles
import SeededGenerator
import Testing

@testable import Fusion

/// Crashes of fusion's nodes: every set at every step of an update, and at random while others
/// recover.
struct CrashTests {
    static let shapes = (1...3).flatMap { faults in
        (1...5).map { FusionTests.Shape(primaries: $0, faults: faults, window: 2) }
    }

    @Test(
        "Every set of at most f nodes may crash at every step of updates in flight",
        arguments: shapes)
    func everySet(shape: FusionTests.Shape) throws {
        let updating = try CrashRun(shape, seed: UInt64(shape.primaries * 10 + shape.faults))
        for number in 0..<4 * shape.primaries {
            try updating.update(group: number % shape.primaries)
        }
        updating.settle()
        for group in 0..<shape.primaries { for _ in 0..<2 { try updating.update(group: group) } }
        let sets = Self.sets(of: updating.nodes, upTo: shape.faults)
        var counts: [String: Int] = [:]
        var seed: UInt64 = 0
        var step = 0
        repeat {
            for set in sets {
                seed += 1
                let run = CrashRun(copying: updating, seed: seed)
                for node in set { run.kill(node) }
                try Self.recover(set, in: run)
                let verdict = try run.verdict()
                #expect(verdict == nil, "step \(step), nodes \(set.map(\.rawValue)), seed \(seed)")
                counts.merge(run.counts, uniquingKeysWith: +)
            }
            step += 1
        } while updating.step()
        #expect(step > 4 * shape.primaries * shape.faults)
        #expect(counts["unacknowledged update survived", default: 0] > 0 || shape.faults == 1)
        #expect(counts["unacknowledged update vanished", default: 0] > 0)
    }

    /// Restarts the nodes of a set all together, one by one while others recover, or one by one.
    private static func recover(_ set: [NodeID], in run: CrashRun) throws {
        switch run.random.next() % 3 {
        case 0: break
        case 1:
            for node in set {
                run.boot(node)
                run.start(node)
                for _ in 0..<run.random.next() % 8 { _ = run.step() }
            }
        default:
            run.settle()
            for node in set {
                run.boot(node)
                run.start(node)
                run.settle()
            }
        }
        run.bringBack()
    }

    /// All sets of 1 to `limit` nodes.
    static func sets(of nodes: [NodeID], upTo limit: Int) -> [[NodeID]] {
        (1..<1 << nodes.count).map { bits in
            nodes.indices.filter { bits >> $0 & 1 == 1 }.map { nodes[$0] }
        }.filter { $0.count <= limit }
    }
}
