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
        (1...5).map { FusionTests.Shape(primaries: $0, faults: faults, window: 4) }
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
        let groups = Set([0, shape.primaries - 1]).sorted()
        for group in groups + groups + groups { try updating.update(group: group) }
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
        #expect(step > 4 * groups.count * shape.faults)
        if shape.faults > 1 {
            #expect(counts["unacknowledged update survived", default: 0] > 0)
            #expect(counts["unacknowledged update vanished", default: 0] > 0)
        }
    }

    /// The last with cells so large that each is a piece of its own.
    @Test(
        "Any further node may crash at every step of the recovery of two",
        arguments: (0..<10).map { ($0, 8) } + [(0, 140_000)])
    func everyFurtherNode(pair: Int, valueBytes: Int) throws {
        let shape = FusionTests.Shape(
            primaries: 2, faults: 3, window: 4, values: .fixed(valueBytes))
        let recovering = try CrashRun(shape, seed: UInt64(pair))
        let isLarge = valueBytes > 8
        for number in 0..<(isLarge ? 4 : 6) { try recovering.update(group: number % 2) }
        recovering.settle()
        for number in 0..<(isLarge ? 1 : 4) { try recovering.update(group: number % 2) }
        for _ in 0..<4 { _ = recovering.step() }
        let victims = Self.sets(of: recovering.nodes, upTo: 2).filter { $0.count == 2 }[pair]
        for node in victims { recovering.kill(node) }
        for node in victims { recovering.boot(node) }
        for node in victims { recovering.start(node) }
        var counts: [String: Int] = [:]
        var seed: UInt64 = 0
        repeat {
            for node in recovering.nodes {
                seed += 1
                // Large cells take their time.
                if isLarge, !seed.isMultiple(of: 3) { continue }
                let run = CrashRun(copying: recovering, seed: seed)
                run.kill(node)
                // The others go on alone, or the victim is back before they notice.
                if seed.isMultiple(of: 2) {
                    run.settle()
                    #expect(run.recovering.isEmpty, "a recovery waits for a node that is gone")
                }
                run.bringBack()
                let verdict = try run.verdict()
                #expect(
                    verdict == nil,
                    "\(victims.map(\.rawValue)), then \(node.rawValue), seed \(seed)")
                counts.merge(run.counts, uniquingKeysWith: +)
            }
        } while recovering.step()
        for stage in RecoveryPhase.allCases where !isLarge {
            #expect(counts["leader killed in \(stage)", default: 0] > 0, "\(stage)")
        }
        for stage in [RecoveryPhase.quiesce, .install, .resume] where !isLarge {
            #expect(counts["follower killed in \(stage)", default: 0] > 0, "\(stage)")
        }
        if isLarge { #expect(counts["follower killed in collect", default: 0] > 0) }
        #expect(counts["survivor killed during a recovery", default: 0] > 0)
    }

    @Test("More failures than the code can make up for are reported by name", arguments: shapes)
    func tooManyFailures(shape: FusionTests.Shape) throws {
        let updating = try CrashRun(shape, seed: 3)
        for number in 0..<6 { try updating.update(group: number % shape.primaries) }
        let topology = FusionTopology(primaries: shape.primaries, backups: shape.faults)
        let sets = Self.sets(of: updating.nodes, upTo: shape.faults + 1)
            .filter { $0.count == shape.faults + 1 }
        for (number, set) in sets.enumerated() {
            let run = CrashRun(copying: updating, seed: UInt64(number))
            for _ in 0..<number % 7 { _ = run.step() }
            for node in set { run.kill(node) }
            // One that is not back is as lost as one that is.
            for node in set.dropLast(number % 2) { run.boot(node) }
            for node in set.dropLast(number % 2) { run.start(node) }
            run.settle()
            let names = set.filter { topology.primaryNodes.contains($0) }
                .compactMap(topology.place).map(topology.name)
            let complaint = try #require(run.complaints.last, "\(set)")
            #expect(complaint.contains(" lost: "))
            for name in names { #expect(complaint.contains(name), "\(name): \(complaint)") }
            #expect(!run.network.reports.contains { $0.report == .recovered })
        }
    }

    @Test("The sentence about a loss")
    func lossText() throws {
        let run = try CrashRun(FusionTests.Shape(primaries: 4, faults: 2), seed: 1)
        for node in [1, 3, 4] { run.kill(NodeID(node)) }
        run.boot(NodeID(3))
        run.start(NodeID(3))
        run.settle()
        #expect(
            run.complaints == [
                "primary-1, primary-3 and primary-4 are lost: computing the cells takes the codes "
                    + "of 3 fused backups, and only backup-1 and backup-2 are left"
            ])
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

    @Test("Random crashes at any moment, recoveries included, never lose what was acknowledged")
    func randomSchedules() throws {
        var counts: [String: Int] = [:]
        for seed in 1...800 as ClosedRange<UInt64> {
            let run = try Self.randomRun(seed: seed)
            let verdict = try run.verdict()
            #expect(verdict == nil, "seed \(seed), \(run.shape)")
            counts.merge(run.counts, uniquingKeysWith: +)
            counts["messages lost on links", default: 0] += run.network.lostMessages
        }
        for fault in Self.faults { #expect(counts[fault, default: 0] > 0, "\(fault)") }
    }

    /// What the random schedules have to contain.
    static let faults =
        [
            "killed before it takes part", "killed while serving", "killed in an update",
            "survivor killed during a recovery", "lagging backups were brought up",
            "unacknowledged update survived", "unacknowledged update vanished",
            "a follower got its state", "messages lost on links",
        ]
        + ["leader killed in", "follower killed in"].flatMap { victim in
            ["quiesce", "install", "resume"].map { "\(victim) \($0)" }
        }
        + ["leader killed in collect", "leader killed in decode"]

    private static func randomRun(seed: UInt64) throws -> CrashRun {
        var random = SeededGenerator(seed: seed)
        let run = try CrashRun(
            FusionTests.Shape(
                primaries: 1 + Int(random.next() % 5), faults: 1 + Int(random.next() % 3),
                window: 1 + Int(random.next() % 8)),
            seed: seed)
        for _ in 0..<200 {
            switch random.next() % 100 {
            case 0..<25: try run.update(group: Int(random.next() % UInt64(run.shape.primaries)))
            case 25..<33 where run.failed.count < run.shape.faults:
                if let node = run.serving.randomElement(using: &random) { run.kill(node) }
            case 33..<37:
                if let node = run.booted.union(run.recovering).sorted()
                    .randomElement(using: &random)
                {
                    run.kill(node)
                }
            case 37..<39:
                if let leader = run.leader, run.recovering.contains(leader) { run.kill(leader) }
            case 39..<45:
                if let node = run.down.sorted().randomElement(using: &random) { run.boot(node) }
            case 45..<51:
                if let node = run.booted.sorted().randomElement(using: &random) {
                    run.start(node)
                }
            default:
                for _ in 0..<1 + random.next() % 6 { _ = run.step() }
            }
        }
        // Nobody waits for those that are gone.
        for node in run.booted.sorted() { run.start(node) }
        run.settle()
        #expect(run.recovering.isEmpty, "seed \(seed): a recovery waits for a node that is gone")
        run.bringBack()
        return run
    }

    /// All sets of 1 to `limit` nodes.
    static func sets(of nodes: [NodeID], upTo limit: Int) -> [[NodeID]] {
        (1..<1 << nodes.count).map { bits in
            nodes.indices.filter { bits >> $0 & 1 == 1 }.map { nodes[$0] }
        }.filter { $0.count <= limit }
    }
}
