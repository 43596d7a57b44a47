/// How active replication is run, beside its size. The defaults are what Boyd's report describes,
/// but that members acknowledge an update when they have delivered it.
package struct ReplicationOptions: Sendable, Hashable, Codable {
    /// Who keeps the views of the groups.
    package enum Managers: String, Sendable, Codable, CaseIterable {
        /// One manager for all groups, as in the report.
        case one
        /// A manager for each group.
        case perGroup
    }

    /// When a member acknowledges an update.
    package enum Acknowledgement: String, Sendable, Codable, CaseIterable {
        /// When it has applied it.
        case delivery
        /// When it knows its final place, as the report's program does: it may still be held back.
        case final
    }

    package var managers = Managers.one
    /// The nodes that send the updates of a group, at least 1. The first is the group's manager;
    /// others send those of all groups.
    package var senders = 1
    package var acknowledgement = Acknowledgement.delivery
    /// Whether a final timestamp may go with the sender's next update instead of by itself.
    package var piggybacksFinals = false
    /// The most updates that share one round, at least 1.
    package var batch = 1
    /// Whether reads go through the multicast like updates, instead of to one active member.
    package var ordersReads = false

    package init() {}
}
