/// Says where two states part.
package enum Difference {
    /// Compares two sequences of pieces of one size.
    ///
    /// - Parameters:
    ///   - pieceBytes: the size of an element, code word or slot number.
    ///   - name: what a piece is.
    ///   - other: what `expected` is.
    /// - Returns: the first difference in words, or nil when there is none.
    package static func first(
        between actual: [UInt8], and expected: [UInt8], pieceBytes: Int, of name: String,
        than other: String
    ) -> String? {
        guard actual != expected else { return nil }
        let common = min(actual.count, expected.count)
        let byte = (0..<common).first { actual[$0] != expected[$0] } ?? common
        let piece = byte / pieceBytes
        guard byte < common else {
            return "it has \(actual.count / pieceBytes) pieces of kind \"\(name)\", "
                + "\(other) has \(expected.count / pieceBytes)"
        }
        return "\(name) \(piece) is \(text(actual, piece, pieceBytes)), "
            + "\(other) has \(text(expected, piece, pieceBytes))"
    }

    /// Bytes as one number of hexadecimal digits.
    package static func hexadecimal(_ bytes: [UInt8]) -> String {
        "0x" + bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// The first bytes of a piece in hexadecimal.
    private static func text(_ bytes: [UInt8], _ piece: Int, _ pieceBytes: Int) -> String {
        let start = piece * pieceBytes
        let shown = bytes[start..<min(start + pieceBytes, bytes.count)].prefix(16)
        return hexadecimal(Array(shown)) + (pieceBytes > 16 ? "..." : "")
    }
}
