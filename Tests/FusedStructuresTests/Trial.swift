import Roles
import SeededGenerator
import Structures
import Testing

@testable import FusedStructures

/// A Swift collection that goes through the same updates as a fused structure.
protocol Trial {
    associatedtype Structure: FusedStructure

    init()

    /// A random update of both; sometimes one that both refuse.
    mutating func step(_ structure: Structure, _ random: inout SeededGenerator) throws

    /// Whether the structure reads as the collection does, by all ways of reading.
    func agrees(with structure: Structure) throws -> Bool

    /// Updates that make the collection's contents from nothing.
    var operations: [Operation] { get throws }
}

extension Trial {
    /// Runs random updates of all primaries, with crashes of random servers. While servers are down,
    /// the other primaries go on.
    ///
    /// - Returns: how many servers crashed.
    @discardableResult
    static func run(
        primaries: Int = 3, faults: Int = 2, code: FusedCode = .automatic, seed: UInt64,
        updates: Int = 200
    ) throws -> Int {
        var random = SeededGenerator(seed: seed)
        let cluster = try FusedCluster<Structure>(
            primaries: primaries, faults: faults, code: code, maximumElementBytes: 400)
        var trials = (0..<primaries).map { _ in Self() }
        var crashes = 0
        for update in 1...updates {
            let primary = Int.random(in: 0..<primaries, using: &random)
            if cluster.crashed.contains(.primary(primary)) {
                #expect(throws: FusedError.serverCrashed(.primary(primary))) {
                    try cluster[primary].count
                }
            } else {
                try trials[primary].step(cluster[primary], &random)
            }
            if update % 10 == 0 {
                let number = Int.random(in: 1...faults, using: &random)
                let servers = cluster.servers.shuffled(using: &random).prefix(number)
                try cluster.crash(Array(servers))
                crashes += number
            }
            if update % 10 == 5 {
                // Some first, then the others.
                let some = cluster.crashed.filter { _ in Bool.random(using: &random) }
                #expect(try cluster.recover(some).restored.map(\.server) == some)
                try cluster.recover()
                for (trial, structure) in zip(trials, cluster.primaries) {
                    #expect(try trial.agrees(with: structure), "update \(update), seed \(seed)")
                }
                #expect(
                    try difference(in: cluster, trials) == nil, "update \(update), seed \(seed)")
            }
        }
        return crashes
    }

    /// Where elements, indexes or codes of a cluster without crashed servers differ from what they
    /// must be.
    static func difference(
        in cluster: FusedCluster<Structure>, _ trials: [Self]
    ) throws -> String? {
        let models = try trials.map { trial in
            var model = ModelStructure(cluster.shape)
            for operation in try trial.operations { try model.apply(operation) }
            return model
        }
        return cluster.host.mechanism.firstDifference(
            in: cluster.host.snapshots, expected: models)
    }
}

/// Everything that the servers of a cluster hold.
func state<Structure>(of cluster: FusedCluster<Structure>) -> [[UInt8]] {
    let snapshots = cluster.host.snapshots
    return snapshots.keys.sorted().flatMap { node in
        let message = snapshots[node]
        return [message?.head ?? [], message?.body.map { Array($0.bytes) } ?? []]
    }
}

extension SeededGenerator {
    /// A text of 0 to 12 characters, some of which take many bytes.
    mutating func text() -> String {
        let characters = ["a", "b", "c", "ß", "é", "e\u{301}", "漢", "⛵️", "👩‍👩‍👧", "\"", "\\", "\n"]
        return (0..<Int.random(in: 0...12, using: &self)).map { _ in
            characters[Int.random(in: 0..<characters.count, using: &self)]
        }.joined()
    }
}
