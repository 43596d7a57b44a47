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
        let pieces = pieces(of: actual, pieceEnd)
        let others = self.pieces(of: expected, pieceEnd)
        for (number, (piece, counterpart)) in zip(pieces, others).enumerated()
        where actual[piece] != expected[counterpart] {
            return "\(name) \(number) is \(text(actual[piece])), "
                + "\(other) has \(text(expected[counterpart]))"
        }
        return "it has \(pieces.count) pieces of kind \"\(name)\", \(other) has \(others.count)"
    }

    private static func pieces(
        of bytes: [UInt8], _ end: (_ start: Int, _ bytes: [UInt8]) -> Int
    ) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            // Whatever a header says, a piece has a byte and ends within.
            let next = min(max(end(start, bytes), start + 1), bytes.count)
            pieces.append(start..<next)
            start = next
        }
        return pieces
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
