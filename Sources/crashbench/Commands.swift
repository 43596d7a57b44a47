import Harness

extension Command {
    /// Every command of the program.
    static let all = [
        Command(
            name: "run", operands: ["EXPERIMENT"],
            summary: "Run an experiment file and write its results",
            options: [.output] + Option.overriding + [.verbose], run: runExperiment),
        Command(
            name: "reproduce", operands: ["boyd"],
            summary: "Run the experiment of Boyd's report and compare with it",
            options: [.output, .operations, .repetitions, .verbose], run: reproduce),
        Command(
            name: "tables", operands: ["DIR"],
            summary: "Write tables.md again, from the CSV of a finished run", run: tables),
        Command(
            name: "plot", operands: ["DIR"],
            summary: "Draw the figures again, from the CSV (gnuplot)", run: plot),
        Command(
            name: "check", operands: ["EXPERIMENT"],
            summary: "Validate an experiment file and print its runs; run nothing",
            options: Option.overriding, run: check),
        Command(
            name: "floor",
            summary: "Measure what transport and arithmetic allow on this machine", run: floor),
        Command(
            name: "doctor",
            summary: "Say which libraries and tools are there, and how to get what is missing",
            run: doctor),
        Command(name: "node", summary: "One node of a run", isListed: false, run: node),
        Command(
            name: FloorEcho.command, summary: "The other end of the floor's exchanges",
            isListed: false, run: floorEcho),
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
        let (directory, outcome) = try experiment.run(
            output: arguments["output"], drawsFigures: drawsFigures,
            isVerbose: arguments["verbose"] != nil)
        print("Results: \(directory) (tables.md, summary.csv)")
        return ExitStatus(rawValue: outcome.rawValue) ?? .unjudged
    }

    @Sendable private static func tables(_ arguments: Arguments) throws -> ExitStatus {
        let directory = arguments.operands[0]
        try Tables.write(directory: directory, floors: Registry.floors)
        print("Written: \(directory)/tables.md")
        return .valid
    }

    @Sendable private static func plot(_ arguments: Arguments) throws -> ExitStatus {
        let directory = arguments.operands[0]
        for note in try Figures.render(directory) { print(note) }
        print("Drawn: \(directory)/figures")
        return .valid
    }

    @Sendable private static func floor(_ arguments: Arguments) throws -> ExitStatus {
        let interrupt = Interrupt()
        let progress = Progress()
        var rows: [FloorRow] = []
        for transport in TransportKind.allCases {
            rows += try Floor.measure(
                transport: transport, wordBits: rows.isEmpty ? 8 : nil
            ) {
                if interrupt.isRaised { throw RunError.interrupted }
                progress.show($0)
            }
        }
        progress.end()
        print(Floor.table(rows), terminator: "")
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
}
