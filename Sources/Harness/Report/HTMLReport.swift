import Foundation

/// `report.html`: one page without any other file that says what an experiment was, what came out,
/// and how each number was measured. Tables are those of `tables.md`, figures those of gnuplot.
package enum HTMLReport {
    package static let fileName = "report.html"

    /// - Parameter directory: whose figures are shown, where they are drawn.
    static func html(_ evaluation: Evaluation) throws(ResultsError) -> String {
        let directory = evaluation.measurements.directory
        let blocks = Markdown.blocks(of: try Tables.text(evaluation))
        // The opening reaches to the first heading below the title.
        let rest = blocks.dropFirst().firstIndex { block in
            if case .heading = block { true } else { false }
        }
        let opening = blocks[..<(rest ?? blocks.endIndex)]
        let tables = Array(blocks[(rest ?? blocks.endIndex)...])
        let title = evaluation.measurements.runs.first?.experiment ?? "No runs"
        let sections: [(id: String, title: String, html: String)] = [
            ("figures", "Figures", figures(in: directory)),
            ("results", "Results", results(tables)),
            ("experiment", "Experiment", experiment(in: directory)),
            ("environment", "Environment", environment(in: directory)),
            ("method", "How the numbers come about", HTML.text(Markdown.blocks(of: method))),
            ("columns", "What each column is", columns),
        ].filter { !$0.html.isEmpty }
        let contents = sections.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>\n" }.joined()
        let body = sections.map { section in
            "<section id=\"\(section.id)\">\n<h2>\(section.title)</h2>\n\(section.html)</section>\n"
        }.joined()
        return """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src \
            'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(HTML.escaped(title)) - crashbench</title>
            <style>
            \(style)</style>
            </head>
            <body>
            \(HTML.text(Array(opening)))\(verdict(evaluation, tables))<nav>
            <ul>
            \(contents)</ul>
            </nav>
            \(body)</body>
            </html>

            """
    }

    /// The tables, one level below the page's own headings.
    private static func results(_ tables: [Markdown.Block]) -> String {
        HTML.text(
            tables.map { block in
                if case .heading(let level, let title) = block {
                    return .heading(min(level + 1, 6), title)
                }
                return block
            })
    }

    private static func figures(in directory: String) -> String {
        let folder = directory + "/figures"
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
            .filter { $0.hasSuffix(".svg") }.sorted()
        return names.enumerated().map { index, name in
            let text = (try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)) ?? ""
            let label = String(name.dropLast(4))
            let markup = FigureMarkup.inline(text, prefix: "f\(index)-", label: label)
            let box = markup.map { "<div class=\"scroll\">\n\($0)</div>\n" } ?? ""
            return "<figure>\n\(box)<figcaption>figures/\(HTML.escaped(name))"
                + (markup == nil ? ": this is no figure of crashbench plot, and is left out." : "")
                + "</figcaption>\n</figure>\n"
        }.joined()
    }

    private static func experiment(in directory: String) -> String {
        let path = directory + "/experiment.json5"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return "" }
        return HTML.details(
            "As it ran, with every default filled in", "<pre>\(HTML.escaped(text))</pre>\n")
    }

    /// Everything that `environment.json` has, also what another version wrote.
    private static func environment(in directory: String) -> String {
        let path = directory + "/" + Environment.fileName
        guard let text = try? String(contentsOfFile: path, encoding: .utf8),
            let value = try? JSONValue(parsing: text)
        else { return "" }
        return HTML.table(["what", "value"], value.facts(""), label: "Environment")
    }

    private static var columns: String {
        DataDictionary.tables.map { table in
            var blocks = Markdown.blocks(of: DataDictionary.markdown(of: table) ?? "")
            if !blocks.isEmpty { blocks.removeFirst() }
            return HTML.details("`\(table).csv`", HTML.text(blocks))
        }.joined()
    }
}

extension JSONValue {
    /// Keys and values as rows of two texts, those of inner objects with the path of their keys.
    fileprivate func facts(_ path: String) -> [[String]] {
        switch self {
        case .null: [[path, "unknown"]]
        case .boolean(let value): [[path, String(value)]]
        case .integer(let value): [[path, String(value)]]
        case .number(let value): [[path, Quantity.number(value)]]
        case .string(let value): [[path, value]]
        case .list(let values):
            [[path, values.flatMap { $0.facts("") }.map { $0[1] }.joined(separator: " ")]]
        case .object(let members):
            members.sorted { $0.key < $1.key }.flatMap { key, value in
                value.facts(path.isEmpty ? key : "\(path).\(key)")
            }
        }
    }
}
