import Foundation

extension Experiment {
    /// Runs the experiment and writes its results: settings, environment and a first floor, then
    /// every measurement as it is made, at the end the summary and the tables.
    ///
    /// - Parameters:
    ///   - output: the results directory; nil for `Results/<experiment>/<UTC time>`.
    ///   - isResumed: whether `output` has results of an earlier call that was interrupted, which
    ///     this one goes on with.
    ///   - drawsFigures: whether the report's figures are drawn, too.
    ///   - isVerbose: whether every recovery is told of on standard error and in a file.
    ///   - executable: the program that nodes run: this one.
    /// - Throws: `ResultsError` where results cannot be kept, or whatever keeps the first floor
    ///   from being measured.
    package func run(
        output: String?, isResumed: Bool = false, drawsFigures: Bool = false,
        isVerbose: Bool = false,
        executable: URL = URL(fileURLWithPath: "/proc/self/exe"),
        interrupt: Interrupt = Interrupt(), progress: Progress = Progress()
    ) throws -> Performance {
        var environment = Environment.capture()
        let (directory, lock, judged) = try directory(
            output, isResumed: isResumed, environment)
        defer { withExtendedLifetime(lock) {} }
        let open = plans.count - (judged?.count ?? 0)
        let floor = try ExperimentFloor(
            of: plans, runs: open, directory: directory, executable: executable,
            interrupt: interrupt, progress: progress)
        do {
            if open > 0 {
                try floor.measure(before: 0)
                try testHarness(exchange: floor.quickestExchange, directory, interrupt, progress)
            }
        } catch RunError.interrupted {
            progress.say("Interrupted before the first run: nothing was measured.")
            return Performance(directory: directory.path, outcome: .unjudged)
        }
        let before = MachineActivity.now()
        let runner = ExperimentRunner(
            plans: plans, directory: directory, floor: floor, executable: executable,
            interrupt: interrupt, progress: progress, isVerbose: isVerbose, judged: judged)
        let outcome = try runner.run()
        environment.end(before)
        try environment.write(to: directory, isResumed: isResumed)
        let evaluation = try Evaluation(directory: directory.path, floors: Registry.floors)
        try evaluation.writeTables()
        for sentence in evaluation.omissions { progress.say(sentence) }
        if drawsFigures {
            progress.show("drawing the figures")
            for note in try Figures.render(directory.path).notes { progress.say(note) }
        }
        try evaluation.writeReport()
        progress.end()
        let measurements = evaluation.measurements
        return Performance(
            directory: directory.path, outcome: outcome, simulated: runner.simulated,
            notes: [measurements.selfTest.failureNote, measurements.runs.unsteadinessNote]
                .compactMap(\.self) + (environment.warnings ?? []))
    }

    /// Has the harness measure what is known, on the machine of this experiment; see `SelfTest`.
    private func testHarness(
        exchange: Int?, _ directory: ResultsDirectory, _ interrupt: Interrupt, _ progress: Progress
    ) throws {
        guard plans.contains(where: { $0.network == nil }) else { return }
        progress.show("testing the harness")
        do {
            try directory.write(SelfTest(interrupt: interrupt).rows(exchange: exchange))
        } catch let error as RunError {
            if case .interrupted = error { throw error }
            progress.say("The harness could not be tested: \(error).")
        }
    }

    /// The directory of the results, new or of an earlier call; there, the runs that it has judged.
    private func directory(
        _ output: String?, isResumed: Bool, _ environment: Environment
    ) throws -> (ResultsDirectory, DirectoryLock, judged: Set<Int>?) {
        if isResumed, let output {
            let lock = try DirectoryLock(output)
            let (directory, judged) = try ResultsDirectory.reopen(
                output, experiment: text, environment: environment)
            return (directory, lock, judged)
        }
        let directory = try ResultsDirectory.create(
            output, experiment: name, expectedBytes: ResultsDirectory.expectedBytes(of: plans))
        let lock = try DirectoryLock(directory.path)
        try directory.write(text, to: "experiment.json5")
        try environment.write(to: directory)
        return (directory, lock, nil)
    }

    /// Where an experiment's results are, and how it went.
    package struct Performance: Sendable {
        package var directory: String
        package var outcome: ExperimentRunner.Outcome
        /// Nil where nothing was simulated.
        package var simulated: SimulationTally?
        /// What somebody should know who takes the numbers for good, as sentences.
        package var notes: [String] = []
    }
}
