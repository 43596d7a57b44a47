import Roles
import Structures

/// Crash rounds: sets of nodes are killed, come back and are proved.
extension RunDriver {
    /// A set of nodes that has crashed and recovered, and what is known of it.
    struct Incident {
        /// Counts from 1.
        var round: Int
        var nodes: [NodeID]
        /// Measured updates of each group before.
        var operations: Int
        var crashes: [NodeID: Session.Crash] = [:]
        var times: [NodeID: RecoveryTimes] = [:]
        /// Of initiators that died in the middle of their updates.
        var interrupted: [NodeID: Interrupted] = [:]
        var longestGap: UInt64?
        var foreground: ForegroundUpdates?
        /// The nodes' counters when all was well.
        var before: [NodeID: NodeStatus]

        /// From the first node's end to the last one's return; nil where none has come back.
        var away: ClosedRange<UInt64>? {
            guard let first = crashes.values.map(\.killed).min(),
                let last = times.values.map(\.ended).max(), first < last
            else { return nil }
            return first...last
        }
    }

    /// The updates of an initiator that were in flight when it died.
    struct Interrupted {
        /// How many of its peers these had been sent to; nil where nobody cut them short.
        var reached: Int?
        var unacknowledged = 0
        var survived = 0
    }

    /// The crashes of a round that comes between updates: one set after another, each proved before
    /// the next.
    func crashBetweenUpdates(after operations: Int, round: Int) throws {
        let draws = plan.crashDraws(round: round)
        for (place, nodes) in plan.crashSets(round: round, of: mechanism.nodes).enumerated() {
            var incident = Incident(
                round: round, nodes: nodes, operations: operations, before: statuses)
            if plan.crash?.moment == .recovery {
                let pauses = nodes.indices.map { node in
                    let phases = RecoveryPhase.allCases
                    return phases[
                        draws.child(UInt64(place + 1)).number(
                            below: phases.count, at: UInt64(node))]
                }
                incident.crashes = try session.crashInRecoveries(nodes, pauses: pauses)
            } else {
                incident.crashes = try session.crash(nodes)
                try session.restart(nodes)
            }
            incident.times = try session.recovered(nodes)
            if !isSimulated { try look(after: .recovery) }
            let states = try session.state(of: holders)
            try prove(incident, mechanism.firstDifference(in: states, expected: models))
        }
    }

    /// Records the recoveries of a set.
    ///
    /// - Parameter difference: where the state is not as it must be.
    /// - Throws: `RunError.invalid` where there is a difference.
    func prove(_ incident: Incident, _ difference: String?) throws {
        take(try session.settledStatus(), phase: .recovery, isProof: !isSimulated)
        let traffic = recoveryTraffic(since: incident.before, of: incident.nodes)
        let rows = incident.nodes.map { node in
            var row = recoveryRow(of: node, in: incident)
            (row.messages, row.bytes) = traffic
            row.verified = difference == nil
            return row
        }
        for row in rows {
            try recorder.record(row)
            recoveries += 1
        }
        try tell?(account(of: incident, rows, difference))
        if let difference {
            throw RunError.invalid(
                "after \(incident.operations) updates of each group and the recovery of "
                    + "\(session.names(incident.nodes)): \(difference)")
        }
    }

    private func recoveryRow(of node: NodeID, in incident: Incident) -> RecoveryRow {
        let description = mechanism.description(of: node)
        var row = RecoveryRow()
        row.run = number
        row.operations = incident.operations
        row.node = description.name
        row.role = description.kind.rawValue
        row.group = description.group.map { $0 + 1 }
        row.elements = statuses[node]?.elements ?? 0
        row.incarnation = Int(session.incarnation(of: node))
        row.moment = plan.crash?.moment.rawValue ?? ""
        row.failedAtOnce = incident.nodes.count
        row.longestGapNs = incident.longestGap.map { Int($0) }
        row.updatesMeanwhile = incident.foreground?.completed
        row.longestStallNs = incident.foreground.map { Int($0.longestStall) }
        row.redundancyNs = incident.away.map { Int($0.upperBound - $0.lowerBound) }
        if let interrupted = incident.interrupted[node] {
            row.reached = interrupted.reached
            row.unacknowledged = interrupted.unacknowledged
            row.survived = interrupted.survived
        }
        guard let crash = incident.crashes[node], let times = incident.times[node] else {
            return row
        }
        row.crashedNs = Int(crash.killed - began)
        row.detectNs = Int(crash.noticed - crash.killed)
        let durations = times.durations.map { Int($0) }
        row.quiesceNs = durations[Int(RecoveryPhase.quiesce.rawValue)]
        row.collectNs = durations[Int(RecoveryPhase.collect.rawValue)]
        row.decodeNs = durations[Int(RecoveryPhase.decode.rawValue)]
        row.installNs = durations[Int(RecoveryPhase.install.rawValue)]
        row.resumeNs = durations[Int(RecoveryPhase.resume.rawValue)]
        row.recoveryNs = Int(times.ended - times.started)
        row.restartNs = Int(times.ended - crash.killed)
        return row
    }

    private func account(
        of incident: Incident, _ rows: [RecoveryRow], _ difference: String?
    ) -> RecoveryAccount {
        RecoveryAccount(
            run: number, round: incident.round, operations: incident.operations,
            moment: plan.crash?.moment.rawValue ?? "", nodes: rows.map(RecoveryAccount.Node.init),
            attempts: session.logs().map { leader, log in
                RecoveryAccount.Attempt(log, by: leader, name: session.name)
            },
            verified: difference == nil, difference: difference)
    }

    /// What all nodes have sent for recoveries since the last look; nodes that crashed in between
    /// have counted from zero.
    private func recoveryTraffic(
        since before: [NodeID: NodeStatus], of crashed: [NodeID]
    ) -> (messages: Int, bytes: Int) {
        statuses.reduce(into: (0, 0)) { sum, entry in
            let base = crashed.contains(entry.key) ? nil : before[entry.key]
            sum.0 += entry.value.recoveryMessages - (base?.recoveryMessages ?? 0)
            sum.1 += entry.value.recoveryBytes - (base?.recoveryBytes ?? 0)
        }
    }
}
