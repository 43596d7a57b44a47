import Foundation

extension Experiment {
    /// Runs the experiment and writes its results: settings, environment and a first floor, then
    /// every measurement as it is made, at the end the summary and the tables.
    ///
    /// - Parameters:
    ///   - output: the results directory; nil for `Results/<experiment>/<UTC time>`.
    ///   - drawsFigures: whether the report's figures are drawn, too.
    ///   - isVerbose: whether every recovery is told of on standard error and in a file.
    ///   - executable: the program that nodes run: this one.
    /// - Throws: `ResultsError` where results cannot be kept, or whatever keeps the first floor
    ///   from being measured.
    package func run(
        output: String?, drawsFigures: Bool = false, isVerbose: Bool = false,
        executable: URL = URL(fileURLWithPath: "/proc/self/exe"),
        interrupt: Interrupt = Interrupt(), progress: Progress = Progress()
    ) throws -> Performance {
        let directory = try ResultsDirectory.create(
            output, experiment: name, expectedBytes: ResultsDirectory.expectedBytes(of: plans))
        try directory.write(text, to: "experiment.json5")
        try Environment.capture().write(to: directory)
        let floor = try ExperimentFloor(
            of: plans, directory: directory, executable: executable, interrupt: interrupt,
            progress: progress)
        do {
            try floor.measure(before: 0)
        } catch RunError.interrupted {
            progress.say("Interrupted before the first run: nothing was measured.")
            return Performance(directory: directory.path, outcome: .unjudged)
        }
        let runner = ExperimentRunner(
            plans: plans, directory: directory, floor: floor, executable: executable,
            interrupt: interrupt, progress: progress, isVerbose: isVerbose)
        let outcome = try runner.run()
        try Summary.write(directory: directory.path, floors: Registry.floors)
        try Tables.write(directory: directory.path, floors: Registry.floors)
        if drawsFigures {
            progress.show("drawing the figures")
            for note in try Figures.render(directory.path) { progress.say(note) }
        }
        progress.end()
        return Performance(
            directory: directory.path, outcome: outcome, simulated: runner.simulated)
    }

    /// Where an experiment's results are, and how it went.
    package struct Performance: Sendable {
        package var directory: String
        package var outcome: ExperimentRunner.Outcome
        /// Nil where nothing was simulated.
        package var simulated: SimulationTally?
    }
}
