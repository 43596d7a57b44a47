import Roles
import Simulation
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
            let own = turns.indices.filter { turn in
                turns[turn].contains { isStarted(group: $0, byOneOf: nodes) }
            }
            let interruptedTurn =
                own.isEmpty
                ? draws.number(below: turns.count, at: 0)
                : own[mechanism.ordersUpdates ? draws.number(below: own.count, at: 0) : 0]
            for (turn, groups) in turns.enumerated() {
                let content = ControlMessage.Batch.trace(first: first + start, count: end - start)
                if turn == interruptedTurn {
                    try look(after: .updates)
                    try update(
                        groups, content,
                        during: Incident(
                            round: round, nodes: nodes, operations: first, before: statuses), draws)
                } else {
                    try update(groups, content)
                }
            }
        }
    }

    private func isStarted(group: Int, byOneOf nodes: [NodeID]) -> Bool {
        mechanism.initiators(of: group).contains(where: nodes.contains)
    }

    /// Has the updates of groups performed at the same time while nodes crash and recover.
    private func update(
        _ groups: [Int], _ content: ControlMessage.Batch, during incident: Incident,
        _ draws: SplitMix64
    ) throws {
        var incident = incident
        let nodes = incident.nodes
        var batches = groups.map { batch(content, of: $0) }
        let stops = stops(of: batches, crashing: nodes, draws)
        for batch in batches { try perform(batch, interruptions: stops.interruptions) }
        let cuts = try waitFor(stops, in: batches)
        incident.operations = operations(before: stops, in: batches)
        incident.crashes = try session.crash(nodes)
        try session.restart(nodes)
        incident.times = try session.recovered(nodes)

        // What was complete before a crash has been told.
        let performances = try session.performances(
            of: batches.flatMap(\.performers).filter { cuts[$0] == nil }, count: content.count)
        for index in batches.indices {
            batches[index].take(performances)
            batches[index].take(cuts)
            if !mechanism.ordersUpdates { batches[index].keepPrefix(of: nodes) }
        }
        incident.longestGap = longestGap(in: performances, during: incident)
        incident.foreground = foreground(batches, cuts: cuts, during: incident)
        if !isSimulated { try look(after: .recovery) }
        // Nothing is in flight any more, so that what the dead have left can be told.
        let states = try session.state(of: holders)
        try settle(&batches, reentered: nodes)
        if !mechanism.ordersUpdates {
            for index in batches.indices { findFate(of: &batches[index], in: states, nodes) }
        }
        for node in stops.halting {
            incident.interrupted[node] = interrupted(node, in: batches, stops)
        }
        try prove(incident, mechanism.firstDifference(in: states, expected: models))
        try goOn(with: &batches, by: stops.halting)
    }

    /// The longest time without a completed update, of groups whose updates went on after the first
    /// node of the set began to recover.
    private func longestGap(
        in performances: [Session.Performer: Session.Performance], during incident: Incident
    ) -> UInt64? {
        guard let began = incident.times.values.map(\.started).min() else { return nil }
        return performances.values.map(\.completions).filter { $0.last > began }
            .map(\.longestGap).max()
    }

    /// What was complete while the nodes were away, of the groups none of whose initiators was one.
    private func foreground(
        _ batches: [GroupBatch], cuts: [Session.Performer: Session.Cut], during incident: Incident
    ) -> ForegroundUpdates? {
        guard let away = incident.away else { return nil }
        let completions = batches.filter { batch in
            batch.performers.allSatisfy { cuts[$0] == nil }
        }.map { batch in batch.records.filter(\.isComplete).map(\.end) }
        return ForegroundUpdates(
            completions: completions, from: away.lowerBound, to: away.upperBound)
    }

    // MARK: - What the dead have left

    /// Finds out which of a dead initiator's updates are there, where no member's log tells it. The
    /// acknowledged ones must be; where no fate of the others explains the state, the model stays at
    /// them, and the proof fails.
    private func findFate(
        of batch: inout GroupBatch, in states: [NodeID: Message], _ nodes: [NodeID]
    ) {
        for part in batch.parts where nodes.contains(part.node) {
            let updates = batch.unacknowledged(of: part)
            guard
                let elements = states[part.node].flatMap({
                    mechanism.elements(of: batch.group, in: $0)
                }),
                let fate = Fate(
                    of: updates.map { batch.updates[$0] }, after: models[batch.group],
                    elements: elements)
            else { continue }
            models[batch.group] = fate.structure
            for number in updates.prefix(fate.survived) { batch.outcomes[number] = Outcome() }
        }
    }

    private func interrupted(
        _ node: NodeID, in batches: [GroupBatch], _ stops: Stops
    ) -> Interrupted {
        var interrupted = Interrupted(
            reached: stops.interruptions.first { $0.key.node == node }?.value.reached)
        for batch in batches {
            for part in batch.parts where part.node == node {
                let updates = batch.unacknowledged(of: part)
                interrupted.unacknowledged += updates.count
                interrupted.survived += updates.count { batch.outcomes[$0] != nil }
            }
        }
        return interrupted
    }

    /// Has what is open performed by the next lives of initiators.
    private func goOn(with batches: inout [GroupBatch], by nodes: [NodeID]) throws {
        var performers: [Session.Performer] = []
        for index in batches.indices {
            batches[index].allHaveBegun()
            performers += try perform(batches[index], by: nodes)
        }
        let performances = try session.performances(
            of: performers, count: batches.map(\.content.count).max() ?? 0)
        for index in batches.indices { batches[index].take(performances) }
        if !performers.isEmpty { try settle(&batches) }
        try checkCompleteness(of: batches)
    }
}
