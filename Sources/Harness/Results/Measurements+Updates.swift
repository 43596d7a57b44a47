/// What the updates of one valid run took.
struct RunUpdates: Sendable {
    /// Where the time of one update went.
    struct Parts: Sendable {
        var backupNs: Int
        var spans: UpdateSpans
        var holdbackNs: Int?
    }

    var configuration: RunRow
    var repetition: Repetition
    /// Of updates, and of reads apart; and how long those of an open loop waited.
    var times: [SummaryRow.Metric: [Int]] = [:]
    /// Of mechanisms that tell.
    var parts: [Parts] = []
}

extension Measurements {
    /// Reads what the updates of the valid runs took, in the order of the runs; what is torn or does
    /// not fit together is left out and noted.
    ///
    /// - Complexity: one pass over `updates.csv`; 8 bytes of memory for each row, 16 in an open
    ///   loop, 64 more where it tells where its time went.
    mutating func updates() -> [RunUpdates] {
        var all: [RunUpdates] = []
        var places: [Int: Int?] = [:]
        for run in runs {
            places[run.run] = .some(nil)
            guard let repetition = repetitions[run.run] else { continue }
            places[run.run] = all.count
            all.append(RunUpdates(configuration: run.configuration, repetition: repetition))
        }
        var rows: [Int: Int] = [:]
        if has(UpdateRow.self) {
            let spans = [
                "local_ns", "proposal_ns", "acknowledgement_ns", "holdback_ns", "wait_ns",
            ]
            do throws(ResultsError) {
                var reader = try CSVReader(
                    directory + "/" + UpdateRow.fileName,
                    columns: ["run", "backup_ns", "kind"] + spans, optional: Set(spans))
                reader.eachRow(of: UpdateRow.self, &omissions) { row throws(ResultsError) in
                    let run = try row.integer(0)
                    let time = try row.integer(1)
                    let local = try row.optionalInteger(3)
                    let proposal = try row.optionalInteger(4)
                    let acknowledgement = try row.optionalInteger(5)
                    let holdback = try row.optionalInteger(6)
                    let wait = try row.optionalInteger(7)
                    rows[run, default: 0] += 1
                    guard case .some(.some(let place)) = places[run] else { return }
                    let metric = SummaryRow.Metric(ofOperation: row.text(2))
                    all[place].times[metric, default: []].append(time)
                    if let wait { all[place].times[.wait, default: []].append(wait) }
                    guard let local, let acknowledgement else { return }
                    all[place].parts.append(
                        RunUpdates.Parts(
                            backupNs: time,
                            spans: UpdateSpans(
                                localNs: local, proposalNs: proposal,
                                acknowledgementNs: acknowledgement),
                            holdbackNs: holdback))
                }
            } catch {
                omissions.note(error, of: UpdateRow.fileName, leavingOut: "the file")
            }
        }
        note(strangers: rows.filter { places[$0.key] == nil }, of: UpdateRow.fileName)
        note(fewer: UpdateRow.self, found: rows, than: \.updates)
        return all
    }
}

extension [RunUpdates.Parts] {
    /// One span of all updates that have it.
    func times(of metric: SummaryRow.Metric) -> [Int] {
        compactMap { $0.time(of: metric) }
    }

    /// The slowest thousandth, but at least ten, if there are so many.
    var slowest: [RunUpdates.Parts] {
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

extension RunUpdates.Parts {
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
