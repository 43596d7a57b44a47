import Foundation
import Roles
import Simulation
import Transport

/// Plays many schedules of an experiment's runs on virtual nodes, each with faults of its own, and
/// looks for one in which something goes wrong.
package struct ScheduleSearch {
    /// How a search went.
    package struct Outcome {
        package var counts: SearchCounts
        /// The first schedule that failed.
        package var failure: Failure?
        package var isInterrupted = false
        /// Differs where anything differs in what any node heard in any schedule.
        package var traceDigest: UInt64
    }

    /// A schedule in which something went wrong.
    package struct Failure {
        package var seed: UInt64
        package var plan: RunPlan
        package var violation: String
        /// When it was found, in virtual nanoseconds.
        package var moment: UInt64
        /// How many actions the schedule has.
        package var actions: Int
        /// The actions of the shortest schedule that still fails, what that shows, and when.
        package var kept: [Int]
        package var minimalViolation: String
        package var minimalMoment: UInt64
    }

    private let plans: [RunPlan]
    private let mechanisms: [any Mechanism]
    private let options: SearchOptions
    /// Of the first schedule.
    package let firstSeed: UInt64

    /// - Parameters:
    ///   - plans: at least one, all of mechanisms that recover.
    ///   - options: what may happen.
    ///   - make: gives a plan's mechanism.
    /// - Throws: where a mechanism cannot be made.
    package init(
        plans: [RunPlan], options: SearchOptions = SearchOptions(),
        make: (RunPlan) throws -> any Mechanism = Self.mechanism
    ) throws {
        precondition(!plans.isEmpty, "a search is of some run")
        self.plans = plans
        self.options = options
        mechanisms = try plans.map(make)
        firstSeed = plans[0].seed
    }

    package static func mechanism(of plan: RunPlan) throws -> any Mechanism {
        guard let entry = Registry.entry(named: plan.mechanism) else {
            throw RunError.unjudged("\(plan.mechanism) is no mechanism")
        }
        return try entry.mechanism(of: plan)
    }

    /// Plays schedules with the seeds from the first one on until one fails, `schedules` have been
    /// played, or `shallEnd` says so.
    ///
    /// - Parameters:
    ///   - kept: the numbers of the actions that are played of each; nil for all.
    ///   - tell: told of all that happens.
    ///   - shallEnd: asked before each schedule, with the number of those that were played.
    ///   - isInterrupted: asked before each schedule; a search that is interrupted judges nothing.
    package func run(
        schedules: Int, keeping kept: Set<Int>? = nil, tell: ((String) -> Void)? = nil,
        shallEnd: (Int) -> Bool = { _ in false }, isInterrupted: @escaping () -> Bool = { false }
    ) -> Outcome {
        var outcome = Outcome(counts: SearchCounts(), traceDigest: 0)
        for number in 0..<UInt64(schedules) {
            if isInterrupted() {
                outcome.isInterrupted = true
                break
            }
            if shallEnd(Int(number)) { break }
            let schedule = schedule(firstSeed &+ number)
            let result = play(schedule, keeping: kept, tell: tell)
            outcome.counts = outcome.counts + result.counts
            outcome.traceDigest =
                (outcome.traceDigest ^ result.traceDigest) &* 0x9E37_79B9_7F4A_7C15
            guard let violation = result.violation else { continue }
            outcome.failure = failure(
                of: schedule, keeping: kept, violation, at: result.moment, isInterrupted)
            break
        }
        return outcome
    }

    private func schedule(_ seed: UInt64) -> Schedule {
        Schedule(seed: seed, plans: plans, mechanisms: mechanisms, options: options)
    }

    private func play(
        _ schedule: Schedule, keeping kept: Set<Int>?, tell: ((String) -> Void)? = nil
    ) -> ScheduleRun.Outcome {
        let mechanism = mechanisms[Int(schedule.seed % UInt64(plans.count))]
        return ScheduleRun(schedule, mechanism: mechanism, options: options, tell: tell)
            .play(keeping: kept)
    }

    private func failure(
        of schedule: Schedule, keeping kept: Set<Int>?, _ violation: Violation, at moment: UInt64,
        _ isInterrupted: @escaping () -> Bool
    ) -> Failure {
        let all = schedule.actions.map(\.number).filter { kept?.contains($0) ?? true }
        let minimizer = ScheduleMinimizer(
            fails: { play(schedule, keeping: $0).violation != nil }, isInterrupted: isInterrupted)
        let minimal = minimizer.minimize(all)
        let replay = play(schedule, keeping: Set(minimal))
        return Failure(
            seed: schedule.seed, plan: schedule.plan, violation: violation.description,
            moment: moment, actions: all.count, kept: minimal,
            minimalViolation: (replay.violation ?? violation).description,
            minimalMoment: replay.moment)
    }
}
