/// A row of `floor.csv`: what one exchange or computation costs at least on this machine.
package struct FloorRow: PlacedRow, Hashable {
    package var transport = ""
    package var measure = ""
    package var peers = 0
    package var messageBytes = 0
    package var count = 0
    package var median = 0
    package var p99 = 0
    package var unit = ""
    package var window: Int?
    package var failed: Int?
    /// Nil in files of earlier versions.
    package var p999: Int?
    package var placement = Placement.none.rawValue

    package init() {}

    package init(
        transport: String, measure: String, peers: Int, messageBytes: Int, count: Int,
        median: Int, p99: Int, unit: String, window: Int? = nil, failed: Int? = nil,
        p999: Int? = nil
    ) {
        self.transport = transport
        self.measure = measure
        self.peers = peers
        self.messageBytes = messageBytes
        self.count = count
        self.median = median
        self.p99 = p99
        self.unit = unit
        self.window = window
        self.failed = failed
        self.p999 = p999
    }

    package static let fileName = "floor.csv"
    package static let meaning =
        "What raw ZeroMQ and Jerasure cost on this machine, with nothing of the harness."
    package static let columns: [Column<FloorRow>] = [
        Column("transport", .text(\.transport), "tcp, ipc or inproc; empty where nothing is sent."),
        Column(
            "measure", .text(\.measure),
            "round_trip, one_round, two_rounds, bulk_pull, fresh_pull, decode; from the floor "
                + "command also one_way, windowed, reconstruct, copy."),
        Column(
            "peers", "count", .integer(\.peers),
            "Peers that take part; sources of a decode, a reconstruct or a copy."),
        Column(
            "message_bytes", "bytes", .integer(\.messageBytes),
            "Bytes of one message, or of one source."),
        Column("count", "count", .integer(\.count), "Samples."),
        Column("median", "unit", .integer(\.median), "Median, in the unit that unit says."),
        Column("p99", "unit", .integer(\.p99), "99th percentile towards the slow end."),
        Column(
            "unit", .text(\.unit),
            "ns, bytes_per_second, messages_per_second or rounds_per_second."),
        Column(
            "window", "count", .optionalInteger(\.window),
            "Rounds in flight at once; empty except for windowed."),
        Column(
            "failed", "count", .optionalInteger(\.failed),
            "Primaries that are computed; empty except for reconstruct."),
        Column(
            "p999", "unit", .optionalInteger(\.p999),
            "99.9th percentile towards the slow end; the slowest of fewer than 1000 samples."),
        Column("placement", .optionalText(\.knownPlacement), "As in runs.csv."),
    ]
}
