/// The columns of every CSV file, as Markdown, from the same declarations that write the files.
package enum DataDictionary {
    package static var markdown: String {
        let files: [any CSVRow.Type] = [
            RunRow.self, UpdateRow.self, SpaceRow.self, RecoveryRow.self,
            ResourceRow.self, SummaryRow.self, FloorRow.self,
        ]
        return files.map { section($0) }.joined(separator: "\n")
    }

    private static func section<Row: CSVRow>(_ row: Row.Type) -> String {
        let table = MarkdownTable(
            ["column", "unit", "meaning"],
            Row.columns.map { ["`\($0.name)`", $0.unit, $0.description] })
        return "### \(Row.fileName)\n\n\(Row.meaning)\n\n\(table.text)"
    }
}
