import Roles
import Simulation
import Structures

/// Where batches are interrupted for a crash.
extension RunDriver {
    /// How nodes crash in the middle of batches.
    struct Stops {
        var interruptions: [Session.Performer: ControlMessage.Interruption] = [:]
        /// The nodes that crash in the middle of their own updates.
        var halting: [NodeID] = []
    }

    /// Where batches are interrupted: those of initiators that crash are cut short; else one tells
    /// when a certain update has begun. It is one of the first half, so that updates go on while
    /// nodes recover.
    ///
    /// Where members order the updates of several initiators, one that holds may keep all others
    /// from going on. So only one is cut short, and the others crash wherever they are by then.
    func stops(
        of batches: [GroupBatch], crashing nodes: [NodeID], _ draws: SplitMix64
    ) -> Stops {
        var stops = Stops()
        func index(in part: GroupBatch.Part, _ draws: SplitMix64) -> Int {
            draws.number(below: (part.numbers.count + 1) / 2, at: 0)
        }
        stops.halting = nodes.filter { node in
            batches.contains { $0.performers.contains { $0.node == node } }
        }
        guard !stops.halting.isEmpty else {
            let batch = batches[draws.number(below: batches.count, at: 1)]
            let part = batch.parts[draws.number(below: batch.parts.count, at: 2)]
            stops.interruptions = [
                Session.Performer(group: batch.group, node: part.node):
                    ControlMessage.Interruption(
                        index: index(in: part, draws.child(UInt64(batch.group))), following: 0,
                        reached: nil)
            ]
            return stops
        }
        let cut =
            mechanism.ordersUpdates
            ? [stops.halting[draws.number(below: stops.halting.count, at: 1)]] : stops.halting
        for node in cut {
            let own = batches.filter { $0.performers.contains { $0.node == node } }
            let batch = own[draws.number(below: own.count, at: 2)]
            guard let part = batch.parts.first(where: { $0.node == node }) else { continue }
            let draws = draws.child(UInt64(batch.group))
            stops.interruptions[Session.Performer(group: batch.group, node: node)] =
                ControlMessage.Interruption(
                    index: index(in: part, draws),
                    // Rounds that were begun before do not end any more, and what waits for room in
                    // the window would wait for ever.
                    following: mechanism.ordersUpdates
                        ? 0 : draws.number(below: plan.workload.window, at: 1),
                    reached: plan.crash?.reached
                        ?? draws.number(below: reachablePeers(in: batch.group) + 1, at: 2))
        }
        return stops
    }

    /// How many nodes the updates of a group go to: its members or, where its initiator is one of
    /// them, its backups.
    private func reachablePeers(in group: Int) -> Int {
        mechanism.ordersUpdates ? members[group].count : plan.faults
    }

    /// Waits until the batches are where they are to be interrupted.
    ///
    /// - Returns: how far the performers are that hold there.
    func waitFor(
        _ stops: Stops, in batches: [GroupBatch]
    ) throws -> [Session.Performer: Session.Cut] {
        let count = batches.map(\.content.count).max() ?? 0
        let performers = batches.flatMap(\.performers)
        if stops.halting.isEmpty {
            for performer in stops.interruptions.keys {
                try session.began(performer, count: count)
            }
            return [:]
        }
        let first = Set(stops.interruptions.keys.map(\.node)).sorted()
        var cuts = try session.cuts(of: first, performers, count: count)
        let others = stops.halting.filter { !first.contains($0) }
        try session.halt(others)
        cuts.merge(try session.cuts(of: others, performers, count: count)) { _, last in last }
        return cuts
    }

    /// The number of measured updates before the interrupted one.
    func operations(before stops: Stops, in batches: [GroupBatch]) -> Int {
        batches.flatMap { batch in
            batch.parts.compactMap { part in
                let performer = Session.Performer(group: batch.group, node: part.node)
                guard let interruption = stops.interruptions[performer] else { return nil }
                return batch.operation(part.numbers[interruption.index]).map { $0 - 1 }
            }
        }.max() ?? 0
    }
}
