import Foundation

/// A figure of gnuplot's as a part of an HTML page.
enum FigureMarkup {
    /// - Parameters:
    ///   - svg: the file's text.
    ///   - prefix: goes before all names in it, so that those of two figures are different.
    /// - Returns: nil where the text is no whole figure, or has parts that gnuplot does not write
    ///   and that do something.
    static func inline(_ svg: String, prefix: String, label: String) -> String? {
        guard let start = svg.range(of: "<svg"),
            let end = svg.range(of: "</svg>", options: .backwards),
            start.lowerBound < end.lowerBound
        else { return nil }
        var text = String(svg[start.upperBound..<end.upperBound])
        guard
            text.firstMatch(of: /(?i)<(script|foreignObject|style|iframe|image|a)\b|\son[a-z]+\s*=/)
                == nil
        else { return nil }
        text.replace(/\bid=(['"])([^'"]*)\1/) { "id=\"\(prefix)\($0.output.2)\"" }
        text.replace(/href=(['"])#([^'"]*)\1/) { "href=\"#\(prefix)\($0.output.2)\"" }
        text.replace(/url\(#([^)'"]*)\)/) { "url(#\(prefix)\($0.output.1))" }
        text.replace("<title>Gnuplot</title>", with: "")
        return "<svg role=\"img\" aria-label=\"\(HTML.escaped(label))\"\(text)\n"
    }
}
