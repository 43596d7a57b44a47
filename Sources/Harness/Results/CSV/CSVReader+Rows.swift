import Foundation

extension CSVReader {
    /// Reads all rows of one kind.
    ///
    /// - Parameter directory: the results directory.
    /// - Returns: the rows, and whether the file ended in the middle of one, which was left out.
    /// - Throws: `ResultsError`, also where one row is malformed.
    package static func rows<Row: CSVRow>(
        _ type: Row.Type, in directory: String
    ) throws(ResultsError) -> (rows: [Row], isCut: Bool) {
        var reader = try CSVReader(of: type, in: directory)
        var rows: [Row] = []
        while try reader.next() { rows.append(try reader.row()) }
        return (rows, reader.isCut)
    }

    /// Reads all rows of one kind that are whole, and notes what is not.
    ///
    /// - Throws: `ResultsError` where nothing of the file can be read.
    package static func wholeRows<Row: CSVRow>(
        _ type: Row.Type, in directory: String, _ omissions: inout Omissions
    ) throws(ResultsError) -> [Row] {
        var reader = try CSVReader(of: type, in: directory)
        var rows: [Row] = []
        reader.eachRow(of: type, &omissions) { reader throws(ResultsError) in
            rows.append(try reader.row())
        }
        return rows
    }

    /// Hands every row to `take` and notes those that it throws at or that are malformed before, the
    /// end of a file that is cut, and columns that this version does not know.
    mutating func eachRow<Row: CSVRow>(
        of type: Row.Type, _ omissions: inout Omissions,
        take: (CSVReader) throws(ResultsError) -> Void
    ) {
        let file = Row.fileName
        let known = Set(Row.columns.map(\.name))
        let unknown = header.filter { !known.contains($0) }
        if !unknown.isEmpty {
            omissions.note(
                "\(file) has \(unknown.count == 1 ? "a column" : "columns") that this version does "
                    + "not know (\(unknown.joined(separator: ", "))) and did not use; crashbench "
                    + "columns lists those that it knows.", of: file)
        }
        while true {
            do throws(ResultsError) {
                guard try next() else { break }
                try take(self)
            } catch {
                omissions.note(error, of: file, leavingOut: "the row")
            }
        }
        if isCut {
            omissions.note(
                "\(file) ends in the middle of a row, which was left out.", of: file)
        }
    }

    private init<Row: CSVRow>(of type: Row.Type, in directory: String) throws(ResultsError) {
        let columns = Row.columns
        try self.init(
            directory + "/" + Row.fileName, columns: columns.map(\.name),
            optional: Set(columns.filter(\.mayBeEmpty).map(\.name)))
    }

    private func row<Row: CSVRow>() throws(ResultsError) -> Row {
        var row = Row()
        for (index, column) in Row.columns.enumerated() {
            try read(index, as: column.field, into: &row)
        }
        return row
    }

    private func read<Row>(
        _ index: Int, as field: Column<Row>.Field, into row: inout Row
    ) throws(ResultsError) {
        switch field {
        case .text(let path), .optionalText(let path): row[keyPath: path] = text(index)
        case .flag(let path): row[keyPath: path] = try flag(index)
        case .integer(let path): row[keyPath: path] = try integer(index)
        case .optionalInteger(let path): row[keyPath: path] = try optionalInteger(index)
        case .unsigned(let path): row[keyPath: path] = try unsigned(index)
        case .real(let path): row[keyPath: path] = try real(index)
        case .optionalReal(let path): row[keyPath: path] = try optionalReal(index)
        }
    }
}
