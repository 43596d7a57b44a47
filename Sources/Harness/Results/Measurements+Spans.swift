extension Measurements {
    /// What one update's row says of where its time went.
    struct UpdateParts: Sendable {
        var backupNs: Int
        var spans: UpdateSpans
        var holdbackNs: Int?
    }

    /// Where the time of the updates of valid runs went, by settings, as far as rows tell.
    ///
    /// - Complexity: one pass over `updates.csv`; 64 bytes of memory for each row that tells.
    func updateParts() throws(ResultsError) -> [RunRow: [UpdateParts]] {
        guard has(UpdateRow.self) else { return [:] }
        let spans = ["local_ns", "proposal_ns", "acknowledgement_ns", "holdback_ns"]
        var reader = try CSVReader(
            directory + "/" + UpdateRow.fileName, columns: ["run", "backup_ns"] + spans,
            optional: Set(spans))
        let settings = settingsOfValidRuns
        var parts: [Int: [UpdateParts]] = [:]
        while try reader.next() {
            guard let local = try reader.optionalInteger(2),
                let acknowledgement = try reader.optionalInteger(4)
            else { continue }
            parts[try reader.integer(0), default: []].append(
                UpdateParts(
                    backupNs: try reader.integer(1),
                    spans: UpdateSpans(
                        localNs: local, proposalNs: try reader.optionalInteger(3),
                        acknowledgementNs: acknowledgement),
                    holdbackNs: try reader.optionalInteger(5)))
        }
        return parts.sorted { $0.key < $1.key }.reduce(into: [:]) { all, run in
            guard let configuration = settings[run.key] else { return }
            all[configuration, default: []] += run.value
        }
    }
}

extension [Measurements.UpdateParts] {
    /// One span of all updates that have it.
    func times(of metric: SummaryRow.Metric) -> [Int] {
        compactMap { $0.time(of: metric) }
    }

    /// The slowest thousandth, but at least ten, if there are so many.
    var slowest: [Measurements.UpdateParts] {
        let count = Swift.max(10, (self.count + 999) / 1000)
        return Array(sorted { $0.backupNs > $1.backupNs }.prefix(count))
    }

    /// The mean over the updates of the part of each one's time that a span took, from 0 to 1; nil
    /// where no update has the span.
    func meanShare(of metric: SummaryRow.Metric) -> Double? {
        let shares = compactMap { update in
            update.time(of: metric).map { Double($0) / Double(Swift.max(1, update.backupNs)) }
        }
        return shares.isEmpty ? nil : shares.reduce(0, +) / Double(shares.count)
    }
}

extension Measurements.UpdateParts {
    fileprivate func time(of metric: SummaryRow.Metric) -> Int? {
        switch metric {
        case .local: spans.localNs
        case .proposal: spans.proposalNs
        case .acknowledgement: spans.acknowledgementNs
        case .holdback: holdbackNs
        default: nil
        }
    }
}

extension SummaryRow.Metric {
    /// Where the time of an update goes, in its order.
    static let spans: [SummaryRow.Metric] = [.local, .proposal, .acknowledgement, .holdback]
}
