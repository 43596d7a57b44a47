/// Settings that differ in nothing but mechanism and number of groups, so that their results may
/// stand side by side. Mechanisms without a code stand beside each code, those without a multicast
/// beside each way of doing it, and those that have one way to read beside each way.
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
            let codes = different(members.map(\.codeName))
            let multicasts = different(members.map(\.multicastName))
            let reads = different(members.map(\.reads))
            return codes.flatMap { code in
                multicasts.flatMap { multicast in
                    reads.map { order in
                        Comparison(
                            configurations: members.filter {
                                [code, ""].contains($0.codeName)
                                    && [multicast, ""].contains($0.multicastName)
                                    && [order, ""].contains($0.reads)
                            })
                    }
                }
            }
        }
    }

    /// The names that differ, in their order, without the empty one unless there is no other.
    private static func different(_ names: [String]) -> [String] {
        var found: [String] = []
        for name in names where !name.isEmpty && !found.contains(name) { found.append(name) }
        return found.isEmpty ? [""] : found
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
        if first.placement != Placement.none.rawValue {
            parts.append("placement \(first.placement)")
        }
        if let rate = first.rate {
            parts.append("\(rate) due per second, \(first.arrivals)")
        }
        if let size = first.targetSize { parts.append("around \(size) elements") }
        if !first.keys.isEmpty { parts.append("keys \(first.keys)") }
        if !first.positions.isEmpty, first.positions != "uniform" {
            parts.append("positions \(first.positions)")
        }
        if let code = configurations.first(where: { !$0.code.isEmpty }) {
            parts.append(code.codeName)
        }
        if let run = configurations.first(where: { !$0.multicastName.isEmpty }),
            run.multicastName != RunRow.plainMulticastName
        {
            parts.append(run.multicastName)
        }
        if let run = configurations.first(where: { !$0.reads.isEmpty }) {
            parts.append("\(run.reads) reads")
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

extension RunRow {
    /// The settings without mechanism, groups, code, multicast and the order of reads.
    fileprivate var sharedSettings: RunRow {
        var settings = self
        settings.mechanism = ""
        settings.groups = 0
        settings.nodes = 0
        settings.code = ""
        settings.wordBits = nil
        settings.managers = ""
        settings.senders = nil
        settings.acknowledge = ""
        settings.piggyback = ""
        settings.batch = nil
        settings.reads = ""
        return settings
    }

    /// What two configurations must have in common to be compared as mechanisms.
    var settingsOfPair: RunRow {
        var settings = sharedSettings
        settings.groups = groups
        return settings
    }

    /// Whether what only some mechanisms have is the same, or is not there in one of the two.
    func standsBeside(_ other: RunRow) -> Bool {
        [
            (codeName, other.codeName), (multicastName, other.multicastName),
            (reads, other.reads),
        ].allSatisfy { $0 == $1 || $0.isEmpty || $1.isEmpty }
    }

    fileprivate var codeName: String {
        code.isEmpty ? "" : "\(code), \(wordBits ?? 0)-bit words"
    }

    /// Everything that `ReplicationOptions` says, in words.
    fileprivate var multicastName: String {
        guard let senders, let batch else { return "" }
        var parts = ["\(senders) \(senders == 1 ? "sender" : "senders")"]
        if managers != "one" { parts.append("managers \(managers)") }
        if acknowledge != "delivery" { parts.append("acknowledged on \(acknowledge)") }
        if piggyback == "true" { parts.append("piggyback") }
        if batch > 1 { parts.append("batches of \(batch)") }
        return parts.joined(separator: ", ")
    }

    fileprivate static let plainMulticastName = "1 sender"
}
