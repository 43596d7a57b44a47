/// A row of `recovery.csv`: one crashed node's way back.
package struct RecoveryRow: CSVRow, Hashable {
    package var run = 0
    package var operations = 0
    package var node = ""
    package var role = ""
    package var group: Int?
    package var elements = 0
    package var incarnation = 0
    package var detectNs = 0
    package var quiesceNs = 0
    package var collectNs = 0
    package var decodeNs = 0
    package var installNs = 0
    package var resumeNs = 0
    package var recoveryNs = 0
    package var restartNs = 0
    package var messages = 0
    package var bytes = 0
    package var verified = false
    package var moment = ""
    package var failedAtOnce = 0
    package var reached: Int?
    package var unacknowledged: Int?
    package var survived: Int?
    package var longestGapNs: Int?
    package var crashedNs: Int?
    package var updatesMeanwhile: Int?
    package var longestStallNs: Int?
    package var redundancyNs: Int?

    package init() {}

    package static let fileName = "recovery.csv"
    package static let meaning = "One recovery of one crashed node."
    package static let columns: [Column<RecoveryRow>] = [
        Column("run", .integer(\.run), "Run in runs.csv."),
        Column(
            "operations", "count", .integer(\.operations),
            "Measured updates of each group when the node crashed; of moment update, those that the "
                + "interrupted group had begun before the one in the middle of which it crashed."),
        Column("node", .text(\.node), "Name of the node."),
        Column("role", .text(\.role), "primary, backup, replica, manager, sender or server."),
        Column(
            "group", .optionalInteger(\.group),
            "Group of the node, from 1; empty for a fused backup, a manager and a sender, which serve all."
        ),
        Column(
            "elements", "count", .integer(\.elements),
            "What it had to get back; 0 for a manager or a sender."),
        Column(
            "incarnation", .integer(\.incarnation), "Which start of the node this is; 2 and up."),
        Column(
            "detect_ns", "ns", .integer(\.detectNs),
            "From the SIGKILL until the last peer had noticed."),
        Column("quiesce_ns", "ns", .integer(\.quiesceNs), "Until updates had come to a halt."),
        Column("collect_ns", "ns", .integer(\.collectNs), "Until the state had come."),
        Column("decode_ns", "ns", .integer(\.decodeNs), "Until it was computed; 0 if never coded."),
        Column("install_ns", "ns", .integer(\.installNs), "Until the structures were built."),
        Column("resume_ns", "ns", .integer(\.resumeNs), "Until the node was back in service."),
        Column(
            "recovery_ns", "ns", .integer(\.recoveryNs),
            "From the restarted node's first protocol step to its return to service."),
        Column(
            "restart_ns", "ns", .integer(\.restartNs),
            "From the SIGKILL to the return to service, start of the process included."),
        Column(
            "messages", "count", .integer(\.messages),
            "Messages that the recovery took; of a set, those of all its nodes together."),
        Column("bytes", "bytes", .integer(\.bytes), "Bytes of these messages."),
        Column(
            "verified", .flag(\.verified),
            "true when the node's whole state equalled the model; else it is not aggregated."),
        Column(
            "moment", .text(\.moment),
            "between updates, in the middle of an update, or during the recovery of those of its set "
                + "that had crashed before."),
        Column(
            "failed_at_once", "count", .integer(\.failedAtOnce),
            "Nodes of the set that crashed together, this one included."),
        Column(
            "reached", "count", .optionalInteger(\.reached),
            "Backups or replicas that had the node's own updates in flight; empty for a node that had "
                + "none, or that crashed without being cut short."),
        Column(
            "unacknowledged", "count", .optionalInteger(\.unacknowledged),
            "Its updates in flight; empty for a node that had none."),
        Column(
            "survived", "count", .optionalInteger(\.survived),
            "Those of them that are everywhere afterwards, before any is repeated; the others are "
                + "nowhere."),
        Column(
            "longest_gap_ns", "ns", .optionalInteger(\.longestGapNs),
            "Longest time without a completed update of a group whose updates went on while the "
                + "nodes of the set recovered; empty if none did."),
        Column(
            "crashed_ns", "ns", .optionalInteger(\.crashedNs),
            "When it was killed, from the beginning of the run, as began_ns of updates.csv."),
        Column(
            "updates_meanwhile", "count", .optionalInteger(\.updatesMeanwhile),
            "Updates of all groups that were complete between the first SIGKILL of its set and the "
                + "return of the last node to service; empty where no group's updates went on. Those "
                + "of groups whose initiator was killed do not count, nor in longest_stall_ns."),
        Column(
            "longest_stall_ns", "ns", .optionalInteger(\.longestStallNs),
            "Longest time between two completed updates of one group that reaches into that time."),
        Column(
            "redundancy_ns", "ns", .optionalInteger(\.redundancyNs),
            "From the first SIGKILL of its set until all of its nodes were back in service, so that f "
                + "failures could be survived again."),
    ]
}
