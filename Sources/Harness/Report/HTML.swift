/// Pieces of HTML. Whatever comes from files goes through `escaped`.
enum HTML {
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            // No control characters in HTML.
            case "\0"..<" " where character != "\n" && character != "\t": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }

    /// A text in which what stands between backticks is code, and between double asterisks strong.
    static func inline(_ text: String) -> String {
        alternate(text, "`", tag: "code") { alternate($0, "**", tag: "strong", outside: escaped) }
    }

    /// Puts every second part between tags. An odd mark out stays what it is.
    private static func alternate(
        _ text: String, _ mark: String, tag: String, outside: (String) -> String
    ) -> String {
        let parts = text.split(separator: mark, omittingEmptySubsequences: false).map(String.init)
        guard !parts.count.isMultiple(of: 2) else { return outside(text) }
        return parts.enumerated().map { index, part in
            index.isMultiple(of: 2) ? outside(part) : "<\(tag)>\(escaped(part))</\(tag)>"
        }.joined()
    }

    /// Blocks of Markdown, one below the other.
    ///
    /// - Parameter anchor: the `id` of a heading, by its place among the headings; nil for none.
    static func text(
        _ blocks: [Markdown.Block], anchor: (Int) -> String? = { _ in nil }
    ) -> String {
        var headings = 0
        var last = ""
        return blocks.map { block in
            switch block {
            case .heading(let level, let title):
                let id = anchor(headings).map { " id=\"\($0)\"" } ?? ""
                headings += 1
                last = title
                return "<h\(level)\(id)>\(inline(title))</h\(level)>\n"
            case .paragraph(let text):
                return "<p>\(inline(text))</p>\n"
            case .list(let items):
                return "<ul>\n" + items.map { "<li>\(inline($0))</li>\n" }.joined() + "</ul>\n"
            case .table(let header, let rows):
                return table(header, rows, label: last)
            }
        }.joined()
    }

    /// A table in a box that scrolls by itself.
    ///
    /// - Parameter label: for those who do not see it.
    static func table(_ header: [String], _ rows: [[String]], label: String) -> String {
        let head = header.map { "<th scope=\"col\">\(inline($0))</th>" }.joined()
        let body = rows.map { row in
            "<tr>" + row.map { "<td\(kind(of: $0))>\(inline($0))</td>" }.joined() + "</tr>\n"
        }.joined()
        return """
            <div class="scroll" role="region" tabindex="0" aria-label="\(escaped(label))">
            <table>
            <thead><tr>\(head)</tr></thead>
            <tbody>
            \(body)</tbody>
            </table>
            </div>

            """
    }

    /// Numbers stand at the right, long texts may wrap, verdicts have a colour.
    private static func kind(of cell: String) -> String {
        if cell.hasPrefix("not reproduced") { return " class=\"bad\"" }
        if cell.hasPrefix("reproduced") { return " class=\"good\"" }
        if cell.count > 36, !cell.contains("[") { return " class=\"long\"" }
        guard let first = cell.first, first.isNumber || first == "-" else { return "" }
        return " class=\"number\""
    }

    /// Something to be opened; printed as if it were open.
    static func details(_ summary: String, _ content: String) -> String {
        "<details>\n<summary>\(inline(summary))</summary>\n\(content)</details>\n"
    }
}
