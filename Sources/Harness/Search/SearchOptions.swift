import Simulation

/// What may happen in the schedules of a search, and how often. All durations are virtual
/// nanoseconds.
package struct SearchOptions: Sendable {
    /// The network between the nodes. Latencies vary widely, so that orders do.
    package var model = NetworkModel(
        name: "search", latencyNs: 50_000, jitterNs: 400_000, bytesPerSecond: 1_250_000_000,
        handlingNs: 2_000, processedBytesPerSecond: 2_000_000, detectionNs: 300_000, startNs: 0)
    /// What goes wrong on it by itself.
    package var network = NetworkFaults()

    /// How many actions a schedule has.
    package var actions = 8...48
    /// How often an action comes close behind the one before it.
    package var burst = Ratio(2, in: 5)
    package var burstNs: UInt64 = 60_000
    /// How often everything may come to rest before an action.
    package var pause = Ratio(1, in: 16)
    package var pauseNs: UInt64 = 60_000_000
    /// What otherwise passes between two actions, at most.
    package var gapNs: UInt64 = 1_200_000

    /// How often an action is a fault and no update.
    package var fault = Ratio(1, in: 4)
    /// How often a fault is one of these; each is drawn where none before it has come true. What is
    /// left is the crash of one node.
    package var suspicion = Ratio(1, in: 8)
    package var brokenConnection = Ratio(1, in: 8)
    package var slowNode = Ratio(1, in: 12)
    package var slowLink = Ratio(1, in: 12)
    package var severalCrashes = Ratio(1, in: 4)

    /// How often a node that ends stays away for long.
    package var lateRestart = Ratio(1, in: 4)
    /// How often a node that somebody thinks is gone goes on for long before it ends.
    package var lateFence = Ratio(1, in: 4)
    package var soonNs: UInt64 = 2_000_000
    package var lateNs: UInt64 = 40_000_000
    /// How many times longer a slow node takes for what it hears, and messages take on a slow link.
    package var slownessOfNode: UInt64 = 400
    package var slownessOfLink: UInt64 = 15
    package var slowForNs: UInt64 = 10_000_000

    /// How often a schedule has more crashes at once than can be survived.
    package var beyondFaults = Ratio(1, in: 20)

    /// How many events a schedule may take until it is called endless.
    package var eventLimit = 200_000
    /// How often states are compared in a schedule, its end not counted, when nothing is in flight.
    package var quietChecks = 4

    package init() {
        network.slowLink = Ratio(1, in: 6)
        network.slowLinkFactor = 12
        network.lostTail = Ratio(1, in: 3)
    }
}
