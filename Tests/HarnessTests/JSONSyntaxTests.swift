import Foundation
import Testing

@testable import Harness

/// Where a text is not JSON5, and that Foundation sees the same texts as wrong.
struct JSONSyntaxTests {
    private static func foundationAccepts(_ text: String) -> Bool {
        (try? JSONValue.decode(text) as JSONValue) != nil
    }

    private static func scannerAccepts(_ text: String) -> Bool {
        (try? JSONSyntax.check(text)) != nil
    }

    @Test(arguments: [
        "1", "+1", "-0", "1e3", "1E+3", "1.5", ".5", "5.", "1.e3", "0e1", "0x1F", "-0X1f", "NaN",
        "-Infinity", "true", "false", "null", "'a'", "'a\\'b'", "\"a'b\"", "'\\x41\\u0041'",
        "'\\ud83d\\ude00'", "'a\\\nb'", "'a\\\r\nb'", "\"\\/\\b\\f\\n\\r\\t\\\\\"", "[]", "[1,]",
        "[1,[2,{}]]", "{}", "{a:1,}", "{'a':1,\"b\":2}", "{$a_1:1}", "{null:1,Infinity:2}",
        "// c\n1", "/* c\n */ 1", "/**/1", "1 // c", "1//", "//\r1", " \t\r\n\u{0B}\u{0C}1 ",
        "\u{FEFF}1", "{a\n:\n1}", "{a/**/:1}", "{a://\n1}", "'é'", "{'é':1}",
    ])
    func agreesOnWhatIsJSON5(_ text: String) {
        #expect(Self.scannerAccepts(text))
        #expect(Self.foundationAccepts(text))
    }

    @Test(arguments: [
        "", "  ", "1 2", "012", "00", "0x", "0xg", "1e", ".", "-", "+-1", "--1", "- 1", "1.2.3",
        "1_0", "1a", "nul", "nulls", "true1", "undefined", "nan", "'a", "'a\nb'", "\"a\n\"",
        "'\t'", "'\\1'", "'\\q'", "'\\u00'", "'\\xG1'", "'\\ud83d'", "[", "[1", "[,]", "[1,,2]",
        "[1 2]", "[1:2]", "[1}", "{", "{a:1", "{,}", "{a:1,,}", "{a 1}", "{a}", "{a:}", "{:1}",
        "{1a:1}", "{a-b:1}", "{a:1 b:2}", "{a:1]", "/", "1/", "/* c", "/*/1", "1 /* c */ 2",
        "\u{A0}1", "{\u{2003}a:1}", "]", "}", ",", ":",
    ])
    func agreesOnWhatIsNot(_ text: String) {
        #expect(!Self.scannerAccepts(text))
        #expect(!Self.foundationAccepts(text))
    }

    @Test(arguments: [
        ("{a: 1,\n b 2}", 2, 4, "expected \":\" after the key \"b\", found \"2\""),
        (
            "{a: 1\n b: 2}", 2, 2,
            "expected \",\" or \"}\" (opened on line 1, column 1), found \"b\""
        ),
        (
            "{a: [1,\r\n2", 2, 2,
            "expected \",\" or \"]\" (opened on line 1, column 5), found the end of the text"
        ),
        ("{a: tcp}", 1, 5, "\"tcp\" is neither a number nor a string in quotes"),
        ("{a: }", 1, 5, "expected a value, found \"}\""),
        ("{a: 'x\n}", 1, 5, "the string that starts here does not end on its line"),
        ("{}\r\r/* ", 3, 1, "the comment that starts here does not end"),
        ("{} x", 1, 4, "expected the end of the text, found \"x\""),
        ("[é]", 1, 2, "expected a value, found \"é\""),
        ("{é: 1}", 1, 2, "expected a key, found \"é\""),
    ])
    func namesThePlace(_ text: String, line: Int, column: Int, reason: String) {
        #expect(throws: JSONSyntax.Failure(line: line, column: column, reason: reason)) {
            try JSONSyntax.check(text)
        }
    }

    @Test(arguments: ["{a: 1,\n a: 2}", "{a: 1,\n 'a': 2}", "{a: 1,\n \"\\u0061\": 2}"])
    func refusesARepeatedKey(_ text: String) {
        let reason = "the key \"a\" stands twice in one object"
        #expect(throws: JSONSyntax.Failure(line: 2, column: 2, reason: reason)) {
            try JSONSyntax.check(text)
        }
    }

    @Test func allowsTheSameKeyInTwoObjects() throws {
        try JSONSyntax.check("{a: {a: 1}, b: [{a: 1}, {a: 1}]}")
    }

    @Test func endsDeepNesting() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        try JSONSyntax.check(nested(JSONSyntax.maximumDepth))
        #expect(throws: JSONSyntax.Failure.self) {
            try JSONSyntax.check(nested(JSONSyntax.maximumDepth + 1))
        }
        #expect(throws: JSONSyntax.Failure.self) { try JSONSyntax.check(nested(1_000_000)) }
    }

    @Test func readsValues() throws {
        let text = "{a: [null, true, 1e3, 1.5, 'x'], b: {c: 99999999999999999999}}"
        let value = try JSONValue(parsing: text)
        #expect(
            value
                == .object([
                    "a": .list([.null, .boolean(true), .integer(1000), .number(1.5), .string("x")]),
                    "b": .object(["c": .number(1e20)]),
                ]))
    }

    /// Foundation's decoder once read on into what the heap held behind a text, and trapped.
    @Test func endsANumberWhereTheTextEnds() throws {
        for digits in 1...40 {
            let freed = stride(from: 16, to: 128, by: 8).flatMap { size in
                (0..<8).map { _ in
                    let block = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
                    block.initializeMemory(as: UInt8.self, repeating: 0x35, count: size)
                    return block
                }
            }
            for block in freed { block.deallocate() }
            let text = "1." + String(repeating: "5", count: digits)
            #expect(try JSONValue(parsing: text) == .number(Double(text)!))
        }
    }
}
