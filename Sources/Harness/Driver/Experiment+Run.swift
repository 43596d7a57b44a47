import Foundation

extension Experiment {
    /// Runs the experiment and writes its results: settings, environment and floor first, then every
    /// measurement as it is made, at the end the summary and the tables.
    ///
    /// - Parameters:
    ///   - output: the results directory; nil for `Results/<experiment>/<UTC time>`.
    ///   - drawsFigures: whether the report's figures are drawn, too.
    ///   - executable: the program that nodes run: this one.
    /// - Returns: where the results are, and how it went.
    /// - Throws: `ResultsError` where results cannot be kept, or whatever keeps a floor from being
    ///   measured.
    package func run(
        output: String?, drawsFigures: Bool = false,
        executable: URL = URL(fileURLWithPath: "/proc/self/exe"),
        interrupt: Interrupt = Interrupt(), progress: Progress = Progress()
    ) throws -> (directory: String, outcome: ExperimentRunner.Outcome) {
        let directory = try ResultsDirectory.create(
            output, experiment: name, expectedBytes: ResultsDirectory.expectedBytes(of: plans))
        try directory.write(text, to: "experiment.json5")
        try Environment.capture().write(to: directory)
        do {
            try CSVWriter.write(
                try floors(executable: executable, interrupt: interrupt, progress: progress),
                in: directory.path)
        } catch RunError.interrupted {
            progress.say("Interrupted before the first run: nothing was measured.")
            return (directory.path, .unjudged)
        }
        let runner = ExperimentRunner(
            plans: plans, directory: directory, executable: executable, interrupt: interrupt,
            progress: progress)
        let outcome = try runner.run()
        try Summary.write(directory: directory.path, floors: Registry.floors)
        try Tables.write(directory: directory.path, floors: Registry.floors)
        if drawsFigures {
            progress.show("drawing the figures")
            for note in try Figures.render(directory.path) { progress.say(note) }
        }
        progress.end()
        return (directory.path, outcome)
    }

    /// The floor of every transport, for as many peers and for values as large as the runs have.
    private func floors(
        executable: URL, interrupt: Interrupt, progress: Progress
    ) throws -> [FloorRow] {
        let peers = plans.compactMap { plan in
            Registry.entry(named: plan.mechanism)?.updateFloor?.peers(plan.faults)
        }.max()
        // Without a message there is no floor.
        guard let peers else { return [] }
        let sizes = Set(plans.map(\.valueBytes.mean)).sorted()
        let samples = plans.map(\.workload.operations).max().map { min(5000, max(100, $0)) } ?? 100
        var wordBits = plans.first?.code.wordBits
        var rows: [FloorRow] = []
        for transport in TransportKind.allCases
        where plans.contains(where: { $0.transport == transport }) {
            for size in sizes {
                rows += try Floor.measure(
                    transport: transport, maximumPeers: peers, messageBytes: size + 56,
                    samples: samples, wordBits: wordBits, executable: executable
                ) {
                    if interrupt.isRaised { throw RunError.interrupted }
                    progress.show($0)
                }
                wordBits = nil
            }
        }
        return rows
    }
}
