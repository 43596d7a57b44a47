import Foundation

extension Floor {
    /// The measurements as aligned text, for people.
    package static func table(_ measurements: [FloorRow]) -> String {
        let head = ["transport", "measure", "peers", "message bytes", "count", "median", "p99"]
        let rows =
            [head]
            + measurements.map { row in
                let show = { (value: Int) in
                    row.unit == FloorUnit.nanoseconds.rawValue
                        ? String(format: "%.1f µs", Double(value) / 1e3)
                        : String(format: "%.2f GB/s", Double(value) / 1e9)
                }
                return [
                    row.transport.isEmpty ? "-" : row.transport, row.measure, String(row.peers),
                    String(row.messageBytes), String(row.count), show(row.median), show(row.p99),
                ]
            }
        let widths = head.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            zip(row, widths).enumerated().map { column, cell in
                let padding = String(repeating: " ", count: cell.1 - cell.0.count)
                let isText = column < 2
                return isText ? cell.0 + padding : padding + cell.0
            }.joined(separator: "  ") + "\n"
        }.joined()
    }
}
