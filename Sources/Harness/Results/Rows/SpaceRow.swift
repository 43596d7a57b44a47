import Structures

/// A row of `space.csv`: what one node held at one moment.
package struct SpaceRow: CSVRow, Hashable {
    package var run = 0
    package var operations = 0
    package var node = ""
    package var role = ""
    package var group: Int?
    package var elements = 0
    package var payloadBytes = 0
    package var auxiliaryBytes = 0
    package var slackBytes = 0
    package var protocolBytes = 0
    package var totalBytes = 0
    package var residentBytes = 0
    package var heapBytes = 0

    package init() {}

    package init(
        run: Int, operations: Int, node: String, role: String, group: Int?, elements: Int,
        ledger: Ledger, residentBytes: Int, heapBytes: Int
    ) {
        self.run = run
        self.operations = operations
        self.node = node
        self.role = role
        self.group = group
        self.elements = elements
        payloadBytes = ledger.payload
        auxiliaryBytes = ledger.auxiliary
        slackBytes = ledger.slack
        protocolBytes = ledger.protocolState
        totalBytes = ledger.total
        self.residentBytes = residentBytes
        self.heapBytes = heapBytes
    }

    package static let fileName = "space.csv"
    package static let meaning = "What one node held after so many updates."
    package static let columns: [Column<SpaceRow>] = [
        Column("run", .integer(\.run), "Run in runs.csv."),
        Column(
            "operations", "count", .integer(\.operations),
            "Measured updates of each group when the sample was taken."),
        Column("node", .text(\.node), "Name of the node."),
        Column("role", .text(\.role), "primary, backup, replica, manager or server."),
        Column(
            "group", .optionalInteger(\.group),
            "Group of the node, from 1; empty for a fused backup, which serves all."),
        Column(
            "elements", "count", .integer(\.elements),
            "Elements of the node's structure; for a fused backup its cells."),
        Column("payload_bytes", "bytes", .integer(\.payloadBytes), "Elements, or code words."),
        Column("auxiliary_bytes", "bytes", .integer(\.auxiliaryBytes), "Auxiliary indexes."),
        Column(
            "slack_bytes", "bytes", .integer(\.slackBytes),
            "Allocated but not used: spare capacity and padding."),
        Column(
            "protocol_bytes", "bytes", .integer(\.protocolBytes),
            "Sequence numbers, held-back messages and the like."),
        Column("total_bytes", "bytes", .integer(\.totalBytes), "Sum of the four columns before."),
        Column(
            "resident_bytes", "bytes", .integer(\.residentBytes),
            "Resident memory of the node's process, program and libraries included; 0 in a "
                + "simulation."),
        Column(
            "heap_bytes", "bytes", .integer(\.heapBytes),
            "Bytes in use in the malloc of the node's process; 0 in a simulation."),
    ]
}
