import Structures

extension ValueSizes {
    /// Throws what is wrong with an object of sizes; other values have their `Rule`.
    static func check(_ value: JSONValue, path: String) throws(ExperimentError) {
        if case .object = value { _ = try ValueSizes(value, path: path) }
    }

    fileprivate init(_ value: JSONValue, path: String) throws(ExperimentError) {
        let reader = try ObjectReader(
            value, path: path, keys: ["min", "max", "distribution", "theta"])
        let range = Rule<Int>.integer(1...StructureShape.maximumValueBytes)
        let minimum = try reader.one("min", range)
        let maximum = try reader.one("max", range)
        guard minimum <= maximum else {
            throw ExperimentError(
                keys: ["\(path).min"], problem: "is \(minimum), above \(path).max (\(maximum))",
                allowed: "it must be from 1 to \(path).max")
        }
        let allowed: [Distribution.Name] = [.uniform, .zipfian]
        let word = Rule<String>.word(allowed.map(\.rawValue))
        let name = try reader.one("distribution", word, default: allowed[0].rawValue)
        let theta = try reader.one("theta", .theta, default: 0.99)
        self = .spread(
            minimum...maximum, Distribution(Distribution.Name(rawValue: name)!, theta: theta))
    }
}

extension Rule<ValueSizes> {
    static var valueSizes: Rule {
        let bytes = Rule<Int>.integer(1...StructureShape.maximumValueBytes)
        return Rule(allowed: "\(bytes.allowed), or { min, max, distribution, theta }") { value in
            if case .object = value { return try? ValueSizes(value, path: "") }
            return bytes.convert(value).map(ValueSizes.fixed)
        }
    }
}
