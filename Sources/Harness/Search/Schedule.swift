import Roles
import Simulation
import Structures

/// What happens to the nodes of one run of an experiment, drawn from a seed.
///
/// Every draw is keyed by what it decides, so that a schedule of which some actions are left out has
/// the others at their moments.
struct Schedule: Sendable {
    let seed: UInt64
    /// The run that it plays, with the schedule's seed.
    let plan: RunPlan
    /// Whether more nodes may crash at once than the mechanism can survive.
    let exceedsFaults: Bool
    let actions: [ScheduledAction]

    /// - Parameters:
    ///   - plans: of these, the seed says which.
    ///   - mechanisms: those of the plans.
    init(
        seed: UInt64, plans: [RunPlan], mechanisms: [any Mechanism], options: SearchOptions
    ) {
        let index = Int(seed % UInt64(plans.count))
        var plan = plans[index]
        plan.seed = seed
        self.seed = seed
        self.plan = plan
        let drawer = Drawer(
            plan: plan, mechanism: mechanisms[index], options: options,
            draws: SplitMix64(seed: seed).child(Self.numberOfDraws))
        exceedsFaults = options.beyondFaults.comesTrue(drawer.draws, at: Drawer.beyond)
        actions = drawer.actions(exceedingFaults: exceedsFaults)
    }

    /// None of the numbers that traces and networks draw by.
    private static let numberOfDraws: UInt64 = 1 << 40
}

/// Draws the actions of a schedule.
private struct Drawer {
    let plan: RunPlan
    let mechanism: any Mechanism
    let options: SearchOptions
    let draws: SplitMix64

    // What a schedule's draws decide.
    static let beyond: UInt64 = 0
    static let count: UInt64 = 1
    static let actions: UInt64 = 2

    /// What an action's draws decide.
    private enum Decision: UInt64 {
        case burst, pause, gap, fault, kind, group, initiator, node, peer, count, order
        case fence, fenceTime, duration, restart
    }

    func actions(exceedingFaults: Bool) -> [ScheduledAction] {
        let range = options.actions
        let count = range.lowerBound + draws.number(below: range.count, at: Self.count)
        var traces = (0..<plan.groups).map { Trace(plan: plan, group: $0) }
        var moment: UInt64 = 0
        return (0..<count).map { number in
            let own = draws.child(Self.actions + UInt64(number))
            moment += gap(own)
            let isFault = options.fault.comesTrue(own, at: Decision.fault.rawValue)
            return ScheduledAction(
                number: number, moment: moment,
                content: isFault
                    ? fault(own, exceedingFaults: exceedingFaults) : update(own, of: &traces))
        }
    }

    private func gap(_ draws: SplitMix64) -> UInt64 {
        let limit =
            options.burst.comesTrue(draws, at: Decision.burst.rawValue)
            ? options.burstNs
            : options.pause.comesTrue(draws, at: Decision.pause.rawValue)
                ? options.pauseNs : options.gapNs
        return duration(upTo: limit, draws, Decision.gap.rawValue)
    }

    private func update(
        _ draws: SplitMix64, of traces: inout [Trace]
    ) -> ScheduledAction.Content {
        let group = draws.number(below: plan.groups, at: Decision.group.rawValue)
        let initiators = mechanism.initiators(of: group)
        let initiator =
            initiators[draws.number(below: initiators.count, at: Decision.initiator.rawValue)]
        return .update(group: group, initiator: initiator, traces[group].next())
    }

    private func fault(
        _ draws: SplitMix64, exceedingFaults: Bool
    ) -> ScheduledAction.Content {
        let nodes = mechanism.nodeIDs
        let node = nodes[draws.number(below: nodes.count, at: Decision.node.rawValue)]
        let peers = mechanism.peers(of: node)
        let kinds = draws.child(Decision.kind.rawValue)
        // Who serves alone, because it wrongly thinks that all others are gone, cannot know what a
        // further crash takes with it: beyond the faults, nodes only crash.
        if !peers.isEmpty, !exceedingFaults {
            let peer = peers[draws.number(below: peers.count, at: Decision.peer.rawValue)]
            let fenceNs = duration(
                options.lateFence, draws, Decision.fence.rawValue, Decision.fenceTime.rawValue)
            if options.suspicion.comesTrue(kinds, at: 0) {
                return .suspicion(of: node, by: peer, fenceNs: fenceNs, comeback(draws, 0))
            }
            if options.brokenConnection.comesTrue(kinds, at: 1) {
                return .brokenConnection(node, peer, fenceNs: fenceNs, comeback(draws, 0))
            }
            let slowNs = duration(upTo: options.slowForNs, draws, Decision.duration.rawValue)
            if options.slowLink.comesTrue(kinds, at: 2) {
                return .slowLink(from: node, to: peer, forNs: slowNs)
            }
            if options.slowNode.comesTrue(kinds, at: 3) {
                return .slowNode(node, forNs: slowNs)
            }
        }
        guard options.severalCrashes.comesTrue(kinds, at: 4), nodes.count > 1 else {
            return .crash([(node, comeback(draws, 0))])
        }
        let count =
            2 + draws.number(below: min(plan.faults, nodes.count - 1), at: Decision.count.rawValue)
        let order = draws.child(Decision.order.rawValue)
        var rest = nodes
        return .crash(
            (0..<count).map { place in
                let index = order.number(below: rest.count, at: UInt64(place))
                return (rest.remove(at: index), comeback(draws, UInt64(place)))
            })
    }

    private func comeback(_ draws: SplitMix64, _ place: UInt64) -> ScheduledAction.Return {
        let own = draws.child(Decision.restart.rawValue).child(place)
        return ScheduledAction.Return(
            bootNs: duration(options.lateRestart, own, 0, 1),
            startNs: duration(upTo: options.soonNs / 4, own, 2))
    }

    /// A duration that is short, or as often as `late` says, long.
    private func duration(
        _ late: Ratio, _ draws: SplitMix64, _ lateness: UInt64, _ index: UInt64
    ) -> UInt64 {
        duration(
            upTo: late.comesTrue(draws, at: lateness) ? options.lateNs : options.soonNs, draws,
            index)
    }

    private func duration(upTo limit: UInt64, _ draws: SplitMix64, _ index: UInt64) -> UInt64 {
        UInt64(draws.number(below: Int(limit) + 1, at: index))
    }
}
