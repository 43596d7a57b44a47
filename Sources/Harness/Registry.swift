import ErasureCode
import Fusion
import Replication
import Roles

/// The mechanisms by name. A mechanism is a folder with its roles and its topology, and one line
/// here.
package enum Registry {
    /// What the harness has to know of a mechanism before it runs.
    package struct Entry: Sendable {
        package var name: String
        package var make: @Sendable (RunPlan) throws -> any Mechanism
        /// What a raw exchange of the same shape as an update is: so many rounds of messages to so
        /// many peers, each waiting for all answers. Nil for a mechanism that sends nothing.
        package var updateFloor: UpdateFloor?
        /// Whether recovery decodes, so that its floor includes the arithmetic.
        package var decodes = false
        /// Whether updates go to replicas in one order, so that the plan's `replication` applies.
        package var ordersUpdates = false
        /// Whether one node makes that order: it is the only sender, and there are no proposals.
        package var isSequenced = false
        /// Whether a crashed node gets its state back; the crash plan does not apply otherwise.
        package var recovers = true
        /// Whether reads can be relaxed or ordered; otherwise there is one way to read.
        package var choosesReadOrder = false

        /// Leaves the settings at their defaults that the mechanism has no use for.
        func dropUnused(_ options: inout ReplicationOptions) {
            let defaults = ReplicationOptions()
            if !ordersUpdates { options = defaults }
            guard isSequenced else { return }
            options.senders = defaults.senders
            options.acknowledgement = defaults.acknowledgement
            options.piggybacksFinals = defaults.piggybacksFinals
        }

        /// The topology and roles of a run. Its clusters share as few servers as the largest needs.
        package func mechanism(of plan: RunPlan) throws -> any Mechanism {
            if plan.clusters.isEmpty { return try make(plan) }
            let parts = try plan.parts.map { (mechanism: try make($0), groups: $0.groups) }
            return ClusteredMechanism(
                parts, servers: parts.map(\.mechanism.nodes.count).max() ?? 1)
        }
    }

    package static let entries: [Entry] = [
        Entry(
            name: "fusion", make: makeFusion,
            updateFloor: UpdateFloor(rounds: 1, peers: { $0 }), decodes: true),
        Entry(
            name: "replication", make: makeReplication,
            updateFloor: UpdateFloor(rounds: 2, peers: { $0 + 1 }), ordersUpdates: true,
            choosesReadOrder: true),
        Entry(
            name: "sequencer", make: makeSequencer,
            updateFloor: UpdateFloor(rounds: 1, peers: { $0 + 1 }), ordersUpdates: true,
            isSequenced: true, choosesReadOrder: true),
        Entry(name: "none", make: makeUnprotected, recovers: false),
    ]

    package static func entry(named name: String) -> Entry? {
        entries.first { $0.name == name }
    }

    /// What the mechanisms cannot be faster than, by name.
    package static var floors: [String: MechanismFloor] {
        Dictionary(
            uniqueKeysWithValues: entries.map {
                ($0.name, MechanismFloor(update: $0.updateFloor, decodes: $0.decodes))
            })
    }

    private static func makeFusion(_ plan: RunPlan) throws -> any Mechanism {
        FusionMechanism(
            code: try ErasureCode(
                plan.code.kind, primaries: plan.groups, backups: plan.faults,
                wordBits: plan.code.wordBits),
            shape: plan.shape, window: plan.workload.window, logsRecovery: plan.logsRecovery)
    }

    private static func makeReplication(_ plan: RunPlan) throws -> any Mechanism {
        ReplicationMechanism(
            groups: plan.groups, faults: plan.faults, shape: plan.shape,
            options: options(of: plan))
    }

    private static func makeSequencer(_ plan: RunPlan) throws -> any Mechanism {
        SequencerMechanism(
            groups: plan.groups, faults: plan.faults, shape: plan.shape,
            options: options(of: plan))
    }

    private static func options(of plan: RunPlan) -> ReplicationOptions {
        var options = plan.replication
        options.ordersReads = plan.workload.reads == .ordered
        return options
    }

    private static func makeUnprotected(_ plan: RunPlan) throws -> any Mechanism {
        UnprotectedMechanism(groups: plan.groups, shape: plan.shape)
    }
}
