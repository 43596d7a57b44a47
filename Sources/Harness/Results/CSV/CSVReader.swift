import Foundation

/// Reads a CSV file of RFC 4180 row by row, with either line ending. Columns are found by their
/// names in the header, so that files with further columns are read too.
package struct CSVReader {
    package let path: String
    /// Whether the file ends in the middle of a row, which is then left out.
    package private(set) var isCut = false

    private let bytes: [UInt8]
    private var offset = 0
    private var line = 1
    /// Where the current row begins, and on which line.
    private var rowStart = 0
    private var rowLine = 1
    private var fields: [Field] = []
    private var fieldCount = 0
    /// The names of all columns of the file.
    private(set) var header: [String] = []
    /// Where the wanted columns stand; nil for one that the file lacks.
    private var positions: [Int?] = []
    private let names: [String]

    private struct Field {
        var range: Range<Int>
        var hasQuotes: Bool
    }

    /// Opens a file.
    ///
    /// - Parameters:
    ///   - columns: those that the caller wants, by name; `text(_:)` and the others take an index
    ///     into this array.
    ///   - optional: those of them that a file from an earlier version may lack; they read as empty.
    /// - Throws: `ResultsError.read`, or `.malformed` when the header lacks another column.
    package init(
        _ path: String, columns: [String], optional: Set<String> = []
    ) throws(ResultsError) {
        guard access(path, R_OK) == 0 else { throw .read(path: path, reason: reason(of: errno)) }
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw .read(path: path, reason: reason(of: error))
        }
        try self.init(Array(data), path: path, columns: columns, optional: optional)
    }

    /// Reads what is in memory already; `path` is for messages.
    package init(
        _ bytes: [UInt8], path: String, columns: [String], optional: Set<String> = []
    ) throws(ResultsError) {
        self.path = path
        self.bytes = bytes
        names = columns
        // What editors of spreadsheets put before UTF-8.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
        guard try scanRow() else {
            throw .malformed(path: path, line: 1, reason: "the header is missing or cut")
        }
        header = fields.indices.map(text(inField:))
        fieldCount = header.count
        for name in columns {
            let position = header.firstIndex(of: name)
            guard header.lastIndex(of: name) == position else {
                throw .malformed(
                    path: path, line: 1, reason: "the column \"\(name)\" stands twice in the header"
                )
            }
            guard position != nil || optional.contains(name) else {
                throw .malformed(
                    path: path, line: 1, reason: "the column \"\(name)\" is missing in the header")
            }
            positions.append(position)
        }
    }

    /// The bytes of the current row, of the header before the first, its line end included.
    var rowBytes: ArraySlice<UInt8> { bytes[rowStart..<offset] }

    /// Goes to the next row; empty lines are none.
    ///
    /// - Returns: false at the end of the file.
    /// - Throws: `ResultsError.malformed` for a row that is not as RFC 4180 has it or has more or
    ///   fewer fields than the header. Another call goes on with the line behind.
    package mutating func next() throws(ResultsError) -> Bool {
        repeat {
            do throws(ResultsError) {
                guard try scanRow() else { return false }
            } catch {
                offset = lineEnd
                line = rowLine + 1
                throw error
            }
        } while isBlank
        guard fields.count == fieldCount else {
            throw malformed(
                "\(fields.count) \(fields.count == 1 ? "field" : "fields") where the header has "
                    + "\(fieldCount)")
        }
        return true
    }

    private var isBlank: Bool { fieldCount > 1 && fields.count == 1 && fields[0].range.isEmpty }

    /// Where the first line of the current row ends.
    private var lineEnd: Int {
        bytes[rowStart...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
    }

    /// The current row's text in the column with this index.
    package func text(_ column: Int) -> String { positions[column].map(text(inField:)) ?? "" }

    /// The current row's integer, or nil for an empty cell.
    package func optionalInteger(_ column: Int) throws(ResultsError) -> Int? {
        guard let range = positions[column].map({ fields[$0].range }), !range.isEmpty else {
            return nil
        }
        var value = 0
        for index in range {
            let digit = Int(bytes[index]) - 48
            value = value * 10 + digit
            guard (0...9).contains(digit), value <= Self.largest else {
                throw wrong(column, Self.wholeNumber)
            }
        }
        return value
    }

    /// More than a run of ten days has nanoseconds, so that sums of many such numbers do not
    /// overflow.
    private static let largest = 1_000_000_000_000_000
    private static let wholeNumber = "a whole number from 0 to 10^15"

    package func integer(_ column: Int) throws(ResultsError) -> Int {
        guard let value = try optionalInteger(column) else {
            throw wrong(column, Self.wholeNumber)
        }
        return value
    }

    package func unsigned(_ column: Int) throws(ResultsError) -> UInt64 {
        guard let value = UInt64(text(column)) else {
            throw wrong(column, "a whole number from 0 to 2^64 - 1")
        }
        return value
    }

    package func optionalReal(_ column: Int) throws(ResultsError) -> Double? {
        let text = text(column)
        if text.isEmpty { return nil }
        guard let value = Double(text), value.isFinite else { throw wrong(column, "a number") }
        return value
    }

    package func real(_ column: Int) throws(ResultsError) -> Double {
        guard let value = try optionalReal(column) else { throw wrong(column, "a number") }
        return value
    }

    package func flag(_ column: Int) throws(ResultsError) -> Bool {
        guard let value = Bool(text(column)) else { throw wrong(column, "true or false") }
        return value
    }

    private func wrong(_ column: Int, _ expected: String) -> ResultsError {
        malformed("\(names[column]) is \"\(text(column))\" where \(expected) belongs")
    }

    private func malformed(_ reason: String) -> ResultsError {
        .malformed(path: path, line: rowLine, reason: reason)
    }

    private func text(inField index: Int) -> String {
        let field = fields[index]
        let text = String(decoding: bytes[field.range], as: UTF8.self)
        return field.hasQuotes ? text.replacingOccurrences(of: "\"\"", with: "\"") : text
    }

    /// Finds the fields of the next row; false at the end, also where the last row is cut.
    private mutating func scanRow() throws(ResultsError) -> Bool {
        fields.removeAll(keepingCapacity: true)
        rowLine = line
        rowStart = offset
        if offset == bytes.count { return false }
        while true {
            guard let field = try scanField() else {
                // A quote of a row that was cut would be in the last line.
                if lineEnd < bytes.count { throw malformed("a quote is never closed") }
                break
            }
            guard offset < bytes.count else { break }
            fields.append(field)
            let byte = bytes[offset]
            offset += 1
            if byte == UInt8(ascii: ",") { continue }
            if byte == UInt8(ascii: "\r") {
                guard offset < bytes.count else { break }
                guard bytes[offset] == UInt8(ascii: "\n") else {
                    throw malformed("a carriage return stands alone")
                }
                offset += 1
            }
            line += 1
            return true
        }
        offset = bytes.count
        isCut = true
        return false
    }

    /// Moves to the byte behind the next field; nil where the file ends within quotes.
    private mutating func scanField() throws(ResultsError) -> Field? {
        let quote = UInt8(ascii: "\"")
        guard offset < bytes.count, bytes[offset] == quote else {
            let start = offset
            while offset < bytes.count, !CSVText.endsField(bytes[offset]) { offset += 1 }
            return Field(range: start..<offset, hasQuotes: false)
        }
        offset += 1
        let start = offset
        var hasQuotes = false
        while offset < bytes.count {
            if bytes[offset] == UInt8(ascii: "\n") { line += 1 }
            guard bytes[offset] == quote else {
                offset += 1
                continue
            }
            if offset + 1 < bytes.count, bytes[offset + 1] == quote {
                hasQuotes = true
                offset += 2
                continue
            }
            let field = Field(range: start..<offset, hasQuotes: hasQuotes)
            offset += 1
            guard offset == bytes.count || CSVText.endsField(bytes[offset]) else {
                throw malformed("text stands behind a closing quote")
            }
            return field
        }
        return nil
    }
}

/// The reason of a Foundation file error without the path, which messages name anyway.
func reason(of error: any Error) -> String {
    let error = error as NSError
    let text = error.localizedFailureReason ?? error.localizedDescription
    // It becomes the end or the middle of a sentence of ours.
    return text.hasSuffix(".") ? String(text.dropLast()) : text
}
