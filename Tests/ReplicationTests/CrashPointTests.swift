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
            ReplicationRun(
                ReplicationMechanism(
                    groups: groups, faults: faults,
                    shape: StructureShape(.list, values: .fixed(8)), options: options),
                groups: groups, seed: seed)
        }

        var description: String {
            "f \(faults), senders \(senders), groups \(groups), \(managers) manager, "
                + "acknowledged on \(acknowledgement), batch \(batch)"
                + (piggybacks ? ", finals piggybacked" : "")
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
}
