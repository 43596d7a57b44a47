/// The columns of every CSV file, as Markdown, from the same declarations that write the files.
package enum DataDictionary {
    private static let files: [any CSVRow.Type] = [
        RunRow.self, UpdateRow.self, SpaceRow.self, RecoveryRow.self, ResourceRow.self,
        SummaryRow.self,
        ComparisonRow.self, FloorRow.self, SelfTestRow.self,
    ]

    /// The names of the files, without their ending.
    package static var tables: [String] {
        files.map { String($0.fileName.prefix { $0 != "." }) }
    }

    /// All files.
    package static var markdown: String {
        files.map { section($0) }.joined(separator: "\n")
    }

    /// One of `tables`, also with the ending of its file; nil for anything else.
    package static func markdown(of table: String) -> String? {
        files.first { [table, "\(table).csv"].contains($0.fileName) }.map { section($0) }
    }

    private static func section<Row: CSVRow>(_ row: Row.Type) -> String {
        let table = MarkdownTable(
            ["column", "unit", "meaning"],
            Row.columns.map { ["`\($0.name)`", $0.unit, $0.description] })
        return "### \(Row.fileName)\n\n\(Row.meaning)\n\n\(table.text)"
    }
}
