import Simulation

/// How often something has happened in the schedules of a search.
package struct SearchCounts: Sendable, Equatable {
    package var schedules = 0
    package var events = 0
    package var messages = 0
    package var updatesAcknowledged = 0
    package var updatesRefused = 0
    package var reads = 0
    package var updatesRepeated = 0
    package var updatesVanished = 0
    package var recoveries = 0
    package var quietPoints = 0
    package var skippedActions = 0

    package var crashesOfServing = 0
    package var crashesInRecovery = 0
    package var crashesInUpdates = 0
    package var crashesOfSeveral = 0
    package var crashesWithoutData = 0
    package var fencedNodes = 0
    package var slowNodes = 0
    package var slowLinks = 0
    package var schedulesBeyondFaults = 0
    package var losses = 0
    package var network = FaultCounts()

    package init() {}

    /// All counts with their names; those of injected faults say so.
    package var all: [(name: String, count: Int, isFault: Bool)] {
        [
            ("schedules", schedules, false),
            ("events", events, false),
            ("messages heard", messages, false),
            ("updates acknowledged", updatesAcknowledged, false),
            ("updates refused", updatesRefused, false),
            ("reads", reads, false),
            ("updates repeated", updatesRepeated, false),
            ("updates that went with their initiator", updatesVanished, false),
            ("recoveries", recoveries, false),
            ("quiet points compared", quietPoints, false),
            ("actions skipped", skippedActions, false),
            ("crashes of serving nodes", crashesOfServing, true),
            ("crashes in a recovery", crashesInRecovery, true),
            ("crashes in updates", crashesInUpdates, true),
            ("crashes of several at once", crashesOfSeveral, true),
            ("crashes of nodes without data", crashesWithoutData, true),
            ("suspicions of live nodes", network.suspicions, true),
            ("broken connections", network.brokenConnections, true),
            ("nodes fenced", fencedNodes, true),
            ("slow nodes", slowNodes, true),
            ("slow links", slowLinks, true),
            ("messages on slow links", network.slowMessages, true),
            ("messages lost with their sender", network.messagesLostWithSender, true),
            ("messages lost with a connection", network.messagesLostWithConnection, true),
            ("messages of other incarnations", network.staleMessages, true),
            ("schedules beyond the faults", schedulesBeyondFaults, true),
            ("losses reported", losses, true),
        ]
    }

    package static func + (left: SearchCounts, right: SearchCounts) -> SearchCounts {
        var sum = left
        for path in numbers { sum[keyPath: path] += right[keyPath: path] }
        sum.network = left.network + right.network
        return sum
    }

    private static var numbers: [WritableKeyPath<SearchCounts, Int>] {
        [
            \.schedules, \.events, \.messages, \.updatesAcknowledged, \.updatesRefused, \.reads,
            \.updatesRepeated, \.updatesVanished, \.recoveries, \.quietPoints, \.skippedActions,
            \.crashesOfServing, \.crashesInRecovery, \.crashesInUpdates, \.crashesOfSeveral,
            \.crashesWithoutData, \.fencedNodes, \.slowNodes, \.slowLinks,
            \.schedulesBeyondFaults, \.losses,
        ]
    }
}
