/// Settings that differ in nothing but mechanism and number of groups, so that their results may
/// stand side by side. Mechanisms without a code stand beside each code, and those that have one way
/// to read beside each way.
struct Comparison: Sendable {
    /// In the order in which they first ran.
    var configurations: [RunRow]

    /// Sorts settings into comparisons, in the order in which they first ran.
    static func all(of configurations: [RunRow]) -> [Comparison] {
        var shared: [RunRow] = []
        for configuration in configurations where !shared.contains(configuration.sharedSettings) {
            shared.append(configuration.sharedSettings)
        }
        return shared.flatMap { settings -> [Comparison] in
            let members = configurations.filter { $0.sharedSettings == settings }
            let codes = members.compactMap { $0.code.isEmpty ? nil : $0.codeName }.distinct
            let reads = members.compactMap(\.reads).distinct
            return codes.flatMap { code in
                reads.map { order in
                    Comparison(
                        configurations: members.filter {
                            ($0.code.isEmpty || $0.codeName == code)
                                && ($0.reads == nil || $0.reads == order)
                        })
                }
            }
        }
    }

    /// What all configurations have in common, in words.
    var title: String {
        guard let first = configurations.first else { return "" }
        let mix = first.invalid > 0 ? "\(first.mix) invalid:\(first.invalid)" : first.mix
        let values =
            first.valueSizes == "\(first.valueBytes)"
            ? "\(first.valueBytes)-byte values" : "values of \(first.valueSizes) bytes"
        var parts = [
            "\(first.structure) of \(values)", "f = \(first.faults)",
            "\(first.operations) operations per group (\(mix)), \(first.order)",
            "window \(first.window)", "\(first.transport), \(first.launch)",
        ]
        if let size = first.targetSize { parts.append("around \(size) elements") }
        if !first.keys.isEmpty { parts.append("keys \(first.keys)") }
        if !first.positions.isEmpty, first.positions != "uniform" {
            parts.append("positions \(first.positions)")
        }
        if let code = configurations.first(where: { !$0.code.isEmpty }) {
            parts.append(code.codeName)
        }
        if let reads = configurations.lazy.compactMap(\.reads).first {
            parts.append("\(reads) reads")
        }
        if let every = first.crashEvery { parts.append("crashes after every \(every)") }
        return parts.joined(separator: "; ")
    }

    /// Whether the settings are those that the report compares: its list and single crashes.
    var isBoyds: Bool {
        configurations.contains { $0.structure == "list" && $0.faults == 1 }
            && configurations.contains { ["fusion", "replication"].contains($0.mechanism) }
    }

    func configurations(of mechanism: String) -> [RunRow] {
        configurations.filter { $0.mechanism == mechanism }
    }
}

extension [String] {
    /// The different ones in their order, or an empty one where there is none.
    fileprivate var distinct: [String] {
        reduce(into: []) { if !$0.contains($1) { $0.append($1) } } + (isEmpty ? [""] : [])
    }
}

extension RunRow {
    /// The settings without mechanism, groups, code and the order of reads.
    fileprivate var sharedSettings: RunRow {
        var settings = self
        settings.mechanism = ""
        settings.groups = 0
        settings.nodes = 0
        settings.code = ""
        settings.wordBits = nil
        settings.reads = nil
        return settings
    }

    fileprivate var codeName: String { "\(code), \(wordBits ?? 0)-bit words" }
}
