import Roles
import Structures

/// Crashes in the middle of updates (DESIGN.md, Fusion).
extension RunDriver {
    /// Has each group's updates from number `first` on performed. They are shared out among the sets
    /// of the round, each of which crashes in the middle of one of its updates.
    func updateWithCrashes(from first: Int, _ count: Int, round: Int) throws {
        let sets = plan.crashSets(round: round, of: mechanism.nodes)
        let draws = plan.crashDraws(round: round)
        for (place, nodes) in sets.enumerated() {
            let start = count * place / sets.count
            let end = count * (place + 1) / sets.count
            let draws = draws.child(UInt64(place + 1))
            // Where groups take turns, an initiator crashes in its own.
            let own = turns.firstIndex { groups in groups.contains { isInitiator(of: $0, nodes) } }
            let interruptedTurn = own ?? draws.number(below: turns.count, at: 0)
            for (turn, groups) in turns.enumerated() {
                if turn == interruptedTurn {
                    try update(
                        groups, from: first + start, end - start,
                        during: Incident(round: round, nodes: nodes, operations: first), draws)
                } else {
                    try update(groups, from: first + start, end - start)
                }
            }
        }
    }

    private func isInitiator(of group: Int, _ nodes: [NodeID]) -> Bool {
        nodes.contains(mechanism.initiator(of: group))
    }

    /// Has the updates of groups performed at the same time while nodes crash and recover.
    private func update(
        _ groups: [Int], from first: Int, _ count: Int, during incident: Incident,
        _ draws: SplitMix64
    ) throws {
        let nodes = incident.nodes
        let interruptions = interruptions(of: groups, count, crashing: nodes, draws)
        for group in groups {
            try session.perform(
                .trace(first: first, count: count), group: group,
                interruption: interruptions[group])
        }
        let stops = try session.stops(of: interruptions.keys.sorted(), count: count)
        var incident = incident
        incident.operations = first + (interruptions.values.map(\.ticket).max() ?? 0)
        incident.crashes = try session.crash(nodes)
        try session.restart(nodes)
        incident.times = try session.recovered(nodes)

        let surviving = groups.filter { !isInitiator(of: $0, nodes) }
        let performances = try session.performances(of: surviving, count: count)
        for group in surviving {
            try take(performances[group]?.records ?? [], of: group, from: first, count)
        }
        incident.longestGap = longestGap(in: performances, during: incident)
        // Nothing is in flight any more, so that what the dead have left can be told.
        let states = try session.state(of: holders)
        var batches: [InterruptedBatch] = []
        for group in groups {
            guard let begun = stops[group]?.begun else { continue }
            var batch = InterruptedBatch(
                group: group, first: first, updates: nextUpdates(count, of: group))
            let initiator = mechanism.initiator(of: group)
            incident.interrupted[initiator] = try settle(
                &batch, begun: begun, state: states[initiator],
                reached: interruptions[group]?.reached ?? 0)
            batches.append(batch)
        }
        try prove(incident, mechanism.firstDifference(in: states, expected: models))
        try goOn(with: batches)
    }

    /// Where the batches of `groups` are interrupted: those of initiators that crash are cut short;
    /// else one tells when a certain update has begun. It is one of the first half, so that updates
    /// go on while nodes recover.
    private func interruptions(
        of groups: [Int], _ count: Int, crashing nodes: [NodeID], _ draws: SplitMix64
    ) -> [Int: ControlMessage.Interruption] {
        func ticket(_ draws: SplitMix64) -> Int { draws.number(below: (count + 1) / 2, at: 0) }
        let cut = groups.filter { isInitiator(of: $0, nodes) }
        guard !cut.isEmpty else {
            let group = groups[draws.number(below: groups.count, at: 1)]
            return [
                group: ControlMessage.Interruption(
                    ticket: ticket(draws.child(UInt64(group))), following: 0, reached: nil)
            ]
        }
        return cut.reduce(into: [:]) { interruptions, group in
            let draws = draws.child(UInt64(group))
            interruptions[group] = ControlMessage.Interruption(
                ticket: ticket(draws),
                following: draws.number(below: plan.workload.window, at: 1),
                reached: plan.crash?.reached ?? draws.number(below: plan.faults + 1, at: 2))
        }
    }

    /// The longest time without a completed update, of groups whose updates went on after the first
    /// node of the set began to recover.
    private func longestGap(
        in performances: [Int: Session.Performance], during incident: Incident
    ) -> UInt64? {
        guard let began = incident.times.values.map(\.started).min() else { return nil }
        return performances.values.map(\.completions).filter { $0.last > began }
            .map(\.longestGap).max()
    }

    /// A batch whose initiator died in the middle of it.
    private struct InterruptedBatch {
        var group: Int
        var first: Int
        var updates: [Operation]
        /// Those that are in the structure.
        var done = 0
    }

    /// Finds out which of a dead initiator's updates are there. The acknowledged ones must be; where
    /// no fate of the others explains the state, the model stays at them, and the proof fails.
    private func settle(
        _ batch: inout InterruptedBatch, begun: [UpdateRecord], state: Message?, reached: Int
    ) throws -> Interrupted {
        // What was refused is complete at once, whatever is in flight before it.
        let acknowledged = begun.firstIndex { !$0.isComplete } ?? begun.count
        try record(Array(begun[..<acknowledged]), of: batch.group, from: batch.first)
        try apply(
            batch.updates[..<acknowledged], begun[..<acknowledged], of: batch.group,
            from: batch.first)
        batch.done = acknowledged
        var interrupted = Interrupted(
            reached: reached, unacknowledged: begun.count - acknowledged)
        if let elements = state.flatMap({ mechanism.elements(of: batch.group, in: $0) }),
            let fate = Fate(
                of: Array(batch.updates[acknowledged..<begun.count]), after: models[batch.group],
                elements: elements)
        {
            models[batch.group] = fate.structure
            interrupted.survived = fate.survived
            batch.done += fate.survived
        }
        return interrupted
    }

    /// Has what is left of interrupted batches performed by the initiators' next lives.
    private func goOn(with batches: [InterruptedBatch]) throws {
        for batch in batches {
            try session.perform(
                .trace(first: batch.first + batch.done, count: batch.updates.count - batch.done),
                group: batch.group)
        }
        let performances = try session.performances(
            of: batches.map(\.group), count: batches.map(\.updates.count).max() ?? 0)
        for batch in batches {
            let records = performances[batch.group]?.records ?? []
            let first = batch.first + batch.done
            try check(records, of: batch.group, from: first, batch.updates.count - batch.done)
            try apply(batch.updates[batch.done...], records, of: batch.group, from: first)
        }
    }
}
