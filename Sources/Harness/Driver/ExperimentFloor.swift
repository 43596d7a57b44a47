import Foundation

/// The floor of an experiment's runs: one round of it before the first run, one halfway and one
/// after the last, so that a machine that drifts moves the floor as it moves the runs.
final class ExperimentFloor {
    private var floors: [Floor] = []
    /// Before which run each round is due; the last one when all runs are done.
    private let due: [Int]
    private let directory: ResultsDirectory
    private let interrupt: Interrupt
    private let progress: Progress

    /// The floor of every transport, for as many peers and for values as large as the runs have.
    ///
    /// - Parameter runs: how many of them are to be made.
    init(
        of plans: [RunPlan], runs: Int, directory: ResultsDirectory, executable: URL,
        interrupt: Interrupt,
        progress: Progress
    ) throws {
        due = (0..<Floor.rounds).map { $0 * runs / (Floor.rounds - 1) }
        self.directory = directory
        self.interrupt = interrupt
        self.progress = progress
        // Nor is there one where nothing is real.
        let peers = plans.filter { $0.network == nil }.compactMap { plan in
            Registry.entry(named: plan.mechanism)?.updateFloor?.peers(plan.faults)
        }.max()
        // Without a message there is no floor.
        guard let peers else { return }
        let sizes = Set(plans.map(\.valueBytes.mean)).sorted()
        let samples = plans.map(\.workload.operations).max().map { min(5000, max(100, $0)) } ?? 100
        var wordBits = plans.first?.code.wordBits
        for transport in TransportKind.allCases {
            let placements = Set(plans.filter { $0.transport == transport }.map(\.placement))
            for placement in Placement.allCases where placements.contains(placement) {
                for size in sizes {
                    floors.append(
                        try Floor(
                            transport: transport, placement: placement, maximumPeers: peers,
                            messageBytes: size + 56, samples: samples,
                            extent: .run(wordBits: wordBits), executable: executable))
                    wordBits = nil
                }
            }
        }
    }

    /// The median of the quickest exchange that updates are set against, in nanoseconds, as far as it
    /// was measured.
    var quickestExchange: Int? {
        let exchanges = [FloorMeasure.oneRound, .twoRounds].map(\.rawValue)
        return floors.flatMap(\.rows).filter { exchanges.contains($0.measure) && $0.median > 0 }
            .map(\.median).min()
    }

    /// Takes the rounds that are due and writes `floor.csv`, with all samples so far.
    ///
    /// - Parameter run: how many runs are made.
    /// - Throws: `RunError.interrupted`, `FloorError` or `ResultsError`; the file then is as it was
    ///   before.
    func measure(before run: Int) throws {
        let rounds = due.count { $0 == run }
        guard rounds > 0 else { return }
        for index in floors.indices {
            try floors[index].measure(rounds: rounds) {
                if interrupt.isRaised { throw RunError.interrupted }
                progress.show($0)
            }
        }
        try directory.write(floors.flatMap(\.rows))
    }
}
