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
    static let resume = Option(
        name: "resume", value: "DIR",
        summary: "Go on with results that were interrupted; the experiment must be the same")
    static let verbose = Option(
        name: "verbose",
        summary: "Tell every recovery, here and in DIR/recoveries.jsonl; not for its times")
    static let seed = Option(
        name: "seed", value: "N", summary: "Generate the updates from this number")
    static let operations = Option(
        name: "operations", value: "N",
        summary: "Updates of each group; nodes crash after every tenth of them")

    static let floorOutput = Option(
        name: "output", value: "DIR", summary: "Where floor.csv goes, too (default: nowhere)")
    static let transport = Option(
        name: "transport", value: "T", summary: "tcp (default), ipc or inproc")
    static let peers = Option(
        name: "peers", value: "N", summary: "Exchange messages with 1 to so many peers (default: 3)"
    )
    static let bytes = Option(
        name: "bytes", value: "N", summary: "Bytes of a message (default: 64)")
    static let window = Option(
        name: "window", value: "W",
        summary: "Rounds in flight where nobody waits for each (default: 64)")

    static let threshold = Option(
        name: "threshold", value: "PERCENT",
        summary: "Exit with 1 where a median of the second is shown to be so much above the first")
    static let metric = Option(
        name: "metric", value: "M",
        summary: "Compare this metric of summary.csv only; may be repeated")

    static let schedules = Option(
        name: "schedules", value: "N",
        summary: "Instead of measuring, search so many schedules of faults for a failure")
    static let minutes = Option(
        name: "minutes", value: "M", summary: "Search schedules for so long")
    static let keep = Option(
        name: "keep", value: "LIST",
        summary: "Play only these actions of each schedule, such as 0,3,7")

    /// The options that make a simulation a search.
    static let searching = [schedules, minutes, keep]

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

    /// The number that an option gives.
    func integer(
        _ option: Option, in range: ClosedRange<Int>, default value: Int
    ) throws -> Int {
        guard let text = self[option.name] else { return value }
        guard let number = Int(text), range.contains(number) else {
            throw UsageError(
                "--\(option.name) \(text): it must be a whole number from \(range.lowerBound) to "
                    + "\(range.upperBound)")
        }
        return number
    }

    /// What `--transport` names.
    func transport(default value: TransportKind) throws -> TransportKind {
        guard let text = self[Option.transport.name] else { return value }
        guard let transport = TransportKind(rawValue: text) else {
            let names = TransportKind.allCases.map(\.rawValue)
            throw UsageError(
                "--transport \(text): there is no such transport"
                    + "\(suggestion(for: text, among: names)); it must be "
                    + names.joined(separator: " or "))
        }
        return transport
    }

    /// The experiment of a path, as the options change it.
    ///
    /// - Parameter isSimulated: whether its runs are of virtual nodes.
    func experiment(at path: String, isSimulated: Bool = false) throws -> Experiment {
        try Experiment.load(
            path: path, overrides: try overrides(), isSimulated: isSimulated)
    }
}
