import Foundation

extension Floor {
    package static let fileName = "floor.csv"
    private static let header = "transport,measure,peers,message_bytes,count,median,p99,unit"

    /// Writes `floor.csv` whole or not at all.
    ///
    /// - Parameter directory: exists; an older `floor.csv` in it is replaced.
    /// - Throws: the file system's error.
    package static func write(_ measurements: [FloorMeasurement], to directory: URL) throws {
        let rows = measurements.map { row in
            "\(row.transport),\(row.measure),\(row.peers),\(row.messageBytes),\(row.count),"
                + "\(row.median),\(row.p99),\(row.unit)"
        }
        let text = ([header] + rows).map { $0 + "\r\n" }.joined()
        try Data(text.utf8).write(to: directory.appendingPathComponent(fileName), options: .atomic)
    }

    /// Reads what `write` wrote.
    ///
    /// - Throws: the file system's error, or `FloorError.file` with the first wrong line.
    package static func read(from directory: URL) throws -> [FloorMeasurement] {
        let file = directory.appendingPathComponent(fileName)
        let text = try String(contentsOf: file, encoding: .utf8)
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        if lines.last == "" { lines.removeLast() }
        guard lines.first.map(String.init) == header else {
            throw FloorError.file(
                path: file.path, line: 1, reason: "the header must be \"\(header)\"")
        }
        return try lines.enumerated().dropFirst().map { index, line in
            do throws(Malformed) {
                return try measurement(of: line)
            } catch {
                throw FloorError.file(path: file.path, line: index + 1, reason: error.reason)
            }
        }
    }

    private struct Malformed: Error {
        var reason: String
    }

    private static func measurement(
        of line: Substring
    ) throws(Malformed) -> FloorMeasurement {
        let names = header.split(separator: ",")
        let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == names.count else {
            throw Malformed(reason: "\(fields.count) fields where \(names.count) belong")
        }
        guard fields[0].isEmpty || TransportKind(rawValue: fields[0]) != nil else {
            throw Malformed(reason: "the transport \"\(fields[0])\" is not known")
        }
        guard FloorMeasure(rawValue: fields[1]) != nil else {
            throw Malformed(reason: "the measure \"\(fields[1])\" is not known")
        }
        guard FloorUnit(rawValue: fields[7]) != nil else {
            throw Malformed(reason: "the unit \"\(fields[7])\" is not known")
        }
        func number(_ column: Int) throws(Malformed) -> Int64 {
            guard let value = Int64(fields[column]), value > 0 else {
                throw Malformed(
                    reason: "\(names[column]) is \"\(fields[column])\", not a positive integer")
            }
            return value
        }
        return FloorMeasurement(
            transport: fields[0], measure: fields[1], peers: Int(try number(2)),
            messageBytes: Int(try number(3)), count: Int(try number(4)), median: try number(5),
            p99: try number(6), unit: fields[7])
    }

    /// The measurements as aligned text, for people.
    package static func table(_ measurements: [FloorMeasurement]) -> String {
        let head = ["transport", "measure", "peers", "message bytes", "count", "median", "p99"]
        let rows =
            [head]
            + measurements.map { row in
                let show = { (value: Int64) in
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
