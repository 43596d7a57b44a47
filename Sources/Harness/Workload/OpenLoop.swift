import Foundation
import Simulation

/// Updates that begin when a schedule says, and not when those before them are complete: the
/// schedule is fixed before they begin, and what is late is measured from when it was due (Schroeder,
/// Wierman and Harchol-Balter: Open Versus Closed, NSDI 2006).
package struct OpenLoop: Sendable, Hashable, Codable {
    /// Updates a second of each group.
    package var rate: Int
    package var arrivals: Arrivals
    /// Whether updates that are late begin as soon as the window has room. Otherwise they go out at
    /// no more than twice the rate until the schedule is reached again.
    package var catchesUp: Bool

    package init(rate: Int, arrivals: Arrivals = .constant, catchesUp: Bool = false) {
        self.rate = rate
        self.arrivals = arrivals
        self.catchesUp = catchesUp
    }
}

/// How the intervals between the updates of a schedule are distributed.
package enum Arrivals: String, Sendable, Codable, CaseIterable {
    /// All are equal.
    case constant
    /// They are exponential, as between the requests of many independent clients.
    case poisson
}

/// When the updates of one batch of a group are due.
struct ArrivalTimes {
    private let loop: OpenLoop
    /// Intervals that the first update waits, so that groups which are updated at once take turns.
    private let phase: Double
    private let draws: SplitMix64
    /// Of the batch, in the group's trace.
    private let first: Int
    /// The last update that was asked for, and the sum of the intervals up to it.
    private var position = -1
    private var intervals = 0.0

    /// - Parameters:
    ///   - plan: the run's; nothing is scheduled where it has no open loop.
    ///   - first: the number of the batch's first update in the group's trace.
    init?(_ plan: RunPlan, group: Int, first: Int) {
        guard let loop = plan.workload.openLoop else { return nil }
        self.loop = loop
        self.first = first
        phase =
            plan.workload.order == .concurrent ? Double(group) / Double(plan.groups) : 0
        draws = SplitMix64(seed: plan.seed).child(UInt64(group)).child(3)
    }

    /// Nanoseconds from the beginning of the batch until an update is due.
    ///
    /// - Parameter number: in the batch, from 0; not below that of the call before.
    mutating func due(_ number: Int) -> UInt64 {
        switch loop.arrivals {
        case .constant: intervals = Double(number) + phase
        case .poisson:
            while position < number {
                position += 1
                intervals += interval(before: first + position)
            }
        }
        return UInt64(intervals * 1e9 / Double(loop.rate))
    }

    /// Exponential, with a mean of 1.
    private func interval(before operation: Int) -> Double {
        let uniform = Double((draws[UInt64(operation)] >> 11) + 1) * 0x1p-53
        return -log(uniform)
    }
}

extension OpenLoop: CustomStringConvertible {
    package var description: String {
        "\(rate)/s \(arrivals.rawValue)" + (catchesUp ? ", catching up" : "")
    }
}
