/// What may go wrong on a virtual network beyond what its surroundings do to it. Every probability
/// is a ratio of whole numbers, and every fault that happens is counted.
package struct NetworkFaults: Sendable, Hashable {
    /// How often a link is slow: every message on it takes `slowLinkFactor` times the latency.
    package var slowLink = Ratio.never
    package var slowLinkFactor: UInt64 = 20
    /// How often the last messages of a node that ends are lost on one of its links: those that left
    /// within the latency and the jitter before its end.
    package var lostTail = Ratio.never

    package init() {}
}

/// What went wrong on a virtual network so far.
package struct FaultCounts: Sendable, Equatable {
    /// Messages that took a slow link.
    package internal(set) var slowMessages = 0
    /// Messages that went with the node that had sent them.
    package internal(set) var messagesLostWithSender = 0
    /// Messages from or for an incarnation that was gone or not known, which nobody heard.
    package internal(set) var staleMessages = 0
    /// Messages that a broken connection took with it.
    package internal(set) var messagesLostWithConnection = 0
    /// Nodes that were thought to be gone while they were alive, by one of their peers each.
    package internal(set) var suspicions = 0
    /// Connections that broke between two nodes that were alive.
    package internal(set) var brokenConnections = 0
    /// Nodes that ended.
    package internal(set) var ends = 0

    package init() {}
}

extension FaultCounts {
    package static func + (left: FaultCounts, right: FaultCounts) -> FaultCounts {
        var sum = left
        sum.slowMessages += right.slowMessages
        sum.messagesLostWithSender += right.messagesLostWithSender
        sum.staleMessages += right.staleMessages
        sum.messagesLostWithConnection += right.messagesLostWithConnection
        sum.suspicions += right.suspicions
        sum.brokenConnections += right.brokenConnections
        sum.ends += right.ends
        return sum
    }
}
