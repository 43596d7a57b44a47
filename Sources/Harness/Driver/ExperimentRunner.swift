import Foundation
import Roles
import Transport

/// Runs the plans of an experiment one after another. A run that fails does not stop the others, and
/// what was measured before is kept.
package final class ExperimentRunner {
    /// How an experiment ended; the raw value is the process's exit status.
    package enum Outcome: Int32, Sendable {
        case valid = 0
        case invalid = 1
        case unjudged = 2

        /// As `runs.csv` has it.
        var name: String {
            switch self {
            case .valid: "valid"
            case .invalid: "invalid"
            case .unjudged: "unjudged"
            }
        }
    }

    private let plans: [RunPlan]
    private let directory: ResultsDirectory
    /// Its first rounds are measured already. Nil once it could not be measured further.
    private var floor: ExperimentFloor?
    private let executable: URL
    private let interrupt: Interrupt
    private let progress: Progress
    private let isVerbose: Bool
    /// The numbers of runs that an earlier call has made; nil where nothing is resumed.
    private let judged: Set<Int>?
    /// Nil as long as nothing was simulated.
    private(set) var simulated: SimulationTally?

    /// - Parameters:
    ///   - executable: the program that child processes run: this one.
    ///   - isVerbose: whether every recovery is told of, as text and as JSON lines.
    ///   - judged: the numbers of runs that an earlier call has made; nil where nothing is resumed.
    init(
        plans: [RunPlan], directory: ResultsDirectory, floor: ExperimentFloor, executable: URL,
        interrupt: Interrupt, progress: Progress, isVerbose: Bool = false,
        judged: Set<Int>? = nil
    ) {
        self.plans = plans
        self.directory = directory
        self.floor = floor
        self.executable = executable
        self.interrupt = interrupt
        self.progress = progress
        self.isVerbose = isVerbose
        self.judged = judged
    }

    /// - Throws: `ResultsError` when results cannot be kept; everything else is an outcome.
    package func run() throws -> Outcome {
        let recorder = try ResultsRecorder(in: directory, isResumed: judged != nil)
        let chronicle =
            isVerbose ? try RecoveryChronicle(in: directory, progress: progress) : nil
        var outcome = try outcomeSoFar()
        let open = (1...plans.count).filter { judged?.contains($0) != true }
        progress.begin(runs: open.count)
        for (position, number) in open.enumerated() {
            let place = "run \(number) of \(plans.count)"
            guard measureFloor(before: position, "before \(place)") else { return .unjudged }
            var plan = plans[number - 1]
            progress.begin(place, plan, after: position)
            plan.logsRecovery = isVerbose
            do {
                try run(plan, number: number, recorder: recorder, chronicle)
            } catch RunError.interrupted {
                sayInterrupted("in \(place)")
                return .unjudged
            } catch let error as RunError {
                progress.say("Run \(number) (\(plan.summary)): \(error).")
                if case .invalid = error {
                    outcome = .invalid
                } else if outcome == .valid {
                    outcome = .unjudged
                }
            }
        }
        guard measureFloor(before: open.count, "after the last run") else { return .unjudged }
        progress.end()
        return outcome
    }

    /// What the runs of an earlier call have come to.
    private func outcomeSoFar() throws -> Outcome {
        guard judged?.isEmpty == false else { return .valid }
        return try CSVReader.rows(RunRow.self, in: directory.path).rows.allSatisfy(\.valid)
            ? .valid : .invalid
    }

    /// Measures the floor again where that is due. If it fails, the runs still count, with the floor
    /// of before.
    ///
    /// - Parameters:
    ///   - position: how many runs this call has made.
    ///   - place: where in the experiment this is.
    /// - Returns: false when the user asked to stop.
    private func measureFloor(before position: Int, _ place: String) -> Bool {
        do {
            if position > 0 { try floor?.measure(before: position) }
        } catch RunError.interrupted {
            sayInterrupted(place)
            return false
        } catch {
            progress.say("\(error) The floor is that of before.")
            floor = nil
        }
        return true
    }

    private func sayInterrupted(_ place: String) {
        progress.say(
            "Interrupted \(place): all nodes are ended, and what was measured is in "
                + "\(directory.path).")
    }

    private func run(
        _ plan: RunPlan, number: Int, recorder: ResultsRecorder, _ chronicle: RecoveryChronicle?
    ) throws {
        guard let entry = Registry.entry(named: plan.mechanism) else {
            throw RunError.unjudged("there is no mechanism \(plan.mechanism)")
        }
        let mechanism = try entry.mechanism(of: plan)
        var row = RunRow(
            run: number, plan: plan, nodes: mechanism.nodes.count, codes: entry.decodes,
            orders: entry.ordersUpdates)
        let site = try site(of: plan, mechanism)
        let started = site.now()
        let realStart = MonotonicClock.now()
        defer {
            if let network = (site as? SimulatedSite)?.network {
                simulated = simulated ?? SimulationTally()
                simulated?.add(network, since: realStart)
            }
        }
        var driver: RunDriver?
        do {
            let session = Session(mechanism: mechanism, at: site)
            let runDriver = RunDriver(
                plan: plan, number: number, mechanism: mechanism, session: session,
                recorder: recorder, tell: chronicle.map { $0.tell },
                progress: { [progress] in progress.update(share: $0) })
            driver = runDriver
            try runDriver.run()
            row.valid = true
        } catch {
            // A failed run is a row, too.
            row.durationNs = Int(site.now() - started)
            row.outcome = Outcome.unjudged.name
            if case RunError.invalid = error { row.outcome = Outcome.invalid.name }
            try finish(&row, driver, recorder)
            if error is RunError || error is ResultsError { throw error }
            throw RunError.unjudged("\(error)")
        }
        row.durationNs = Int(site.now() - started)
        row.outcome = Outcome.valid.name
        try finish(&row, driver, recorder)
    }

    /// Where the nodes of a run live.
    private func site(of plan: RunPlan, _ mechanism: any Mechanism) throws -> any NodeSite {
        guard let model = plan.network else {
            do {
                return try MachineSite(
                    plan: plan, mechanism: mechanism, executable: executable, interrupt: interrupt)
            } catch {
                throw RunError.unjudged("\(error)")
            }
        }
        return SimulatedSite(plan: plan, mechanism: mechanism, model: model, interrupt: interrupt)
    }

    private func finish(
        _ row: inout RunRow, _ driver: RunDriver?, _ recorder: ResultsRecorder
    ) throws {
        row.updates = driver?.updates ?? 0
        row.recoveries = driver?.recoveries ?? 0
        row.refused = driver?.refusals ?? 0
        row.updatingNs = driver?.updatingNs
        row.take(driver?.steadiness.verdict)
        if row.rate != nil { row.scheduledNs = driver?.scheduledNs }
        if let driver { try recorder.record(driver.resources) }
        try recorder.record(row)
    }
}

extension RunPlan {
    /// The run in a few words.
    package var summary: String {
        "\(mechanism), \(groups) \(groups == 1 ? "group" : "groups"), f = \(faults), "
            + "repetition \(repetition)"
    }
}
