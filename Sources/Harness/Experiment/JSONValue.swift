import Foundation

/// A JSON5 value of any shape. Foundation parses it; `JSONSyntax` says where a text is wrong.
package enum JSONValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// A number without a fraction that fits.
    case integer(Int)
    /// Any other number.
    case number(Double)
    case string(String)
    case list([JSONValue])
    case object([String: JSONValue])

    /// Has Foundation parse a JSON5 text.
    ///
    /// The line end that is added matters: Foundation reads a number with strtod, past the end of
    /// its data if that ends in digits, and traps if more digits happen to stand there.
    static func decode<Value: Decodable>(_ text: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        return try decoder.decode(Value.self, from: Data("\(text)\n".utf8))
    }

    /// Parses a JSON5 text.
    ///
    /// - Throws: What is not JSON5 in it, with line and column, as an error without keys.
    package init(parsing text: String) throws(ExperimentError) {
        do {
            try JSONSyntax.check(text)
        } catch {
            throw ExperimentError(
                keys: [],
                problem: "line \(error.line), column \(error.column): \(error.reason)",
                allowed: "the text must be JSON5")
        }
        do {
            self = try Self.decode(text)
        } catch {
            // Only values can be wrong here, such as 1e400.
            throw ExperimentError(
                keys: [], problem: "a number in the text is out of range",
                allowed: "numbers must be within 64 bits")
        }
    }

    /// Puts `value` at a path of keys and makes the objects on the way to it.
    mutating func set(_ path: ArraySlice<String>, to value: JSONValue) {
        guard let key = path.first else {
            self = value
            return
        }
        var members: [String: JSONValue] = [:]
        if case .object(let existing) = self { members = existing }
        members[key, default: .null].set(path.dropFirst(), to: value)
        self = .object(members)
    }
}

extension JSONValue: Decodable {
    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .boolean(value)
        } else if let value = try? container.decode(Int.self) {
            self = .integer(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSONValue].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: JSONValue].self))
        }
    }
}

extension JSONValue: CustomStringConvertible {
    /// The value as an error quotes it: short, whatever it holds.
    package var description: String {
        switch self {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .string(let value): value.count > 40 ? "\"\(value.prefix(40))...\"" : "\"\(value)\""
        case .list(let values): values.isEmpty ? "an empty list" : "a list"
        case .object: "an object"
        }
    }
}
