/// Why an experiment was refused, as one sentence: where, which key, what is wrong with it and
/// what is allowed. The command line ends with exit status 64 on it.
package struct ExperimentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The file, or the option that overrides it. Filled in by `Experiment.load`.
    package var origin: String
    /// The paths of the keys that disagree, such as `crash.every`; the first one is named. Empty
    /// where the text could not be read at all.
    package var keys: [String]
    /// What is wrong, as the sentence goes on after the key.
    package var problem: String
    /// What is allowed or what to do; may be empty.
    package var allowed: String

    package init(origin: String = "", keys: [String], problem: String, allowed: String) {
        self.origin = origin
        self.keys = keys
        self.problem = problem
        self.allowed = allowed
    }

    package var description: String {
        let subject = keys.first.map { "\($0) " } ?? ""
        let remedy = allowed.isEmpty ? "" : "; \(allowed)"
        return "\(origin): \(subject)\(problem)\(remedy)."
    }
}
