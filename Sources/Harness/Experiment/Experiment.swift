import Foundation

/// An experiment file, checked and resolved to its runs (DESIGN.md, Contracts).
package struct Experiment: Sendable, Equatable {
    package var name: String
    /// The runs in their order: repetition by repetition, and in every second repetition the
    /// mechanisms of each configuration the other way round, so that none always comes first.
    package var plans: [RunPlan]
    /// What the runs do differently from what the file says at first sight, as sentences.
    package var notes: [String]
    /// The experiment as it runs, as text for `experiment.json5`: every default and override is in.
    package var text: String

    /// Loads an experiment file.
    ///
    /// - Parameters:
    ///   - overrides: keys that the command line sets; a later one wins.
    ///   - isSimulated: whether its runs are of virtual nodes.
    ///   - entries: the mechanisms that are known.
    /// - Throws: What is wrong with the file, or with an override, in one sentence.
    package static func load(
        path: String, overrides: [Override] = [], isSimulated: Bool = false,
        entries: [Registry.Entry] = Registry.entries
    ) throws(ExperimentError) -> Experiment {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ExperimentError(
                origin: path, keys: [], problem: "the experiment file cannot be read",
                allowed: reason(of: error))
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw ExperimentError(
                origin: path, keys: [], problem: "the experiment file is not UTF-8 text",
                allowed: "it must be JSON5")
        }
        return try parse(
            text, origin: path, overrides: overrides, isSimulated: isSimulated, entries: entries)
    }

    /// Resolves the text of an experiment file.
    ///
    /// - Parameter origin: what errors call the text.
    package static func parse(
        _ text: String, origin: String, overrides: [Override] = [], isSimulated: Bool = false,
        entries: [Registry.Entry] = Registry.entries
    ) throws(ExperimentError) -> Experiment {
        do {
            var value = try JSONValue(parsing: text)
            for setting in overrides {
                value.set(
                    setting.key.split(separator: ".").map(String.init)[...], to: setting.value)
            }
            let file = try ExperimentFile(value, mechanisms: entries.map(\.name))
            return try Experiment(file, isSimulated: isSimulated, entries: entries)
        } catch {
            throw error.located(origin: origin, overrides: overrides)
        }
    }

    private init(
        _ file: ExperimentFile, isSimulated: Bool, entries: [Registry.Entry]
    ) throws(ExperimentError) {
        let configurations = try file.runs(of: entries, isSimulated: isSimulated)
        name = file.name
        plans = (1...file.repetitions).flatMap { repetition in
            configurations.flatMap { runs in
                (repetition.isMultiple(of: 2) ? runs.reversed() : runs).map { run in
                    var run = run
                    run.repetition = repetition
                    return run
                }
            }
        }
        notes = file.notes(on: configurations.flatMap(\.self), entries: entries)
        do {
            text = try file.text()
        } catch {
            throw ExperimentError(
                keys: [], problem: "the experiment cannot be written as text", allowed: "\(error)")
        }
    }
}

extension ExperimentError {
    /// The error with its place: the last option that has set one of its keys, or the file.
    fileprivate func located(origin: String, overrides: [Override]) -> ExperimentError {
        let option = overrides.last { setting in keys.contains { setting.concerns($0) } }?.option
        var error = self
        error.origin = option ?? origin
        return error
    }
}
