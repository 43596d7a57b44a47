/// A row of `resources.csv`: what one node used in one phase of a run, and what it held at its end.
package struct ResourceRow: CSVRow, Hashable {
    package var run = 0
    package var node = ""
    package var role = ""
    package var group: Int?
    package var phase = ""
    package var accountedBytes = 0
    package var mallocBytes: Int?
    package var mallocArenaBytes: Int?
    package var residentBytes: Int?
    package var proportionalBytes: Int?
    package var userNs: Int?
    package var systemNs: Int?
    package var voluntarySwitches: Int?
    package var involuntarySwitches: Int?
    package var messagesSent = 0
    package var bytesSent = 0
    package var messagesReceived = 0
    package var bytesReceived = 0
    package var recordingBytes: Int?
    package var processors = ""

    package init() {}

    package static let fileName = "resources.csv"
    package static let meaning =
        "What one node used in one phase of a run, and what it held at the end of the phase. Proofs "
        + "and the harness's own questions lie between the phases, and what a node used that was "
        + "then killed is not known from the last look at it on."
    package static let columns: [Column<ResourceRow>] = [
        Column("run", .integer(\.run), "Run in runs.csv."),
        Column("node", .text(\.node), "Name of the node."),
        Column("role", .text(\.role), "primary, backup, replica, manager, sender or server."),
        Column(
            "group", .optionalInteger(\.group),
            "Group of the node, from 1; empty for a node that serves all."),
        Column(
            "phase", .text(\.phase),
            "warm-up, updates, or recovery: crashes and what follows until the nodes are back, and "
                + "of crash_moment update the updates that go on meanwhile."),
        Column(
            "accounted_bytes", "bytes", .integer(\.accountedBytes),
            "What the node says that it holds: total_bytes of space.csv."),
        Column(
            "malloc_bytes", "bytes", .optionalInteger(\.mallocBytes),
            "In use in the malloc of its process (mallinfo2: uordblks + hblkhd). Empty in a "
                + "simulation, as are the next seven."),
        Column(
            "malloc_arena_bytes", "bytes", .optionalInteger(\.mallocArenaBytes),
            "What that malloc has taken from the kernel (arena + hblkhd)."),
        Column(
            "resident_bytes", "bytes", .optionalInteger(\.residentBytes),
            "Resident memory of its process (Rss of smaps_rollup)."),
        Column(
            "proportional_bytes", "bytes", .optionalInteger(\.proportionalBytes),
            "The same, with pages that several processes share divided among them (Pss)."),
        Column(
            "user_ns", "ns", .optionalInteger(\.userNs),
            "CPU time in user mode, of the process with ZeroMQ's threads; where nodes are threads, of "
                + "the node's own. The kernel counts in microseconds or coarser."),
        Column("system_ns", "ns", .optionalInteger(\.systemNs), "The same in the kernel."),
        Column(
            "voluntary_switches", "count", .optionalInteger(\.voluntarySwitches),
            "Context switches because it waited."),
        Column(
            "involuntary_switches", "count", .optionalInteger(\.involuntarySwitches),
            "Context switches because another took the CPU."),
        Column(
            "messages_sent", "count", .integer(\.messagesSent),
            "Messages that its role handed to its links, counted there; those of the harness are "
                + "none."),
        Column(
            "bytes_sent", "bytes", .integer(\.bytesSent), "Bytes of these, with their envelopes."),
        Column(
            "messages_received", "count", .integer(\.messagesReceived),
            "Messages for its role that came."),
        Column(
            "bytes_received", "bytes", .integer(\.bytesReceived),
            "Bytes of these, with their envelopes."),
        Column(
            "recording_bytes", "bytes", .optionalInteger(\.recordingBytes),
            "The most that the harness held in the node at once for operations to be sent and their "
                + "measurements; empty for one that has started none."),
        Column(
            "processors", .optionalText(\.processors),
            "CPUs that its process's threads last ran on when this was looked at, ascending, of all "
                + "looks; empty in a simulation."),
    ]
}
