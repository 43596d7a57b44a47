import Foundation

/// What the transport and the arithmetic allow on this machine (DESIGN.md, principle 5): raw
/// ZeroMQ between two processes and raw Jerasure, in the shape of what the mechanisms do, with
/// nothing of theirs.
///
/// A floor is measured in rounds, and a row is of the samples of all rounds. They may be taken at
/// different times, so that neither one noisy second nor a drift of the machine decides.
package struct Floor {
    /// Rounds that the samples of all measures are spread over.
    package static let rounds = 3
    /// Nanoseconds after which a measure takes no more samples, so that the whole floor of a
    /// transport takes seconds on a slow or busy machine too.
    private static let timeLimit = 350_000_000

    private let transport: TransportKind
    private let peers: Int
    private let executable: URL
    private let placement: Placement
    /// The CPUs of this thread and of the echo process while it measures; nil where the kernel
    /// chooses.
    private let processors: (asker: [Int]?, peers: [Int]?)
    private var series: [FloorSeries]
    private var roundsDone = 0

    /// What is measured.
    package enum Extent: Sendable {
        /// What the floors of a run are made of.
        case run(wordBits: Int?)
        /// All measures, with so many rounds in flight for `windowed`.
        case all(window: Int)
    }

    /// The floor of one transport, not measured yet.
    ///
    /// - Parameters:
    ///   - maximumPeers: exchanges are measured with 1 to so many peers.
    ///   - messageBytes: the size of a request and of its answer.
    ///   - samples: of each exchange, at most: `count` is lower where the time limit came first.
    ///   - extent: what is measured; a run's `wordBits` are of the field of `decode`, and nil
    ///     leaves `decode` out, for a caller that has it from another transport.
    ///   - placement: as of a run whose nodes start updates where this thread runs.
    ///   - executable: the crashbench executable, which becomes the echo process.
    /// - Throws: `FloorError`.
    package init(
        transport: TransportKind, placement: Placement = .none, maximumPeers: Int = 4,
        messageBytes: Int = 64,
        samples: Int = 5_000, extent: Extent = .run(wordBits: 8),
        executable: URL = URL(fileURLWithPath: "/proc/self/exe")
    ) throws {
        try Self.require(maximumPeers, in: 1...FloorEchoParameters.maximumPeers, "maximum peers")
        try Self.require(messageBytes, in: 1...FloorSeries.sourceBytes, "message bytes")
        try Self.require(samples, in: 1...1_000_000, "samples")
        self.transport = transport
        self.executable = executable
        self.placement = placement
        let allowed = ProcessorSet.allowed()
        processors = (
            placement.processors(starting: true, of: allowed),
            placement.processors(starting: false, of: allowed)
        )
        peers = max(maximumPeers, FloorSeries.sources)
        series = FloorSeries.exchanges(
            over: transport, peers: maximumPeers, messageBytes: messageBytes, samples: samples)
        series.append(.bulkPull(over: transport))
        // Threads of one process have nothing to start and nothing to connect.
        if transport != .inproc {
            series.append(
                .freshPull(
                    over: transport, executable: executable, processors: processors.peers))
        }
        switch extent {
        case .run(let wordBits):
            if let wordBits { series.append(try .decode(wordBits: wordBits)) }
        case .all(let window):
            series += FloorSeries.rates(
                over: transport, peers: maximumPeers, messageBytes: messageBytes, window: window)
            series.append(try .decode(wordBits: 8))
            series += try FloorSeries.codes(faults: maximumPeers)
        }
    }

    /// Takes the samples of so many rounds, at most of those that are left.
    ///
    /// - Parameter progress: called before each measure with a line for people; an error that it
    ///   throws ends the measurement and is thrown on.
    /// - Throws: `FloorError`. However this ends, the echo process is gone afterwards, and the
    ///   samples of before are kept.
    package mutating func measure(
        rounds: Int = Self.rounds, progress: (String) throws -> Void = { _ in }
    ) throws {
        try ProcessorSet.bound(to: processors.asker) {
            try measureHere(rounds: rounds, progress: progress)
        }
    }

    private mutating func measureHere(
        rounds: Int, progress: (String) throws -> Void
    ) throws {
        let asker = try FloorConnection(
            over: transport, peers: peers, executable: executable, processors: processors.peers)
        defer { asker.stop() }
        for _ in 0..<min(rounds, Self.rounds - roundsDone) {
            for index in series.indices {
                let line =
                    "floor over \(transport.rawValue), round \(roundsDone + 1) of "
                    + "\(Self.rounds): \(series[index].row.measure)"
                try progress(line)
                do {
                    try measure(index, with: asker.asker)
                } catch {
                    // Ctrl-C also ends a process that has only just started: that is the reason then.
                    try progress(line)
                    throw error
                }
            }
            roundsDone += 1
        }
    }

    /// What was measured so far, one row for each measure.
    package var rows: [FloorRow] {
        series.compactMap(\.result).map { row in
            var row = row
            if !row.transport.isEmpty { row.placement = placement.rawValue }
            return row
        }
    }

    private mutating func measure(_ index: Int, with asker: FloorAsker) throws {
        let round = roundsDone
        let share = { (total: Int) in
            total * (round + 1) / Self.rounds - total * round / Self.rounds
        }
        let take = series[index].take
        _ = try take(asker, share(series[index].warmup))
        let end = floorClock() + Self.timeLimit / Self.rounds
        var missing = share(series[index].samples)
        while missing > 0, floorClock() < end {
            series[index].durations += try take(asker, min(missing, series[index].batch))
            missing -= series[index].batch
        }
    }

    private static func require(_ value: Int, in range: ClosedRange<Int>, _ name: String) throws {
        guard range.contains(value) else {
            throw FloorError.parameter(
                name: name, value: String(value),
                allowed: "\(range.lowerBound) to \(range.upperBound)")
        }
    }
}
