import ErasureCode
import Simulation
import Structures

extension ExperimentFile {
    /// Reads a file's value.
    ///
    /// `name`, `mechanisms`, `groups`, `faults` and `workload.operations` must be there, since they
    /// are the question that the experiment asks; so must `crash.every` where there is a `crash`.
    ///
    /// - Parameter mechanisms: the names that are known.
    init(_ value: JSONValue, mechanisms names: [String]) throws(ExperimentError) {
        let reader = try ObjectReader(
            value,
            keys: [
                "name", "mechanisms", "groups", "faults", "structure", "valueBytes", "clusters",
                "workload", "crash", "code", "replication", "transport", "launch", "placement",
                "simulation", "repetitions", "seed",
            ])
        name = try reader.one(
            "name",
            .text(
                matching: /[A-Za-z0-9][A-Za-z0-9_-]{0,63}/,
                "it names a folder, so it must be at most 64 letters, digits, \"-\" and \"_\" in "
                    + "quotes, a letter or digit first"))
        mechanisms = try reader.sweep("mechanisms", .word(names))
        groups = try reader.sweep("groups", .integer(1...4096))
        faults = try reader.sweep("faults", .integer(1...32))
        structure = try reader.sweep("structure", .choice, default: .list)
        for sizes in reader.values("valueBytes") { try ValueSizes.check(sizes, path: "valueBytes") }
        valueBytes = try reader.sweep("valueBytes", .valueSizes, default: 8)
        clusters = try ClusterSection.all(reader["clusters"])
        workload = try WorkloadSection(
            reader["workload"] ?? .object([:]),
            structure.values
                + clusters.compactMap(\.structure).filter { [structure] in
                    !structure.values.contains($0)
                })
        crash =
            switch reader["crash"] {
            case nil, .null: nil
            case let section?: try CrashSection(section)
            }
        code = try CodeSection(reader["code"] ?? .object([:]))
        replication = try ReplicationSection(reader["replication"] ?? .object([:]))
        transport = try reader.sweep("transport", .choice, default: .tcp)
        launch = try reader.sweep("launch", .choice, default: .processes)
        placement = try reader.sweep("placement", .choice, default: Placement.none)
        simulation = try SimulationSection(reader["simulation"] ?? .object([:]))
        repetitions = try reader.one("repetitions", .integer(1...10_000), default: 1)
        seed = try reader.sweep("seed", .integer(0...Int.max), default: 2016)
    }
}

extension ExperimentFile.CrashSection {
    fileprivate init(_ value: JSONValue) throws(ExperimentError) {
        let reader = try ObjectReader(
            value, path: "crash", keys: ["every", "nodes", "moment", "reached"])
        every = try reader.sweep("every", .integer(1...1_000_000_000))
        let nodesRule = Rule(
            allowed: "it must be \"each\", \"together\", \"random\" or a list of node names, each "
                + "once, and of lists of names that crash at once, such as [\"backup-1\", "
                + "[\"primary-1\", \"primary-2\"]]",
            words: CrashedNodes.words, convert: Self.nodes)
        nodes = try reader.one("nodes", nodesRule, default: .each)
        moment = try reader.sweep("moment", .choice, default: .between)
        let number = Rule<Int>.integer(0...32)
        let reachedRule = Rule<Int?>(allowed: "\(number.allowed), or null to draw it") { value in
            value == .null ? .some(nil) : number.convert(value).map { .some($0) }
        }
        reached = try reader.sweep("reached", reachedRule, default: .some(nil))
        guard moment.values.contains(.update) || reached.values == [nil] else {
            throw ExperimentError(
                keys: ["crash.reached", "crash.moment"],
                problem: "says how many backups an update has reached, and no node crashes in the "
                    + "middle of one",
                allowed: "it needs crash.moment \"update\"")
        }
    }

    private static func nodes(_ value: JSONValue) -> CrashedNodes? {
        switch value {
        case .string("each"): return .each
        case .string("together"): return .together
        case .string("random"): return .random
        case .list(let elements):
            let sets = elements.compactMap(names)
            let isUsable =
                !sets.isEmpty && sets.count == elements.count
                && Set(sets.map(Set.init)).count == sets.count
            return isUsable ? .named(sets) : nil
        default: return nil
        }
    }

    /// The names of one set: a name, or a list of different names.
    private static func names(_ value: JSONValue) -> [String]? {
        switch value {
        case .string(let name): return [name]
        case .list(let elements):
            let names = elements.compactMap { element in
                if case .string(let name) = element { name } else { nil }
            }
            return !names.isEmpty && Set(names).count == elements.count ? names : nil
        default: return nil
        }
    }
}

extension ExperimentFile.CodeSection {
    fileprivate init(_ value: JSONValue) throws(ExperimentError) {
        let reader = try ObjectReader(value, path: "code", keys: ["kind", "wordBits"])
        kind = try reader.sweep("kind", .choice, default: .vandermonde)
        let widths = [8, 16, 32]
        let rule = Rule(allowed: "it must be 8, 16 or 32") { value in
            if case .integer(let bits) = value, widths.contains(bits) { bits } else { nil }
        }
        wordBits = try reader.sweep("wordBits", rule, default: 8)
    }
}

extension ExperimentFile.ReplicationSection {
    fileprivate init(_ value: JSONValue) throws(ExperimentError) {
        let reader = try ObjectReader(
            value, path: "replication",
            keys: ["managers", "senders", "acknowledge", "piggyback", "batch"])
        managers = try reader.sweep("managers", .choice, default: .one)
        senders = try reader.sweep("senders", .integer(1...64), default: 1)
        acknowledge = try reader.sweep("acknowledge", .choice, default: .delivery)
        piggyback = try reader.sweep("piggyback", .flag, default: false)
        batch = try reader.sweep("batch", .integer(1...65_536), default: 1)
    }
}

extension ExperimentFile.SimulationSection {
    fileprivate init(_ value: JSONValue) throws(ExperimentError) {
        let reader = try ObjectReader(value, path: "simulation", keys: ["network"])
        network = try reader.sweep(
            "network", .word(NetworkModel.named.map(\.name)),
            default: NetworkModel.rack.name)
    }
}
