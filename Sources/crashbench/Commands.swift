import Harness

extension Command {
    /// Every command of the program.
    static let all = [
        Command(
            name: "run", operands: ["EXPERIMENT"],
            summary: "Run an experiment file and write its results",
            options: [.output] + Option.overriding, run: runExperiment),
        Command(
            name: "reproduce", operands: ["boyd"],
            summary: "Run the experiment of Boyd's report and compare with it",
            options: [.output, .operations, .repetitions], run: reproduce),
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
        _ = try arguments.experiment(at: arguments.operands[0])
        throw NotConnected()
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
        _ = try arguments.experiment(at: path)
        throw NotConnected()
    }

    @Sendable private static func tables(_ arguments: Arguments) throws -> ExitStatus {
        throw NotConnected()
    }

    @Sendable private static func plot(_ arguments: Arguments) throws -> ExitStatus {
        throw NotConnected()
    }

    @Sendable private static func floor(_ arguments: Arguments) throws -> ExitStatus {
        throw NotConnected()
    }

    @Sendable private static func doctor(_ arguments: Arguments) throws -> ExitStatus {
        throw NotConnected()
    }

    @Sendable private static func floorEcho(_ arguments: Arguments) throws -> ExitStatus {
        try FloorEcho.serve(arguments: arguments.operands)
        return .valid
    }
}

/// The command waits for its part of `Harness`.
struct NotConnected: Error, CustomStringConvertible {
    var description: String { "this command is not connected with the harness yet" }
}
