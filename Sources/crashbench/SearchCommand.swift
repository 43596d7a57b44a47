import Foundation
import Harness

extension Arguments {
    /// Whether schedules are to be searched, and nothing measured.
    var asksForSearch: Bool { Option.searching.contains { self[$0.name] != nil } }

    /// The numbers that `--keep` lists.
    func keptActions() throws -> Set<Int>? {
        guard let text = self[Option.keep.name] else { return nil }
        if text == "none" { return [] }
        let words = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = words.compactMap { Int($0) }
        guard numbers.count == words.count, numbers.allSatisfy({ $0 >= 0 }) else {
            throw UsageError(
                "--keep \(text): it must be numbers of actions with commas between them, such as "
                    + "0,3,7, or none")
        }
        return Set(numbers)
    }

    /// The command line up to the options of a search, as a shell takes it.
    fileprivate var searchedCommand: String {
        let settings = options.filter { $0.name == Option.set.name }
        let words =
            ["crashbench", "simulate", operands[0]]
            + settings.flatMap { ["--\($0.name)", $0.value] }
        return words.map { word in
            word.wholeMatch(of: /[A-Za-z0-9_.,\/=:-]+/) != nil
                ? word : "'" + word.replacing("'", with: "'\\''") + "'"
        }.joined(separator: " ")
    }
}

extension Command {
    /// Searches schedules of an experiment's runs for one in which something goes wrong.
    static func search(_ arguments: Arguments) throws -> ExitStatus {
        if let name = [Option.output.name, Option.resume.name].first(where: {
            arguments[$0] != nil
        }) {
            throw UsageError(
                "--\(name): a search has no results; leave it out, or the options "
                    + Option.searching.map { "--\($0.name)" }.joined(separator: ", "))
        }
        let minutes = try arguments["minutes"].map { _ in
            try arguments.integer(.minutes, in: 1...100_000, default: 1)
        }
        let schedules = try arguments.integer(
            .schedules, in: 1...1_000_000_000,
            default: minutes == nil ? 1 : 1_000_000_000)
        let kept = try arguments.keptActions()
        let experiment = try arguments.experiment(at: arguments.operands[0])
        let plans = experiment.plans.filter {
            Registry.entry(named: $0.mechanism)?.recovers ?? false
        }
        guard !plans.isEmpty else {
            throw UsageError(
                "\(arguments.operands[0]): no run has a mechanism whose nodes recover; allowed are "
                    + Registry.entries.filter(\.recovers).map(\.name).joined(separator: ", "))
        }
        let search = try ScheduleSearch(plans: plans)
        let isVerbose = arguments["verbose"] != nil
        let interrupt = Interrupt()
        let progress = Progress()
        let end = minutes.map { Date(timeIntervalSinceNow: 60 * Double($0)) }
        let outcome = search.run(
            schedules: schedules, keeping: kept, tell: isVerbose ? { print($0) } : nil,
            shallEnd: { number in
                if number.isMultiple(of: 64) {
                    let goal = minutes == nil ? " of \(schedules)" : ""
                    progress.show("schedule \(number + 1)\(goal)")
                }
                return end.map { Date() >= $0 } ?? false
            },
            isInterrupted: { interrupt.isRaised })
        progress.end()
        print(outcome.text, terminator: "")
        if let failure = outcome.failure {
            var played = experiment
            played.plans = [failure.plan]
            played.notes = []
            print(try played.listing())
            print(failure.text(replayingBy: arguments.searchedCommand), terminator: "")
            return .invalid
        }
        if outcome.isInterrupted {
            progress.say("Interrupted: no schedule failed until then.")
            return .unjudged
        }
        return .valid
    }
}
