import Foundation

extension CSVReader {
    /// Reads all rows of one kind.
    ///
    /// - Parameter directory: the results directory.
    /// - Returns: the rows, and whether the file ended in the middle of one, which was left out.
    package static func rows<Row: CSVRow>(
        _ type: Row.Type, in directory: String
    ) throws(ResultsError) -> (rows: [Row], isCut: Bool) {
        let columns = Row.columns
        var reader = try CSVReader(
            directory + "/" + Row.fileName, columns: columns.map(\.name),
            optional: Set(columns.filter(\.mayBeEmpty).map(\.name)))
        var rows: [Row] = []
        while try reader.next() {
            var row = Row()
            for (index, column) in columns.enumerated() {
                try reader.read(index, as: column.field, into: &row)
            }
            rows.append(row)
        }
        return (rows, reader.isCut)
    }

    private func read<Row>(
        _ index: Int, as field: Column<Row>.Field, into row: inout Row
    ) throws(ResultsError) {
        switch field {
        case .text(let path): row[keyPath: path] = text(index)
        case .optionalText(let path):
            let text = text(index)
            row[keyPath: path] = text.isEmpty ? nil : text
        case .flag(let path): row[keyPath: path] = try flag(index)
        case .integer(let path): row[keyPath: path] = try integer(index)
        case .optionalInteger(let path): row[keyPath: path] = try optionalInteger(index)
        case .unsigned(let path): row[keyPath: path] = try unsigned(index)
        case .real(let path): row[keyPath: path] = try real(index)
        case .optionalReal(let path): row[keyPath: path] = try optionalReal(index)
        }
    }
}
