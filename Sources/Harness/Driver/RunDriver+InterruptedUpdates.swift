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
                    try update(
                        groups, content,
                        during: Incident(round: round, nodes: nodes, operations: first), draws)
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
        let plan = interruptions(of: batches, crashing: nodes, draws)
        for batch in batches { try perform(batch, interruptions: plan.interruptions) }
        let cuts = try hold(plan, batches)
        incident.operations = operations(before: plan, batches)
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
        // Nothing is in flight any more, so that what the dead have left can be told.
        let states = try session.state(of: holders)
        try settle(&batches, reentered: nodes)
        if !mechanism.ordersUpdates {
            for index in batches.indices { findFate(of: &batches[index], in: states, nodes) }
        }
        for node in plan.halting {
            incident.interrupted[node] = interrupted(node, in: batches, plan)
        }
        try prove(incident, mechanism.firstDifference(in: states, expected: models))
        try goOn(with: &batches, by: plan.halting)
    }

    // MARK: - Where batches are interrupted

    /// How nodes crash in the middle of batches.
    private struct InterruptionPlan {
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
    private func interruptions(
        of batches: [GroupBatch], crashing nodes: [NodeID], _ draws: SplitMix64
    ) -> InterruptionPlan {
        var plan = InterruptionPlan()
        func index(in part: GroupBatch.Part, _ draws: SplitMix64) -> Int {
            draws.number(below: (part.numbers.count + 1) / 2, at: 0)
        }
        plan.halting = nodes.filter { node in
            batches.contains { $0.performers.contains { $0.node == node } }
        }
        guard !plan.halting.isEmpty else {
            let batch = batches[draws.number(below: batches.count, at: 1)]
            let part = batch.parts[draws.number(below: batch.parts.count, at: 2)]
            plan.interruptions = [
                Session.Performer(group: batch.group, node: part.node):
                    ControlMessage.Interruption(
                        index: index(in: part, draws.child(UInt64(batch.group))), following: 0,
                        reached: nil)
            ]
            return plan
        }
        let cut =
            mechanism.ordersUpdates
            ? [plan.halting[draws.number(below: plan.halting.count, at: 1)]] : plan.halting
        for node in cut {
            let own = batches.filter { $0.performers.contains { $0.node == node } }
            let batch = own[draws.number(below: own.count, at: 2)]
            guard let part = batch.parts.first(where: { $0.node == node }) else { continue }
            let draws = draws.child(UInt64(batch.group))
            plan.interruptions[Session.Performer(group: batch.group, node: node)] =
                ControlMessage.Interruption(
                    index: index(in: part, draws),
                    following: draws.number(below: self.plan.workload.window, at: 1),
                    reached: self.plan.crash?.reached
                        ?? draws.number(below: reachablePeers(in: batch.group) + 1, at: 2))
        }
        return plan
    }

    /// How many nodes the updates of a group go to: its members or, where its initiator is one of
    /// them, its backups.
    private func reachablePeers(in group: Int) -> Int {
        mechanism.ordersUpdates ? mechanism.members(of: group).count : plan.faults
    }

    /// Waits until the batches are where they are to be interrupted.
    ///
    /// - Returns: how far the performers are that hold there.
    private func hold(
        _ plan: InterruptionPlan, _ batches: [GroupBatch]
    ) throws -> [Session.Performer: Session.Cut] {
        let count = batches.map(\.content.count).max() ?? 0
        let performers = batches.flatMap(\.performers)
        if plan.halting.isEmpty {
            for performer in plan.interruptions.keys {
                try session.began(performer, count: count)
            }
            return [:]
        }
        let first = Set(plan.interruptions.keys.map(\.node)).sorted()
        var cuts = try session.cuts(of: first, performers, count: count)
        let others = plan.halting.filter { !first.contains($0) }
        try session.halt(others)
        cuts.merge(try session.cuts(of: others, performers, count: count)) { _, last in last }
        return cuts
    }

    /// The number of measured updates before the interrupted one.
    private func operations(before plan: InterruptionPlan, _ batches: [GroupBatch]) -> Int {
        batches.flatMap { batch in
            batch.parts.compactMap { part in
                plan.interruptions[Session.Performer(group: batch.group, node: part.node)].flatMap {
                    batch.operation(part.numbers[$0.index]).map { $0 - 1 }
                }
            }
        }.max() ?? 0
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
        _ node: NodeID, in batches: [GroupBatch], _ plan: InterruptionPlan
    ) -> Interrupted {
        var interrupted = Interrupted(
            reached: plan.interruptions.first { $0.key.node == node }?.value.reached)
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
