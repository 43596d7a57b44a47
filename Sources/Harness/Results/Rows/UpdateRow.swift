/// A row of `updates.csv`: one measured update or read.
package struct UpdateRow: CSVRow, Hashable {
    package var run = 0
    package var group = 0
    package var operation = 0
    package var kind = ""
    package var backupNs = 0
    package var messages = 0
    package var bytes = 0
    package var localNs: Int?
    package var proposalNs: Int?
    package var acknowledgementNs: Int?
    package var holdbackNs: Int?
    package var sender = ""
    package var waitNs: Int?
    package var beganNs: Int?

    package init() {}

    /// - Parameters:
    ///   - spans: where the time went, where the mechanism tells.
    ///   - holdbackNs: see `HoldBackTimes`.
    init(
        run: Int, group: Int, operation: Int, kind: String, backupNs: Int, messages: Int,
        bytes: Int, spans: UpdateSpans? = nil, holdbackNs: Int? = nil, sender: String = ""
    ) {
        self.run = run
        self.group = group
        self.operation = operation
        self.kind = kind
        self.backupNs = backupNs
        self.messages = messages
        self.bytes = bytes
        localNs = spans?.localNs
        proposalNs = spans?.proposalNs
        acknowledgementNs = spans?.acknowledgementNs
        self.holdbackNs = holdbackNs
        self.sender = sender
    }

    package static let fileName = "updates.csv"
    package static let meaning =
        "One update or read of one group. Those of the warm-up and refused ones are not there, nor those that "
        + "survived the crash of their initiator without having been acknowledged."
    package static let columns: [Column<UpdateRow>] = [
        Column("run", .integer(\.run), "Run in runs.csv."),
        Column("group", .integer(\.group), "Counts from 1."),
        Column("operation", .integer(\.operation), "Which operation of the group; counts from 1."),
        Column(
            "kind", .text(\.kind),
            "The structure's operation, for example append; read and readAll are no updates."),
        Column(
            "backup_ns", "ns", .integer(\.backupNs),
            "From before the initiator starts, or in an open loop from when it was due, until after "
                + "the last acknowledgement that the mechanism requires; of a read, until it is "
                + "answered."),
        Column(
            "messages", "count", .integer(\.messages),
            "Messages that it took, answers included. Those that several updates took together are "
                + "counted with the first of them."),
        Column(
            "bytes", "bytes", .integer(\.bytes),
            "Bytes of these messages. Of a message of several updates, each has its own part, and "
                + "the first what they share."),
        Column(
            "local_ns", "ns", .optionalInteger(\.localNs),
            "Of backup_ns, until the update went out to the members: waiting for others, making the "
                + "message. Empty where the mechanism reports no steps."),
        Column(
            "proposal_ns", "ns", .optionalInteger(\.proposalNs),
            "From then until all members had proposed a place in the order. Empty where none "
                + "proposes."),
        Column(
            "acknowledgement_ns", "ns", .optionalInteger(\.acknowledgementNs),
            "From then until the end of backup_ns, which these three columns add up to."),
        Column(
            "holdback_ns", "ns", .optionalInteger(\.holdbackNs),
            "How long the member that held it back the longest knew its place and waited for earlier "
                + "updates; it lies within acknowledgement_ns where members acknowledge on delivery. "
                + "Empty where members log no deliveries."),
        Column("sender", .optionalText(\.sender), "Name of the node that started it."),
        Column(
            "wait_ns", "ns", .optionalInteger(\.waitNs),
            "In an open loop: of backup_ns, from when it was due until the initiator started; the "
                + "rest is the service time. It lies within local_ns."),
        Column(
            "began_ns", "ns", .optionalInteger(\.beganNs),
            "When the initiator started, from the beginning of the run."),
    ]
}
