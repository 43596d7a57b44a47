import Harness

extension Option {
    static let output = Option(
        name: "output", value: "DIR",
        summary: "Where results go (default: Results/EXPERIMENT/TIME)")
    static let set = Option(
        name: "set", value: "KEY=VALUE",
        summary: "Set a key of the experiment, such as workload.window=8; may be repeated")
    static let repetitions = Option(
        name: "repetitions", value: "N", summary: "Run everything so many times")
    static let verbose = Option(
        name: "verbose",
        summary: "Tell every recovery, here and in DIR/recoveries.jsonl; not for its times")
    static let seed = Option(
        name: "seed", value: "N", summary: "Generate the updates from this number")
    static let operations = Option(
        name: "operations", value: "N",
        summary: "Updates of each group; nodes crash after every tenth of them")

    /// The options that change an experiment file.
    static let overriding = [set, repetitions, seed]
}

extension Arguments {
    /// What the options change in the experiment file, in the order of the command line.
    func overrides() throws -> [Override] {
        try options.flatMap { setting -> [Override] in
            let option = "--\(setting.name) \(setting.value)"
            switch setting.name {
            case Option.set.name:
                return [try Override(setting: setting.value)]
            case Option.repetitions.name, Option.seed.name:
                return [try Override(option: option, key: setting.name, text: setting.value)]
            case Option.operations.name:
                let tenth = max(1, (Int(setting.value) ?? 0) / 10)
                return [
                    try Override(option: option, key: "crash.every", text: "\(tenth)"),
                    try Override(option: option, key: "workload.operations", text: setting.value),
                ]
            default:
                return []
            }
        }
    }

    /// The experiment of a path, as the options change it.
    func experiment(at path: String) throws -> Experiment {
        try Experiment.load(path: path, overrides: try overrides())
    }
}
