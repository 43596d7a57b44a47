import Foundation

/// The part of Markdown that `tables.md` and the data dictionary are written in, so that the report
/// shows the same text.
enum Markdown {
    enum Block: Equatable {
        /// Level 1 to 6.
        case heading(Int, String)
        case paragraph(String)
        case list([String])
        case table(header: [String], rows: [[String]])
    }

    static func blocks(of text: String) -> [Block] {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.split(separator: "", omittingEmptySubsequences: true).flatMap { lines in
            block(Array(lines))
        }
    }

    /// The blocks of lines with no empty one among them.
    private static func block(_ lines: [Substring]) -> [Block] {
        if lines.count == 1, let level = lines[0].firstIndex(where: { $0 != "#" }),
            level != lines[0].startIndex, lines[0][level] == " "
        {
            let depth = lines[0].distance(from: lines[0].startIndex, to: level)
            return [
                .heading(min(depth, 6), lines[0][level...].trimmingCharacters(in: .whitespaces))
            ]
        }
        if lines.allSatisfy({ $0.hasPrefix("- ") }) {
            return [.list(lines.map { String($0.dropFirst(2)) })]
        }
        if lines.count > 1, lines.allSatisfy({ $0.hasPrefix("|") }) {
            let rows = lines.map(cells)
            return [.table(header: rows[0], rows: Array(rows.dropFirst(2)))]
        }
        return [.paragraph(lines.joined(separator: " "))]
    }

    /// The cells of a table's line; a bar within one has a backslash before it.
    private static func cells(_ line: Substring) -> [String] {
        var cells = [""]
        var isEscaped = false
        for character in line.dropFirst() {
            switch character {
            case "|" where !isEscaped: cells.append("")
            case "|":
                cells[cells.count - 1].replaceSubrange(
                    cells[cells.count - 1].index(before: cells[cells.count - 1].endIndex)...,
                    with: "|")
            default: cells[cells.count - 1].append(character)
            }
            isEscaped = character == "\\"
        }
        return cells.dropLast().map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
