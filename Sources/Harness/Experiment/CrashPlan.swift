/// When nodes crash, and which.
package struct CrashPlan: Sendable, Hashable, Codable {
    /// A crash round comes after every so many updates of each group.
    package var every: Int
    package var nodes: CrashedNodes
    package var moment: CrashMoment
    /// How many of the backups or replicas have an initiator's last updates when it dies in the
    /// middle of them; nil to draw it for each crash.
    package var reached: Int?

    package init(
        every: Int, nodes: CrashedNodes = .each, moment: CrashMoment = .between,
        reached: Int? = nil
    ) {
        self.every = every
        self.nodes = nodes
        self.moment = moment
        self.reached = reached
    }
}

/// The nodes of a crash round, in sets that crash one after another; the nodes of a set crash at
/// once.
package enum CrashedNodes: Sendable, Hashable, Codable {
    /// Every node that holds data, each by itself.
    case each
    /// Every node that holds data, as many at once as there are faults to survive.
    case together
    /// One set, drawn from the seed for each round: a number of nodes from 1 to the faults, of those
    /// that hold data and of managers and senders.
    case random
    /// The named nodes, set by set.
    case named([[String]])

    static let words = ["each", "together", "random"]

    /// The choice as a word, or the names: sets stand apart, the nodes of a set are joined by "+".
    var text: String {
        switch self {
        case .each: "each"
        case .together: "together"
        case .random: "random"
        case .named(let sets): sets.map { $0.joined(separator: "+") }.joined(separator: " ")
        }
    }
}

/// What goes on when nodes crash.
package enum CrashMoment: String, Sendable, Codable, CaseIterable {
    /// Nothing: all earlier updates are complete.
    case between
    /// Updates.
    case update
    /// The recovery of the nodes of the set that have crashed before; the first crashes between
    /// updates.
    case recovery
}
