/// Where the time of one update went. The spans follow each other and are together its whole time.
struct UpdateSpans: Equatable, Sendable {
    /// Until it goes out to the members.
    var localNs: Int
    /// Until all have proposed a place for it; nil where nobody proposes.
    var proposalNs: Int?
    /// Until the initiator has the last acknowledgement.
    var acknowledgementNs: Int
}
