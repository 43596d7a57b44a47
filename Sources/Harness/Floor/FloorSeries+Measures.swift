import Foundation

extension FloorSeries {
    /// Sources of a bulk pull and of a decode, as in the recovery of one of five primaries.
    static let sources = 5
    /// Bytes of each source: 1,000,000 elements of 8 bytes.
    static let sourceBytes = 8_000_000
    /// Primaries of a large code; together they have as many bytes as the five.
    private static let manySources = 1_000
    /// Samples of the measures that take milliseconds each.
    private static let fewSamples = 15
    private static let fewWarmups = 3
    /// Messages, or rounds, of one sample of a rate: so many that its start and end do not count.
    private static let rateMessages = 20_000
    /// What one sample of a rate sends at most, unless the window alone is more.
    private static let rateBytes = 64 << 20

    /// Exchanges with 1 to `peers` peers.
    static func exchanges(
        over transport: TransportKind, peers: Int, messageBytes: Int, samples: Int
    ) -> [FloorSeries] {
        let request = [UInt8](repeating: FloorEchoPeer.echoRequest, count: messageBytes)
        func series(_ measure: FloorMeasure, peers: Int, rounds: Int) -> FloorSeries {
            FloorSeries(
                row: FloorRow(measure, over: transport, peers: peers, messageBytes: messageBytes),
                unit: .nanoseconds, warmup: 200, samples: samples
            ) {
                try $0.exchange(request, peers: peers, rounds: rounds, samples: $1)
            }
        }
        return [series(.roundTrip, peers: 1, rounds: 1)]
            + (1...peers).map { series(.oneRound, peers: $0, rounds: 1) }
            + (1...peers).map { series(.twoRounds, peers: $0, rounds: 2) }
    }

    static func bulkPull(over transport: TransportKind) -> FloorSeries {
        bulk(FloorRow(.bulkPull, over: transport, peers: sources, messageBytes: sourceBytes)) {
            try $0.pullBulk(peers: sources, samples: $1)
        }
    }

    /// - Parameters:
    ///   - executable: the crashbench executable, which becomes the process that pulls.
    ///   - processors: the CPUs that it is bound to; nil where the kernel chooses.
    static func freshPull(
        over transport: TransportKind, executable: URL, processors: [Int]?
    ) -> FloorSeries {
        var series = bulk(
            FloorRow(.freshPull, over: transport, peers: 1, messageBytes: sourceBytes)
        ) {
            try $0.serveFreshPulls(
                over: transport, executable: executable, processors: processors, samples: $1)
        }
        // Starting the processes takes longer than what they measure.
        series.warmup = 0
        series.batch = 1
        return series
    }

    /// What the transport moves when nobody waits for every answer.
    static func rates(
        over transport: TransportKind, peers: Int, messageBytes: Int, window: Int
    ) -> [FloorSeries] {
        let messages = max(1, min(rateMessages, rateBytes / messageBytes))
        let oneWay = FloorSeries(
            row: FloorRow(.oneWay, over: transport, peers: 1, messageBytes: messageBytes),
            unit: .messagesPerSecond, amount: messages, warmup: fewWarmups, samples: fewSamples
        ) {
            try $0.send(messages, bytes: messageBytes, samples: $1)
        }
        return [oneWay]
            + (1...peers).map { peers in
                let rounds = max(4 * window, messages / peers)
                var row = FloorRow(
                    .windowed, over: transport, peers: peers, messageBytes: messageBytes)
                row.window = window
                return FloorSeries(
                    row: row, unit: .roundsPerSecond, amount: rounds, warmup: fewWarmups,
                    samples: fewSamples
                ) {
                    try $0.exchange(
                        bytes: messageBytes, peers: peers, window: window, rounds: rounds,
                        samples: $1)
                }
            }
    }

    /// - Parameter wordBits: of the field.
    static func decode(wordBits: Int) throws -> FloorSeries {
        try FloorDecode.check(wordBits: wordBits)
        return bulk(FloorRow(.decode, over: nil, peers: sources, messageBytes: sourceBytes)) {
            // Made anew, so that its memory does not stay while nodes run.
            try FloorDecode(sources: sources, bytes: sourceBytes, wordBits: wordBits)
                .decode(samples: $1)
        }
    }

    /// The erasure code of the mechanisms, for few and for many primaries, and what moving as many
    /// bytes costs.
    static func codes(faults: Int) throws -> [FloorSeries] {
        let manyBytes = sources * sourceBytes / manySources
        let shapes =
            [(sources, sourceBytes, 1), (manySources, manyBytes, 1)]
            + (faults > 1 ? [(manySources, manyBytes, faults)] : [])
        let copy = bulk(FloorRow(.copy, over: nil, peers: manySources, messageBytes: manyBytes)) {
            FloorCode.copy(sources: manySources, bytes: manyBytes, samples: $1)
        }
        return shapes.map { primaries, bytes, failed in
            var row = FloorRow(.reconstruct, over: nil, peers: primaries, messageBytes: bytes)
            row.failed = failed
            return bulk(row) {
                try FloorCode.reconstruct(
                    failed: failed, primaries: primaries, bytes: bytes, samples: $1)
            }
        } + [copy]
    }

    private static func bulk(
        _ row: FloorRow, take: @escaping (FloorAsker, Int) throws -> [Int]
    ) -> FloorSeries {
        FloorSeries(
            row: row, unit: .bytesPerSecond, amount: row.peers * row.messageBytes,
            warmup: fewWarmups, samples: fewSamples, take: take)
    }
}

extension FloorRow {
    /// What a row is about; its samples are still to come.
    fileprivate init(
        _ measure: FloorMeasure, over transport: TransportKind?, peers: Int, messageBytes: Int
    ) {
        self.init()
        self.transport = transport?.rawValue ?? ""
        self.measure = measure.rawValue
        self.peers = peers
        self.messageBytes = messageBytes
    }
}
