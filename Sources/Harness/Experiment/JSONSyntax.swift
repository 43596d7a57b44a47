import Foundation

/// Finds the first place where a text is not JSON5, and keys that stand twice in one object.
///
/// Foundation's parser gives the values; on Linux its errors have no position and a repeated key
/// passes silently, so this scanner looks at the grammar alone. It is stricter than Foundation in
/// two points: a key without quotes has ASCII letters only, and nesting ends at `maximumDepth`.
package struct JSONSyntax {
    /// Where and why a text is not JSON5.
    package struct Failure: Error, Equatable, Sendable {
        /// Counts from 1.
        package var line: Int
        /// Counts Unicode scalars from 1.
        package var column: Int
        package var reason: String
    }

    package static let maximumDepth = 64

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var depth = 0

    /// Throws where `text` is not one JSON5 value, or repeats a key.
    package static func check(_ text: String) throws(Failure) {
        var scanner = JSONSyntax(text)
        try scanner.skipSpace()
        try scanner.scanValue()
        try scanner.skipSpace()
        guard scanner.index == scanner.scalars.count else {
            throw scanner.failure("expected the end of the text, found \(scanner.found)")
        }
    }

    private init(_ text: String) {
        let all = Array(text.unicodeScalars)
        let byteOrderMark: Unicode.Scalar = "\u{FEFF}"
        scalars = all.first == byteOrderMark ? Array(all.dropFirst()) : all
    }

    // MARK: Grammar

    private mutating func scanValue() throws(Failure) {
        switch current {
        case "{":
            try scanItems(until: "}") { scanner, keys throws(Failure) in
                try scanner.scanMember(&keys)
            }
        case "[":
            try scanItems(until: "]") { scanner, _ throws(Failure) in
                try scanner.scanValue()
            }
        case "\"", "'": _ = try scanString()
        default: try scanWord()
        }
    }

    /// Scans an object or an array from its opening bracket: items, commas, one comma more at the
    /// end if it stands there.
    private mutating func scanItems(
        until close: Unicode.Scalar,
        item: (inout JSONSyntax, inout Set<String>) throws(Failure) -> Void
    ) throws(Failure) {
        let start = index
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw failure("nested deeper than \(Self.maximumDepth) levels")
        }
        index += 1
        var keys: Set<String> = []
        try skipSpace()
        while current != close {
            try item(&self, &keys)
            try skipSpace()
            if current == "," {
                index += 1
                try skipSpace()
            } else if current != close {
                let opened = failure("", at: start)
                throw failure(
                    "expected \",\" or \"\(close)\" (opened on line \(opened.line), "
                        + "column \(opened.column)), found \(found)")
            }
        }
        index += 1
    }

    private mutating func scanMember(_ keys: inout Set<String>) throws(Failure) {
        let start = index
        let key: String
        if current == "\"" || current == "'" {
            key = try scanString()
        } else {
            guard let first = current, first.isKeyStart else {
                throw failure("expected a key, found \(found)")
            }
            key = take { $0.isKeyStart || $0.isDigit }
        }
        guard keys.insert(key).inserted else {
            throw failure("the key \"\(key)\" stands twice in one object", at: start)
        }
        try skipSpace()
        guard current == ":" else {
            throw failure("expected \":\" after the key \"\(key)\", found \(found)")
        }
        index += 1
        try skipSpace()
        try scanValue()
    }

    /// Scans a string with its quotes.
    ///
    /// - Returns: The string's value, by Foundation, so that keys compare as it will compare them.
    private mutating func scanString() throws(Failure) -> String {
        let start = index
        let quote = current
        index += 1
        while current != quote {
            guard let scalar = current, scalar.value >= 0x20 else {
                throw failure("the string that starts here does not end on its line", at: start)
            }
            let continuesOnNextLine =
                scalar == "\\" && current(1) == "\r" && current(2) == "\n"
            index += continuesOnNextLine ? 3 : scalar == "\\" ? 2 : 1
        }
        index += 1
        let text = String(String.UnicodeScalarView(scalars[start..<index]))
        guard let value: String = try? JSONValue.decode(text) else {
            throw failure("the string that starts here has an escape that is not known", at: start)
        }
        return value
    }

    private mutating func scanWord() throws(Failure) {
        let start = index
        let word = take { $0.isKeyStart || $0.isDigit || "+-.".unicodeScalars.contains($0) }
        let decimal = /[+-]?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/
        let other = /[+-]?(?:Infinity|NaN|0[xX][0-9a-fA-F]+)|true|false|null/
        guard word.wholeMatch(of: decimal) != nil || word.wholeMatch(of: other) != nil else {
            index = start
            throw word.isEmpty
                ? failure("expected a value, found \(found)")
                : failure("\"\(word)\" is neither a number nor a string in quotes")
        }
    }

    /// Skips white space and comments.
    private mutating func skipSpace() throws(Failure) {
        while let scalar = current {
            if " \t\n\r\u{0B}\u{0C}".unicodeScalars.contains(scalar) {
                index += 1
            } else if scalar == "/" && current(1) == "/" {
                _ = take { $0 != "\n" && $0 != "\r" }
            } else if scalar == "/" && current(1) == "*" {
                let start = index
                index += 2
                while !(current == "*" && current(1) == "/") {
                    guard current != nil else {
                        throw failure("the comment that starts here does not end", at: start)
                    }
                    index += 1
                }
                index += 2
            } else {
                return
            }
        }
    }

    // MARK: Text

    private var current: Unicode.Scalar? { current(0) }

    private func current(_ offset: Int) -> Unicode.Scalar? {
        index + offset < scalars.count ? scalars[index + offset] : nil
    }

    private mutating func take(while belongs: (Unicode.Scalar) -> Bool) -> String {
        let start = index
        while let scalar = current, belongs(scalar) { index += 1 }
        return String(String.UnicodeScalarView(scalars[start..<index]))
    }

    private var found: String { current.map { "\"\($0)\"" } ?? "the end of the text" }

    private func failure(_ reason: String, at place: Int? = nil) -> Failure {
        let before = scalars[..<min(place ?? index, scalars.count)]
        var line = 1
        var column = 1
        for (offset, scalar) in before.enumerated() {
            let endsLine =
                scalar == "\n"
                || scalar == "\r" && !(offset + 1 < scalars.count && scalars[offset + 1] == "\n")
            (line, column) = endsLine ? (line + 1, 1) : (line, column + 1)
        }
        return Failure(line: line, column: column, reason: reason)
    }
}

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }

    fileprivate var isKeyStart: Bool {
        ("a"..."z").contains(self) || ("A"..."Z").contains(self) || self == "_" || self == "$"
    }
}
