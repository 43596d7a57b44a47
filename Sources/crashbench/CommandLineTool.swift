import Foundation
import Harness

/// Finds the command of a command line, runs it, and turns what it throws into a sentence and an
/// exit status.
struct CommandLineTool {
    var commands: [Command]

    /// - Parameter words: the command line behind the program's name.
    func run(_ words: [String]) -> ExitStatus {
        do {
            return try follow(words)
        } catch {
            FileHandle.standardError.write(Data("crashbench: \(error)\n".utf8))
            return error is UsageError || error is ExperimentError ? .usage : .unjudged
        }
    }

    private func follow(_ words: [String]) throws -> ExitStatus {
        guard let name = words.first else {
            throw UsageError("a command is missing; see crashbench --help")
        }
        if ["--help", "-h", "help"].contains(name) {
            print(overview, terminator: "")
            return .valid
        }
        guard let command = commands.first(where: { $0.name == name }) else {
            let names = commands.filter(\.isListed).map(\.name)
            throw UsageError(
                "\"\(name)\" is no command\(suggestion(for: name, among: names)); allowed are "
                    + "\(names.joined(separator: ", ")); see crashbench --help")
        }
        let rest = Array(words.dropFirst())
        // The program's own calls of itself are not typed by people.
        guard command.isListed else { return try command.run(Arguments(operands: rest)) }
        let parser = OptionParser(command, words: rest)
        guard let arguments = try parser.parse() else {
            print(parser.usage(), terminator: "")
            return .valid
        }
        return try command.run(arguments)
    }

    private var overview: String {
        let listed = commands.filter(\.isListed).map { command in
            (call: command.call, command.summary)
        }
        let width = listed.map(\.call.count).max() ?? 0
        let lines = listed.map { call, summary in
            "  \(call)\(String(repeating: " ", count: width - call.count))  \(summary)\n"
        }
        return """
            Usage: crashbench COMMAND [OPTION...]

            Measures what surviving a crash costs: erasure-coded backups against replication.

            \(lines.joined())
            crashbench COMMAND --help lists the options of a command.
            Exit status: 0 every run valid, 1 a run invalid or worse than the threshold of compare,
            2 a run that could not be judged or results that are not whole, 64 the command line or
            the experiment file is wrong.

            """
    }
}
