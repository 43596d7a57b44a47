import Structures

extension ExperimentFile.WorkloadSection {
    static let path = "workload"

    /// - Parameter structures: those of the experiment, for which the mix is.
    init(_ value: JSONValue, _ structures: [StructureKind]) throws(ExperimentError) {
        let reader = try ObjectReader(
            value, path: Self.path,
            keys: [
                "operations", "preload", "warmup", "mix", "invalid", "targetSize", "keys",
                "positions", "window", "order", "reads", "rate", "arrivals", "catchUp",
            ])
        operations = try reader.sweep("operations", .integer(1...1_000_000_000))
        preload = try reader.sweep("preload", .integer(0...1_000_000_000), default: 0)
        warmup = try reader.sweep("warmup", .integer(0...1_000_000), default: 100)
        invalid = try reader.sweep("invalid", .integer(0...1_000_000), default: 0)
        targetSize = try reader.sweep(
            "targetSize", .integerOrNull(1...1_000_000_000), default: .some(nil))
        keys = try ExperimentFile.KeySection(reader["keys"] ?? .object([:]))
        positions = try ExperimentFile.PositionSection(reader["positions"] ?? .object([:]))
        window = try reader.sweep("window", .integer(1...65_536), default: 1)
        order = try reader.sweep("order", .choice, default: .sequential)
        reads = try reader.sweep("reads", .choice, default: .relaxed)
        rate = try reader.sweep("rate", .integerOrNull(1...10_000_000), default: .some(nil))
        arrivals = try reader.sweep("arrivals", .choice, default: .constant)
        catchUp = try reader.sweep("catchUp", .flag, default: false)
        // Towards a target size a structure grows whatever its mix says.
        mix = try ExperimentFile.MixSection(
            reader["mix"], of: structures,
            mustAdd: targetSize.values.contains(nil))
    }

    /// Every way in which updates are due; nil where they have no schedule, which takes neither
    /// arrivals nor catching up.
    var openLoops: [OpenLoop?] {
        var loops: [OpenLoop?] = []
        for rate in rate.values {
            guard let rate else {
                loops.append(nil)
                continue
            }
            for arrivals in arrivals.values {
                loops += catchUp.values.map {
                    OpenLoop(rate: rate, arrivals: arrivals, catchesUp: $0)
                }
            }
        }
        return loops
    }
}

extension ExperimentFile.KeySection {
    fileprivate init(_ value: JSONValue) throws(ExperimentError) {
        let reader = try ObjectReader(
            value, path: "workload.keys", keys: ["space", "distribution", "theta"])
        space = try reader.sweep("space", .integer(1...1_000_000_000), default: 1_000_000)
        distribution = try reader.sweep("distribution", .choice, default: .uniform)
        theta = try reader.sweep("theta", .theta, default: 0.99)
    }
}

extension ExperimentFile.PositionSection {
    fileprivate init(_ value: JSONValue) throws(ExperimentError) {
        let reader = try ObjectReader(
            value, path: "workload.positions", keys: ["distribution", "theta"])
        distribution = try reader.sweep("distribution", .choice, default: .uniform)
        theta = try reader.sweep("theta", .theta, default: 0.99)
    }
}
