import Structures

extension ExperimentFile {
    /// A cluster as the file has it: what it leaves out is as in the rest of the file.
    struct ClusterSection: Encodable, Sendable {
        var groups: Int?
        var faults: Int?
        var structure: StructureKind?
        var valueBytes: ValueSizes?
        var mix: MixSection?

        static let path = "clusters"
        static let limit = 64

        private static var isList: String {
            "it must be a list of at most \(limit) objects, each with keys among groups, faults, "
                + "structure, valueBytes, mix"
        }

        static func all(_ value: JSONValue?) throws(ExperimentError) -> [ClusterSection] {
            guard let value else { return [] }
            guard case .list(let elements) = value, elements.count <= limit else {
                throw ExperimentError(keys: [path], problem: "is \(value)", allowed: isList)
            }
            var sections: [ClusterSection] = []
            for (index, element) in elements.enumerated() {
                sections.append(try ClusterSection(element, path: "\(path)[\(index)]"))
            }
            return sections
        }

        private init(_ value: JSONValue, path: String) throws(ExperimentError) {
            let reader = try ObjectReader(
                value, path: path, keys: ["groups", "faults", "structure", "valueBytes", "mix"])
            if reader["groups"] != nil { groups = try reader.one("groups", .integer(1...1024)) }
            if reader["faults"] != nil { faults = try reader.one("faults", .integer(1...32)) }
            if reader["structure"] != nil {
                structure = try reader.one("structure", .choice)
            }
            if let sizes = reader["valueBytes"] {
                try ValueSizes.check(sizes, path: reader.path(of: "valueBytes"))
                valueBytes = try reader.one("valueBytes", .valueSizes)
            }
            guard let weights = reader["mix"] else { return }
            guard let structure else {
                throw reader.refusal(
                    "mix", "says nothing of its structure",
                    "a cluster with a mix needs a structure, too")
            }
            mix = try MixSection(
                weights, of: [structure], mustAdd: true, path: reader.path(of: "mix"))
        }

        /// The cluster in a run that has no clusters yet.
        func plan(in run: RunPlan, _ shared: MixSection) -> ClusterPlan {
            let structure = structure ?? run.structure
            return ClusterPlan(
                groups: groups ?? run.groups, faults: faults ?? run.faults, structure: structure,
                valueBytes: valueBytes ?? run.valueBytes,
                mix: (mix ?? shared).weights(of: structure))
        }
    }
}
