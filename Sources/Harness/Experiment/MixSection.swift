import Structures

extension ExperimentFile {
    /// The weights of each structure's operations.
    struct MixSection: Encodable, Sendable {
        private var weights: [StructureKind: [String: Int]] = [:]

        /// - Parameters:
        ///   - value: weights by operation, for all structures; or by structure, where structures
        ///     that are left out have their defaults, as all have where there is no key at all.
        ///   - structures: those of the experiment.
        ///   - mustAdd: whether some operation must add an element.
        init(
            _ value: JSONValue?, of structures: [StructureKind], mustAdd: Bool,
            path: String = "\(WorkloadSection.path).mix"
        ) throws(ExperimentError) {
            let own = try Self.byStructure(value, path: path)
            for structure in structures {
                if let value = own == nil ? value : own?[structure.rawValue] {
                    weights[structure] = try Self.weights(
                        value, of: structure, path: own == nil ? path : "\(path).\(structure)",
                        isShared: own == nil && structures.count > 1, mustAdd: mustAdd)
                } else {
                    weights[structure] = Dictionary(
                        uniqueKeysWithValues: structure.defaultMix.map { ($0.kind.name, $0.weight) }
                    )
                }
            }
        }

        /// The weights above 0, in the order of `StructureKind.mixable`.
        func weights(of structure: StructureKind) -> [OperationWeight] {
            structure.mixable.compactMap { kind in
                weights[structure]?[kind.name].flatMap { weight in
                    weight > 0 ? OperationWeight(kind: kind, weight: weight) : nil
                }
            }
        }

        func encode(to encoder: any Encoder) throws {
            if weights.count == 1 {
                try weights.values.first.encode(to: encoder)
            } else {
                let pairs = weights.map { ($0.key.rawValue, $0.value) }
                try Dictionary(uniqueKeysWithValues: pairs).encode(to: encoder)
            }
        }

        /// The members of an object that has objects as members; nil for another value.
        private static func byStructure(
            _ value: JSONValue?, path: String
        ) throws(ExperimentError) -> [String: JSONValue]? {
            guard case .object(let members)? = value,
                members.values.contains(where: { if case .object = $0 { true } else { false } })
            else { return nil }
            let names = StructureKind.allCases.map(\.rawValue)
            _ = try ObjectReader(.object(members), path: path, keys: names)
            return members
        }

        /// - Parameter isShared: whether the same weights are for other structures, too.
        private static func weights(
            _ value: JSONValue, of structure: StructureKind, path: String, isShared: Bool,
            mustAdd: Bool
        ) throws(ExperimentError) -> [String: Int] {
            let names = structure.mixable.map(\.name)
            let remedy =
                isShared
                ? "; each structure can have its own mix, as in mix: { list: { append: 1 }, "
                    + "map: { put: 1 } }"
                : ""
            if case .object(let members) = value {
                for name in members.keys.sorted() where !names.contains(name) {
                    throw ExperimentError(
                        keys: ["\(path).\(name)"],
                        problem: "is no operation of a \(structure)"
                            + suggestion(for: name, among: names),
                        allowed: "allowed here: \(names.joined(separator: ", "))\(remedy)")
                }
            }
            let reader = try ObjectReader(value, path: path, keys: names)
            var weights: [String: Int] = [:]
            for name in reader.keys {
                weights[name] = try reader.one(name, .integer(0...1_000_000))
            }
            guard weights.values.contains(where: { $0 > 0 }) else {
                throw ExperimentError(
                    keys: [path], problem: "has weights that sum to 0",
                    allowed: "at least one weight must be above 0")
            }
            let adding = structure.operations.filter(\.adds).map(\.name)
            guard !mustAdd || adding.contains(where: { weights[$0, default: 0] > 0 }) else {
                throw ExperimentError(
                    keys: [path], problem: "never adds an element",
                    allowed: "\(adding.joined(separator: " or ")) must have a weight above 0, or "
                        + "there must be a workload.targetSize")
            }
            return weights
        }
    }
}
