/// Takes the keys of one JSON object and refuses what does not belong there.
struct ObjectReader {
    /// The path of the object's key; empty for the whole file.
    private let path: String
    private let members: [String: JSONValue]

    /// Throws where `value` is no object or has a key that is not in `keys`.
    init(_ value: JSONValue, path: String = "", keys: [String]) throws(ExperimentError) {
        self.path = path
        let names = keys.joined(separator: ", ")
        guard case .object(let members) = value else {
            throw ExperimentError(
                keys: path.isEmpty ? [] : [path],
                problem: path.isEmpty ? "the experiment is \(value)" : "is \(value)",
                allowed: "it must be an object with keys among \(names)")
        }
        self.members = members
        // Sorted, since the order of a dictionary differs between processes.
        for key in members.keys.sorted() where !keys.contains(key) {
            throw refusal(
                key, "is not known" + suggestion(for: key, among: keys), "allowed here: \(names)")
        }
    }

    /// The value of a key, or nil where it is left out.
    subscript(key: String) -> JSONValue? { members[key] }

    /// The value of a key, or those in its list; none where it is left out.
    func values(_ key: String) -> [JSONValue] {
        switch members[key] {
        case nil: []
        case .list(let elements): elements
        case let value?: [value]
        }
    }

    /// The keys that are there, in alphabetical order.
    var keys: [String] { members.keys.sorted() }

    func path(of key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    /// Reads a key that has one value.
    ///
    /// - Parameter value: the key's value where it is left out; nil where it must not be.
    func one<Value>(
        _ key: String, _ rule: Rule<Value>, default value: Value? = nil
    ) throws(ExperimentError) -> Value {
        guard let member = members[key] else {
            if let value { return value }
            throw refusal(key, "is missing", rule.allowed)
        }
        guard let converted = rule.convert(member) else {
            throw refusal(key, "is \(rule.refused(member))", rule.allowed)
        }
        return converted
    }

    /// Reads a key that has one value or a list of values that differ.
    func sweep<Value: Hashable>(
        _ key: String, _ rule: Rule<Value>, default value: Value? = nil
    ) throws(ExperimentError) -> Sweep<Value> {
        guard case .list(let elements) = members[key] else {
            return Sweep([try one(key, rule, default: value)])
        }
        guard !elements.isEmpty else {
            throw refusal(key, "is an empty list", "\(rule.allowed), or a list of such values")
        }
        var values: [Value] = []
        for element in elements {
            guard let converted = rule.convert(element) else {
                throw refusal(key, "has \(rule.refused(element)) in its list", rule.allowed)
            }
            guard !values.contains(converted) else {
                throw refusal(
                    key, "has \(element) twice in its list", "each value makes runs of its own")
            }
            values.append(converted)
        }
        return Sweep(values)
    }

    func refusal(_ key: String, _ problem: String, _ allowed: String) -> ExperimentError {
        ExperimentError(keys: [path(of: key)], problem: problem, allowed: allowed)
    }
}
