import Roles
import Structures
import Testing

@testable import Replication

/// Crashes at every protocol step: of one node, of two, of whoever keeps the views.
struct CrashPointTests {
    struct Shape: CustomStringConvertible, Sendable {
        var faults: Int
        var senders = 1
        var groups = 1
        var managers = ReplicationOptions.Managers.one
        var acknowledgement = ReplicationOptions.Acknowledgement.delivery
        var piggybacks = false
        var batch = 1
        var isSequencer = false

        var options: ReplicationOptions {
            var options = ReplicationOptions()
            options.senders = senders
            options.managers = managers
            options.acknowledgement = acknowledgement
            options.piggybacksFinals = piggybacks
            options.batch = batch
            return options
        }

        func run(seed: UInt64) -> ReplicationRun {
            let structure = StructureShape(.list, values: .fixed(8))
            let replication = ReplicationMechanism(
                groups: groups, faults: faults, shape: structure, options: options)
            let sequencer = SequencerMechanism(
                groups: groups, faults: faults, shape: structure, options: ReplicationOptions())
            return ReplicationRun(
                isSequencer ? sequencer : replication, on: replication, groups: groups, seed: seed)
        }

        var description: String {
            "f \(faults), senders \(senders), groups \(groups), \(managers) manager, "
                + "acknowledged on \(acknowledgement), batch \(batch)"
                + (isSequencer ? ", sequencer" : "") + (piggybacks ? ", finals piggybacked" : "")
        }

        /// Two updates of each sender are on their way.
        func begin(_ run: ReplicationRun) {
            for _ in 0..<2 {
                for group in 0..<groups {
                    for sender in 0..<senders { run.update(group: group, sender: sender) }
                }
            }
        }
    }

    static let shapes =
        (1...3).flatMap { faults in
            (1...2).map { Shape(faults: faults, senders: $0) }
        } + [
            Shape(faults: 1, senders: 2, groups: 2),
            Shape(faults: 1, senders: 2, groups: 2, managers: .perGroup),
            Shape(faults: 2, senders: 3, acknowledgement: .final),
            Shape(faults: 2, senders: 2, piggybacks: true, batch: 2),
            Shape(faults: 1, groups: 2, isSequencer: true), Shape(faults: 2, isSequencer: true),
        ]

    @Test("Without crashes all members deliver in one order", arguments: shapes)
    func order(shape: Shape) {
        for seed in 1...20 as ClosedRange<UInt64> {
            let run = shape.run(seed: seed)
            for _ in 0..<10 { shape.begin(run) }
            run.settle()
            #expect(run.fault == nil, "seed \(seed)")
            #expect(
                run.orders.values.reduce(0) { $0 + $1.count } == 20 * shape.groups * shape.senders)
        }
    }

    @Test(
        "Any node may crash after any step of updates, and come back at once or later",
        arguments: shapes)
    func oneCrash(shape: Shape) {
        let start = shape.run(seed: 3)
        shape.begin(start)
        start.settle()
        shape.begin(start)
        var steps = 0
        var runs = 0
        repeat {
            for node in start.nodes {
                for restartsAtOnce in [true, false] {
                    runs += 1
                    let run = ReplicationRun(copying: start, seed: UInt64(runs))
                    run.kill(node)
                    if !restartsAtOnce { run.settle() }
                    run.restart(node)
                    for group in 0..<shape.groups {
                        run.update(group: group, sender: shape.senders - 1)
                    }
                    run.settle()
                    if let fault = run.fault {
                        Issue.record(
                            "\(shape): node \(node.rawValue) after \(steps) steps: \(fault)")
                        return
                    }
                    #expect(run.counts["recoveries"] == 1)
                }
            }
            steps += 1
        } while start.step()
        #expect(steps > 12)
    }

    /// The second crash comes after any number of steps behind the first, so also in the middle of
    /// the first one's recovery.
    @Test(
        "Any two nodes may crash after any steps of an update",
        arguments: [
            Shape(faults: 1), Shape(faults: 2), Shape(faults: 3), Shape(faults: 1, senders: 2),
            Shape(faults: 1, isSequencer: true), Shape(faults: 2, isSequencer: true),
        ])
    func twoCrashes(shape: Shape) {
        let start = shape.run(seed: 5)
        start.update(group: 0)
        start.settle()
        start.update(group: 0)
        if shape.senders > 1 { start.update(group: 0, sender: 1) }
        var counts: [String: Int] = [:]
        var runs: UInt64 = 0
        var steps = 0
        repeat {
            for first in start.nodes {
                let wounded = ReplicationRun(copying: start, seed: runs + 1)
                wounded.kill(first)
                wounded.restart(first)
                var gap = 0
                repeat {
                    let second = start.nodes[Int(runs) % start.nodes.count]
                    runs += 1
                    let run = ReplicationRun(copying: wounded, seed: runs)
                    run.kill(second)
                    run.restart(second)
                    run.update(group: 0)
                    run.settle()
                    counts.merge(run.counts, uniquingKeysWith: +)
                    if run.lostGroup != nil {
                        counts["lost groups", default: 0] += 1
                    } else if let fault = run.fault {
                        Issue.record(
                            """
                            \(shape): node \(first.rawValue) after \(steps) steps, node \
                            \(second.rawValue) after \(gap) more: \(fault)
                            """)
                        return
                    }
                    gap += 1
                } while wounded.step()
            }
            steps += 1
        } while start.step()
        #expect(runs > 500)
        #expect((counts["repeated updates"] ?? 0) > 0)
        #expect((counts["recoveries"] ?? 0) > Int(runs))
    }

    @Test("When all replicas of a group are gone it is reported by name, and nothing hangs")
    func lostGroups() {
        for shape in [Shape(faults: 1, groups: 2), Shape(faults: 2, senders: 2, groups: 2)] {
            for seed in 1...20 as ClosedRange<UInt64> {
                let run = shape.run(seed: seed)
                shape.begin(run)
                for _ in 0..<seed { _ = run.step() }
                let replicas = run.nodes.filter {
                    run.mechanism.description(of: $0).group == 1
                        && run.mechanism.description(of: $0).kind == .replica
                }
                for node in replicas { run.kill(node) }
                if seed.isMultiple(of: 3) { run.kill(NodeID(1)) }
                for node in replicas { run.restart(node) }
                run.restart(NodeID(1))
                run.settle()
                run.update(group: 0)
                run.settle()
                #expect(run.complaints == [], "seed \(seed)")
                #expect(
                    run.lostGroup == "group 2 is lost: none of its replicas is left",
                    "seed \(seed)")
            }
        }
    }

    @Test("A manager that comes back and finds nobody of a group reports its loss")
    func lostWithItsManager() {
        let run = Shape(faults: 1).run(seed: 6)
        run.update(group: 0)
        run.settle()
        for node in run.nodes { run.kill(node) }
        run.restart(NodeID(1))
        run.settle()
        #expect(run.complaints == [])
        #expect(run.lostGroup == "group 1 is lost: none of its replicas is left")
    }

    @Test("A member that was thought to be dead drops its state and comes in again")
    func removedAlive() throws {
        let run = Shape(faults: 2).run(seed: 4)
        for _ in 0..<5 { run.update(group: 0) }
        run.settle()
        // Nodes: manager 1, replicas 2 to 4.
        run.network.deliver(.peerLost(NodeID(4)), to: NodeID(1))
        for _ in 0..<3 { run.update(group: 0) }
        run.settle()
        let role = try #require(run.network.roles[NodeID(4)])
        #expect(role.elementCount > 0)
        run.expectRecovery(of: NodeID(4))
        // It hears of it as soon as the manager hears from it.
        run.network.deliver(
            .message(
                ReplicationMessage.delivered(
                    MessageID(sender: Member(NodeID(1), incarnation: 1), number: 1), []
                ).encoded, from: NodeID(4)), to: NodeID(1))
        run.settle()
        run.update(group: 0)
        run.settle()
        #expect(run.fault == nil)
    }

    @Test("What members keep for gone senders and for clients that ask again stays small")
    func memory() throws {
        let run = Shape(faults: 1, senders: 2).run(seed: 8)
        func round() {
            for _ in 0..<20 {
                run.update(group: 0, sender: 0)
                run.update(group: 0, sender: 1)
                run.settle()
            }
        }
        round()
        let before = try run.nodes.map { try #require(run.network.roles[$0]).ledger.protocolState }
        for _ in 0..<20 { round() }
        let after = try run.nodes.map { try #require(run.network.roles[$0]).ledger.protocolState }
        for (before, after) in zip(before, after) { #expect(after <= before + 512) }
        #expect(run.fault == nil)
    }
}
