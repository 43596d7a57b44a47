import Structures

/// Says where two states part.
package enum Difference {
    /// Compares two sequences of pieces.
    ///
    /// - Parameters:
    ///   - pieceEnd: where a piece that begins at an offset ends, in the bytes given.
    ///   - name: what a piece is.
    ///   - other: what `expected` is.
    /// - Returns: the first difference in words, or nil when there is none.
    package static func first(
        between actual: [UInt8], and expected: [UInt8], of name: String, than other: String,
        pieceEnd: (_ start: Int, _ bytes: [UInt8]) -> Int
    ) -> String? {
        guard actual != expected else { return nil }
        var (left, right) = (0, 0)
        var piece = 0
        while left < actual.count, right < expected.count {
            let leftEnd = min(max(pieceEnd(left, actual), left + 1), actual.count)
            let rightEnd = min(max(pieceEnd(right, expected), right + 1), expected.count)
            if actual[left..<leftEnd] != expected[right..<rightEnd] {
                return "\(name) \(piece) is \(text(actual[left..<leftEnd])), "
                    + "\(other) has \(text(expected[right..<rightEnd]))"
            }
            (left, right) = (leftEnd, rightEnd)
            piece += 1
        }
        return left < actual.count
            ? "it has more than the \(piece) pieces of kind \"\(name)\" that \(other) has"
            : "it has only \(piece) pieces of kind \"\(name)\", \(other) has more"
    }

    /// Compares two sequences of pieces of one size.
    package static func first(
        between actual: [UInt8], and expected: [UInt8], pieceBytes: Int, of name: String,
        than other: String
    ) -> String? {
        first(between: actual, and: expected, of: name, than: other) { start, _ in
            start + pieceBytes
        }
    }

    /// Compares elements with the model's.
    package static func first(
        between elements: [UInt8], and model: ModelStructure
    ) -> String? {
        first(
            between: elements, and: model.elements(), of: "element", than: "the model",
            pieceEnd: model.shape.elementEnd)
    }

    /// Compares a structure in plain form, as `PlainStructure.snapshot` gave it, with the model.
    package static func first(
        between snapshot: Message?, and model: ModelStructure
    ) -> String? {
        guard let snapshot else { return "it has not told its state" }
        do {
            return first(between: try model.shape.plain(from: snapshot).elements(), and: model)
        } catch {
            return "its state cannot be read: \(error)"
        }
    }

    /// Bytes as one number of hexadecimal digits.
    package static func hexadecimal(_ bytes: [UInt8]) -> String {
        "0x" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The first bytes of a piece in hexadecimal.
    private static func text(_ piece: ArraySlice<UInt8>) -> String {
        hexadecimal(Array(piece.prefix(16))) + (piece.count > 16 ? "..." : "")
    }
}
