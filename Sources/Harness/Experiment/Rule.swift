/// What a value of an experiment file may be, in words and as code.
struct Rule<Value> {
    /// The end of a sentence: "it must be ...".
    var allowed: String
    /// The words that are allowed, for rules of words.
    var words: [String] = []
    /// Nil for a value that is not allowed.
    var convert: (JSONValue) -> Value?

    /// How an error shows a value that is not allowed.
    func refused(_ value: JSONValue) -> String {
        guard case .string(let word) = value else { return "\(value)" }
        return "\(value)" + suggestion(for: word, among: words)
    }
}

extension Rule<Int> {
    /// A number without a fraction.
    static func integer(_ range: ClosedRange<Int>) -> Rule {
        Rule(
            allowed: "it must be a whole number from \(range.lowerBound) to \(range.upperBound)"
        ) { value in
            guard case .integer(let number) = value, range.contains(number) else { return nil }
            return number
        }
    }
}

extension Rule<Int?> {
    /// A number without a fraction, or null.
    static func integerOrNull(_ range: ClosedRange<Int>) -> Rule {
        let integer = Rule<Int>.integer(range)
        return Rule(allowed: "\(integer.allowed), or null") { value in
            value == .null ? .some(nil) : integer.convert(value).map(Optional.some)
        }
    }
}

extension Rule<Double> {
    /// The theta of a zipfian distribution.
    static var theta: Rule {
        Rule(allowed: "it must be a number above 0 and below 1, such as 0.99") { value in
            guard case .number(let theta) = value, theta > 0, theta < 1 else { return nil }
            return theta
        }
    }
}

extension Rule<Bool> {
    static var flag: Rule {
        Rule(allowed: "it must be true or false") { value in
            if case .boolean(let flag) = value { flag } else { nil }
        }
    }
}

extension Rule<String> {
    static func word(_ words: [String]) -> Rule {
        let quoted = words.map { "\"\($0)\"" }.joined(separator: " or ")
        return Rule(allowed: "it must be \(quoted)", words: words) { value in
            guard case .string(let word) = value, words.contains(word) else { return nil }
            return word
        }
    }

    /// A text that matches a pattern as a whole.
    static func text(matching pattern: Regex<Substring>, _ allowed: String) -> Rule {
        Rule(allowed: allowed) { value in
            guard case .string(let text) = value, text.wholeMatch(of: pattern) != nil else {
                return nil
            }
            return text
        }
    }
}

extension Rule where Value: CaseIterable & RawRepresentable<String> {
    /// One of the words of an enum.
    static var choice: Rule {
        let word = Rule<String>.word(Value.allCases.map(\.rawValue))
        return Rule(allowed: word.allowed, words: word.words) {
            word.convert($0).flatMap(Value.init(rawValue:))
        }
    }
}
