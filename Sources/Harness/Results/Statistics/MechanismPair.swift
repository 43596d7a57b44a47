/// Two mechanisms under the same settings, compared in one metric by their common repetitions.
struct MechanismPair: Sendable {
    var sample: Sample
    var baseline: Sample
    /// How many both have.
    var repetitions: Int
    var figures: Estimate.Pair

    /// All pairs, in the order of the samples. A mechanism that stands before another in the registry
    /// is set against it: fusion against replication, everything against none.
    static func all(of samples: [Sample]) -> [MechanismPair] {
        struct Key: Hashable {
            var settings: RunRow
            var metric: SummaryRow.Metric
        }
        func key(_ sample: Sample) -> Key {
            Key(settings: sample.configuration.settingsOfPair, metric: sample.metric)
        }
        let byKey = Dictionary(grouping: samples, by: key)
        return samples.flatMap { sample in
            (byKey[key(sample)] ?? []).compactMap { MechanismPair(sample, over: $0) }
        }
    }

    /// - Returns: nil where they are not to be compared this way round, or share no repetition.
    private init?(_ sample: Sample, over baseline: Sample) {
        let ranks = (Self.rank(sample), Self.rank(baseline))
        guard
            ranks.0 < ranks.1, Self.stand(sample.role, baseline.role),
            sample.configuration.standsBeside(baseline.configuration)
        else { return nil }
        let common = sample.values.keys.filter { baseline.values[$0] != nil }.sorted()
        guard !common.isEmpty else { return nil }
        self.sample = sample
        self.baseline = baseline
        repetitions = common.count
        figures = Estimate.Pair(
            common.compactMap { sample.values[$0] },
            over: common.compactMap { baseline.values[$0] }, isPaired: true)
    }

    private static func rank(_ sample: Sample) -> Int {
        let names = Registry.entries.map(\.name)
        return names.firstIndex(of: sample.configuration.mechanism) ?? names.count
    }

    /// A role is set against the same one, and those of fusion against a replica.
    private static func stand(_ role: String, _ baseline: String) -> Bool {
        role == baseline || (["primary", "backup"].contains(role) && baseline == "replica")
    }
}
