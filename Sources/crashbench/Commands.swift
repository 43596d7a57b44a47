import Harness

extension Command {
    /// Every command of the program.
    static let all = [
        Command(
            name: "run", operands: ["EXPERIMENT"],
            summary: "Run an experiment file and write its results",
            options: [.output, .resume] + Option.overriding + [.verbose], run: runExperiment),
        Command(
            name: "reproduce", operands: ["boyd"],
            summary: "Run the experiment of Boyd's report and compare with it",
            options: [.output, .resume, .operations, .repetitions, .verbose], run: reproduce),
        Command(
            name: "tables", operands: ["DIR"],
            summary: "Write summary.csv, comparisons.csv and tables.md again", run: tables),
        Command(
            name: "plot", operands: ["DIR"],
            summary: "Draw the figures again, from the CSV (gnuplot)", run: plot),
        Command(
            name: "summary", operands: ["DIR"],
            summary: "Show the medians with their confidence intervals", run: summary),
        Command(
            name: "compare", operands: ["DIR", "DIR"],
            summary: "Set the results of one directory against those of another",
            options: [.threshold, .metric], run: compare),
        Command(
            name: "report", operands: ["DIR"],
            summary: "Write report.html: all of the results in one page for a browser",
            run: report),
        Command(
            name: "columns", optionalOperand: "TABLE",
            summary: "Say what each column of the CSV files is, or of one such as updates",
            run: columns),
        Command(
            name: "check", operands: ["EXPERIMENT"],
            summary: "Validate an experiment file and print its runs; run nothing",
            options: Option.overriding, run: check),
        Command(
            name: "simulate", operands: ["EXPERIMENT"],
            summary: "Run an experiment file on virtual nodes, in virtual time",
            options: [.output, .resume] + Option.overriding + [.verbose] + Option.searching,
            run: simulate),
        Command(
            name: "floor",
            summary: "Measure what transport and arithmetic allow on this machine",
            options: [.floorOutput, .transport, .peers, .bytes, .window], run: floor),
        Command(
            name: "doctor",
            summary: "Say which libraries and tools are there, and how to get what is missing",
            run: doctor),
        Command(name: "node", summary: "One node of a run", isListed: false, run: node),
        Command(
            name: FloorEcho.command, summary: "The other end of the floor's exchanges",
            isListed: false, run: floorEcho),
        Command(
            name: FloorFresh.command, summary: "A process of the floor that pulls once",
            isListed: false, run: floorFresh),
    ]

    @Sendable private static func check(_ arguments: Arguments) throws -> ExitStatus {
        print(try arguments.experiment(at: arguments.operands[0]).listing(), terminator: "")
        return .valid
    }

    @Sendable private static func node(_ arguments: Arguments) throws -> ExitStatus {
        ExitStatus(rawValue: NodeProgram.run()) ?? .unjudged
    }

    @Sendable private static func runExperiment(_ arguments: Arguments) throws -> ExitStatus {
        try conduct(
            try arguments.experiment(at: arguments.operands[0]), arguments, drawsFigures: false)
    }

    @Sendable private static func simulate(_ arguments: Arguments) throws -> ExitStatus {
        if arguments.asksForSearch { return try search(arguments) }
        return try conduct(
            try arguments.experiment(at: arguments.operands[0], isSimulated: true), arguments,
            drawsFigures: false)
    }

    @Sendable private static func reproduce(_ arguments: Arguments) throws -> ExitStatus {
        guard arguments.operands == ["boyd"] else {
            throw UsageError(
                "\"\(arguments.operands[0])\" cannot be reproduced; allowed is boyd, as in "
                    + "crashbench reproduce boyd")
        }
        guard let path = ProjectFiles.locate("Experiments/boyd.json5") else {
            throw UsageError(
                "Experiments/boyd.json5 is neither above the working directory nor above the "
                    + "program; run crashbench in its project's folder")
        }
        return try conduct(try arguments.experiment(at: path), arguments, drawsFigures: true)
    }

    private static func conduct(
        _ experiment: Experiment, _ arguments: Arguments, drawsFigures: Bool
    ) throws -> ExitStatus {
        let resumed = arguments["resume"]
        if let resumed, let output = arguments["output"] {
            throw UsageError(
                "--resume \(resumed) and --output \(output) do not go together: results go on "
                    + "where they are")
        }
        let performance = try experiment.run(
            output: resumed ?? arguments["output"], isResumed: resumed != nil,
            drawsFigures: drawsFigures, isVerbose: arguments["verbose"] != nil)
        if let simulated = performance.simulated { print("Simulated: \(simulated)") }
        for note in performance.notes { print(note) }
        print("Results: \(performance.directory) (report.html, tables.md, summary.csv)")
        return ExitStatus(rawValue: performance.outcome.rawValue) ?? .unjudged
    }

    @Sendable private static func floor(_ arguments: Arguments) throws -> ExitStatus {
        let peers = try arguments.integer(.peers, in: 1...64, default: 3)
        let bytes = try arguments.integer(.bytes, in: 1...1_048_576, default: 64)
        // What is in flight has to fit in memory.
        let window = try arguments.integer(
            .window, in: 1...min(65_536, max(64, (256 << 20) / (peers * bytes))), default: 64)
        var floor = try Floor(
            transport: try arguments.transport(default: .tcp), maximumPeers: peers,
            messageBytes: bytes, extent: .all(window: window))
        let directory = try arguments["output"].map {
            try ResultsDirectory.create($0, experiment: "floor", expectedBytes: 1 << 16)
        }
        if let directory { try Environment.capture().write(to: directory) }
        let interrupt = Interrupt()
        let progress = Progress()
        let outcome = Result {
            try floor.measure {
                if interrupt.isRaised { throw RunError.interrupted }
                progress.show($0)
            }
        }
        progress.end()
        // Also where it was interrupted: what was measured is kept.
        try directory?.write(floor.rows)
        print(Floor.table(floor.rows), terminator: "")
        try outcome.get()
        return .valid
    }

    @Sendable private static func doctor(_ arguments: Arguments) throws -> ExitStatus {
        let (text, isComplete) = Doctor.report()
        print(text, terminator: "")
        return isComplete ? .valid : .unjudged
    }

    @Sendable private static func floorEcho(_ arguments: Arguments) throws -> ExitStatus {
        try FloorEcho.serve(arguments: arguments.operands)
        return .valid
    }

    @Sendable private static func floorFresh(_ arguments: Arguments) throws -> ExitStatus {
        try FloorFresh.serve(arguments: arguments.operands)
        return .valid
    }
}
