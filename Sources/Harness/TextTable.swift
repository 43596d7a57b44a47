/// A table of aligned texts for a terminal.
struct TextTable {
    private let header: [String]
    private var rows: [[String]]
    /// The columns whose texts stand at the left; the others are numbers, at the right.
    private let isText: [Bool]

    /// - Parameter isText: for each column; nil where what looks like a number everywhere is one.
    init(_ header: [String], _ rows: [[String]], isText: [Bool]? = nil) {
        self.header = header
        self.rows = rows
        self.isText =
            isText
            ?? header.indices.map { column in
                !rows.allSatisfy { Double($0[column]) != nil }
            }
    }

    /// The lines, each with its end and this before it.
    func text(indent: String = "") -> String {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let cells = zip(zip(row, widths), isText).map { cell, isText in
                cell.0.padded(to: cell.1, right: !isText)
            }
            return indent + cells.joined(separator: "  ").trimmedEnd + "\n"
        }.joined()
    }
}

extension String {
    func padded(to width: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - count))
        return right ? space + self : self + space
    }

    fileprivate var trimmedEnd: String {
        String(reversed().drop { $0 == " " }.reversed())
    }
}
