/// A row of `floor.csv`: what one exchange or computation costs at least on this machine.
package struct FloorRow: CSVRow, Hashable {
    package var transport = ""
    package var measure = ""
    package var peers = 0
    package var messageBytes = 0
    package var count = 0
    package var median = 0
    package var p99 = 0
    package var unit = ""

    package init() {}

    package init(
        transport: String, measure: String, peers: Int, messageBytes: Int, count: Int,
        median: Int, p99: Int, unit: String
    ) {
        self.transport = transport
        self.measure = measure
        self.peers = peers
        self.messageBytes = messageBytes
        self.count = count
        self.median = median
        self.p99 = p99
        self.unit = unit
    }

    package static let fileName = "floor.csv"
    package static let meaning =
        "What raw ZeroMQ and Jerasure cost on this machine, with nothing of the harness."
    package static let columns: [Column<FloorRow>] = [
        Column("transport", .text(\.transport), "tcp, ipc or inproc; empty for decode."),
        Column(
            "measure", .text(\.measure), "round_trip, one_round, two_rounds, bulk_pull, decode."),
        Column("peers", "count", .integer(\.peers), "Peers that answer, or sources of a decode."),
        Column("message_bytes", "bytes", .integer(\.messageBytes), "Bytes of one message."),
        Column("count", "count", .integer(\.count), "Samples."),
        Column("median", "unit", .integer(\.median), "Median, in the unit of the last column."),
        Column("p99", "unit", .integer(\.p99), "99th percentile towards the slow end."),
        Column("unit", .text(\.unit), "ns or bytes_per_second."),
    ]
}
