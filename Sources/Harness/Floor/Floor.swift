import Foundation

/// What the transport and the arithmetic allow on this machine (DESIGN.md, principle 5): raw
/// ZeroMQ between two processes and raw Jerasure, in the shape of what the mechanisms do, with
/// nothing of theirs.
package enum Floor {
    /// Sources of a bulk pull and of a decode, as in the recovery of one of five primaries.
    private static let sources = 5
    /// Bytes of each source: 1,000,000 elements of 8 bytes.
    private static let sourceBytes = 8_000_000
    /// Rounds that the samples of all measures are spread over, so that one noisy second does not
    /// decide a measure.
    private static let rounds = 3
    private static let warmup = 200
    /// Nanoseconds after which a measure takes no more samples, so that the whole floor of a
    /// transport takes seconds on a slow or busy machine too.
    private static let timeLimit: Int = 350_000_000
    /// Samples between two looks at the time.
    private static let batch = 100
    /// Samples of the bulk measures, which take milliseconds each.
    private static let bulkSamples = 15
    private static let bulkWarmup = 3

    /// Measures the floor of one transport.
    ///
    /// - Parameters:
    ///   - maximumPeers: `one_round` and `two_rounds` are measured for 1 to so many peers.
    ///   - messageBytes: the size of a request and of its answer.
    ///   - samples: of each measure, at most: `count` is lower where the time limit came first,
    ///     and for the bulk measures.
    ///   - wordBits: of the field of `decode`; nil leaves `decode` out, for a caller that has it
    ///     from another transport.
    ///   - executable: the crashbench executable, which becomes the echo process.
    ///   - progress: called before each round with a line for people; an error that it throws
    ///     ends the measurement and is thrown on.
    /// - Throws: `FloorError`. However this ends, the echo process is gone afterwards.
    package static func measure(
        transport: TransportKind, maximumPeers: Int = 4, messageBytes: Int = 64,
        samples: Int = 5_000, wordBits: Int? = 8,
        executable: URL = URL(fileURLWithPath: "/proc/self/exe"),
        progress: (String) throws -> Void = { _ in }
    ) throws -> [FloorRow] {
        try require(maximumPeers, in: 1...FloorEchoParameters.maximumPeers, "maximum peers")
        try require(messageBytes, in: 1...sourceBytes, "message bytes")
        try require(samples, in: 1...1_000_000, "samples")
        let decode = try wordBits.map {
            try FloorDecode(sources: sources, bytes: sourceBytes, wordBits: $0)
        }
        let peers = max(maximumPeers, sources)
        return try withAsker(over: transport, peers: peers, executable: executable) { asker in
            var series = exchanges(
                of: asker, over: transport, maximumPeers: maximumPeers, messageBytes: messageBytes,
                samples: samples)
            series.append(
                bulk(.bulkPull, over: transport.rawValue) {
                    try asker.pullBulk(peers: sources, samples: $0)
                })
            if let decode {
                series.append(bulk(.decode, over: "") { try decode.decode(samples: $0) })
            }
            for round in 0..<rounds {
                try progress("floor over \(transport.rawValue), round \(round + 1) of \(rounds)")
                for index in series.indices { try series[index].run(round: round) }
            }
            return series.map(\.measurement)
        }
    }

    /// The samples of one measure as they are taken.
    private struct Series {
        var measure: FloorMeasure
        var transport: String
        var peers: Int
        var messageBytes: Int
        var warmup: Int
        var samples: Int
        /// What one sample moves, where the result is a rate.
        var bytes: Int?
        /// Takes so many samples and returns the nanoseconds of each.
        var take: (Int) throws -> [Int]
        var durations: [Int] = []

        mutating func run(round: Int) throws {
            let share = { (total: Int) in total * (round + 1) / rounds - total * round / rounds }
            _ = try take(share(warmup))
            let end = floorClock() + timeLimit / Int(rounds)
            var missing = share(samples)
            while missing > 0, floorClock() < end {
                durations += try take(min(missing, batch))
                missing -= batch
            }
        }

        var measurement: FloorRow {
            FloorRow(
                transport: transport, measure: measure, peers: peers, messageBytes: messageBytes,
                durations: durations, bytes: bytes)
        }
    }

    private static func exchanges(
        of asker: FloorAsker, over transport: TransportKind, maximumPeers: Int, messageBytes: Int,
        samples: Int
    ) -> [Series] {
        let request = [UInt8](repeating: FloorEchoPeer.echoRequest, count: messageBytes)
        func series(_ measure: FloorMeasure, peers: Int, exchanges: Int) -> Series {
            Series(
                measure: measure, transport: transport.rawValue, peers: peers,
                messageBytes: messageBytes, warmup: warmup, samples: samples
            ) {
                try asker.exchange(request, peers: peers, rounds: exchanges, samples: $0)
            }
        }
        let peers = Array(1...maximumPeers)
        return [series(.roundTrip, peers: 1, exchanges: 1)]
            + peers.map { series(.oneRound, peers: $0, exchanges: 1) }
            + peers.map { series(.twoRounds, peers: $0, exchanges: 2) }
    }

    private static func bulk(
        _ measure: FloorMeasure, over transport: String, take: @escaping (Int) throws -> [Int]
    ) -> Series {
        Series(
            measure: measure, transport: transport, peers: sources, messageBytes: sourceBytes,
            warmup: bulkWarmup, samples: bulkSamples, bytes: sources * sourceBytes, take: take)
    }

    /// Calls `body` with an asker that is connected to `peers` echo peers, which end with it.
    private static func withAsker<Result>(
        over transport: TransportKind, peers: Int, executable: URL,
        _ body: (FloorAsker) throws -> Result
    ) throws -> Result {
        let directory = transport == .ipc ? try PrivateDirectory() : nil
        defer { withExtendedLifetime(directory) {} }
        let endpoint =
            switch transport {
            case .tcp: "tcp://127.0.0.1:*"
            case .ipc: "ipc://\(directory?.path ?? "")/asker"
            case .inproc: "inproc://asker"
            }
        let context = try FloorContext()
        let asker = try FloorAsker(at: endpoint, in: context)
        let parameters = FloorEchoParameters(
            transport: transport, askerEndpoint: try asker.endpoint(), peers: peers,
            bulkBytes: sourceBytes)
        let stop: () -> Void
        if transport == .inproc {
            stop = try FloorEchoPeers(parameters, sharing: context).stop
        } else {
            let process = try FloorEchoProcess(parameters, executable: executable)
            asker.watch(process.endDescriptor)
            stop = process.stop
        }
        defer { stop() }
        try asker.connect(peers: peers)
        return try body(asker)
    }

    private static func require(_ value: Int, in range: ClosedRange<Int>, _ name: String) throws {
        guard range.contains(value) else {
            throw FloorError.parameter(
                name: name, value: String(value),
                allowed: "\(range.lowerBound) to \(range.upperBound)")
        }
    }
}
