/// A row of `updates.csv`: one measured update or read.
package struct UpdateRow: CSVRow, Hashable {
    package var run = 0
    package var group = 0
    package var operation = 0
    package var kind = ""
    package var backupNs = 0
    package var messages = 0
    package var bytes = 0

    package init() {}

    package init(
        run: Int, group: Int, operation: Int, kind: String, backupNs: Int, messages: Int, bytes: Int
    ) {
        self.run = run
        self.group = group
        self.operation = operation
        self.kind = kind
        self.backupNs = backupNs
        self.messages = messages
        self.bytes = bytes
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
            "From before the initiator starts until after the last acknowledgement that the "
                + "mechanism requires; of a read, until it is answered."),
        Column(
            "messages", "count", .integer(\.messages),
            "Messages that it took, answers included. Those that several updates took together are "
                + "counted with the first of them."),
        Column(
            "bytes", "bytes", .integer(\.bytes),
            "Bytes of these messages. Of a message of several updates, each has its own part, and "
                + "the first what they share."),
    ]
}
