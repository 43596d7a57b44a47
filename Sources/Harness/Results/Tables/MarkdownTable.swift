/// A table of texts in GitHub's Markdown.
struct MarkdownTable {
    private let header: [String]
    private var rows: [[String]]

    init(_ header: [String], _ rows: [[String]] = []) {
        self.header = header
        self.rows = rows
    }

    mutating func append(_ row: [String]) { rows.append(row) }

    var isEmpty: Bool { rows.isEmpty }

    /// The table with a line break at its end.
    var text: String {
        let rule = header.map { _ in "---" }
        return ([header, rule] + rows).map { row in
            let cells = row.map {
                $0.replacing(/[\r\n]+/, with: " ").replacing("|", with: "\\|")
            }
            return "| " + cells.joined(separator: " | ") + " |\n"
        }.joined()
    }
}
