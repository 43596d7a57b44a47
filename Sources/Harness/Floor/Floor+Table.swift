import Foundation

extension Floor {
    /// The measurements as aligned text, for people.
    package static func table(_ measurements: [FloorRow]) -> String {
        let head = [
            "transport", "measure", "peers", "message bytes", "window", "failed", "count", "median",
            "p99", "p99.9",
        ]
        let rows = measurements.map { row in
            [
                row.transport.isEmpty ? "-" : row.transport, row.measure, String(row.peers),
                String(row.messageBytes), row.window.map(String.init) ?? "-",
                row.failed.map(String.init) ?? "-", String(row.count),
                show(row.median, row.unit), show(row.p99, row.unit),
                row.p999.map { show($0, row.unit) } ?? "-",
            ]
        }
        return TextTable(head, rows, isText: head.indices.map { $0 < 2 }).text()
    }

    private static func show(_ value: Int, _ unit: String) -> String {
        switch FloorUnit(rawValue: unit) {
        case .nanoseconds: String(format: "%.1f µs", Double(value) / 1e3)
        case .bytesPerSecond: String(format: "%.2f GB/s", Double(value) / 1e9)
        case .messagesPerSecond, .roundsPerSecond, nil: "\(value) /s"
        }
    }
}
