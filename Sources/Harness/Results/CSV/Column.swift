/// A column of a CSV file: its name, its meaning, and where its value stands in a row. Writers,
/// readers and the data dictionary all go by it.
package struct Column<Row>: Sendable {
    package let name: String
    /// `ns`, `bytes`, `count`, ...; empty for texts, flags and numbers that only name something.
    package let unit: String
    package let description: String
    let field: Field

    /// Where the value stands, by its form in the file. A nil value is an empty cell, and
    /// so is an empty text.
    enum Field: Sendable {
        case text(WritableKeyPath<Row, String> & Sendable)
        case optionalText(WritableKeyPath<Row, String> & Sendable)
        case flag(WritableKeyPath<Row, Bool> & Sendable)
        case integer(WritableKeyPath<Row, Int> & Sendable)
        case optionalInteger(WritableKeyPath<Row, Int?> & Sendable)
        case unsigned(WritableKeyPath<Row, UInt64> & Sendable)
        case real(WritableKeyPath<Row, Double> & Sendable)
        case optionalReal(WritableKeyPath<Row, Double?> & Sendable)
    }

    /// Whether a cell may be empty, so that files of earlier versions may lack the column.
    var mayBeEmpty: Bool {
        switch field {
        case .optionalText, .optionalInteger, .optionalReal: true
        default: false
        }
    }

    init(_ name: String, _ field: Field, _ description: String) {
        self.init(name, "", field, description)
    }

    init(_ name: String, _ unit: String, _ field: Field, _ description: String) {
        self.name = name
        self.unit = unit
        self.field = field
        self.description = description
    }

    /// Appends the value that a row has here, in the form of the file.
    func append(_ row: Row, to bytes: inout [UInt8]) {
        switch field {
        case .text(let path), .optionalText(let path):
            CSVText.append(row[keyPath: path], to: &bytes)
        case .flag(let path): bytes.append(contentsOf: String(row[keyPath: path]).utf8)
        case .integer(let path): bytes.append(contentsOf: String(row[keyPath: path]).utf8)
        case .optionalInteger(let path):
            guard let value = row[keyPath: path] else { return }
            bytes.append(contentsOf: String(value).utf8)
        case .unsigned(let path): bytes.append(contentsOf: String(row[keyPath: path]).utf8)
        case .real(let path): bytes.append(contentsOf: String(row[keyPath: path]).utf8)
        case .optionalReal(let path):
            guard let value = row[keyPath: path] else { return }
            bytes.append(contentsOf: String(value).utf8)
        }
    }
}

/// One fact of a CSV file. Names and order of the columns are a contract with everybody who reads
/// the files: new ones go at the end.
package protocol CSVRow: Sendable {
    static var fileName: String { get }
    /// What one row is, as a sentence.
    static var meaning: String { get }
    static var columns: [Column<Self>] { get }

    /// A blank row for the reader to fill.
    init()
}

extension CSVRow {
    /// Appends the row as a record of RFC 4180, line break included.
    ///
    /// Lines end with CR LF, as the RFC has it: pandas and gnuplot 5.4 read both endings, and
    /// gnuplot drops the CR also where the last column is a text. Numbers go through `String`,
    /// which keeps up to 15 bytes inline, so that no field allocates.
    func append(to bytes: inout [UInt8]) {
        for (index, column) in Self.columns.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            column.append(self, to: &bytes)
        }
        bytes.append(contentsOf: CSVText.lineEnd)
    }

    /// The first line of the file.
    static var header: [UInt8] {
        columns.map(\.name).joined(separator: ",").utf8 + CSVText.lineEnd
    }
}

/// The parts of RFC 4180 that writing needs.
enum CSVText {
    static let lineEnd: [UInt8] = [UInt8(ascii: "\r"), UInt8(ascii: "\n")]

    /// Appends `text`, quoted only where it must be.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        let quote = UInt8(ascii: "\"")
        guard text.utf8.contains(where: { $0 == quote || endsField($0) }) else {
            bytes.append(contentsOf: text.utf8)
            return
        }
        bytes.append(quote)
        for byte in text.utf8 {
            if byte == quote { bytes.append(quote) }
            bytes.append(byte)
        }
        bytes.append(quote)
    }

    /// Whether the byte ends a field that has no quotes.
    static func endsField(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n")
    }
}
