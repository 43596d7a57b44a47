import Roles
import Structures

/// One attempt of a leader to give all recovering nodes their state: the survivors agree on the lost
/// primaries' last updates, send cells and codes, the leader decodes once for all while they come, sends
/// the others their share and installs its own.
///
/// It holds for the nodes that were there when it began; whoever leads makes another one when that
/// changes.
struct Attempt {
    enum Stage {
        /// Waiting until all take part and have told the last updates.
        case agreeing
        /// Waiting for the updates of a lost primary that some backups lack, then for those to have
        /// them too; all shall stand at `target`.
        case levelling(position: Int, target: UInt64)
        /// Waiting for cells and codes; what has come is decoded.
        case collecting
        /// Everything is here; the next `proceed` decodes the rest.
        case decoding
        /// The next `proceed` installs.
        case installing
        /// Waiting for the other recovering nodes to have installed their state.
        case distributing
        /// It cannot be done with those that are there.
        case failed
    }

    let number: UInt64
    let parameters: FusionParameters
    let leader: NodeID
    /// The primaries that do not serve, whether they are back or not.
    let lost: [Int]
    /// The survivors, primaries by index and backups by row.
    let primaries: [Int]
    let backups: [Int]
    var survivors: [NodeID] { primaries.map(topology.primary) + backups.map(topology.backup) }
    /// The other recovering nodes.
    let followers: [NodeID]
    /// All that get their state back.
    var restored: [NodeID] { [leader] + followers }
    /// Those whose codes are used: as many as primaries are lost.
    var sources: ArraySlice<Int> { backups.prefix(lost.count) }

    var stage = Stage.agreeing
    var awaited: Set<NodeID>
    private(set) var sequences: [NodeID: [UInt64]] = [:]
    var parts: [NodeID: SurvivorState] = [:]
    /// Nil before all survivors have begun to send.
    var decoding: Decoding?
    /// The other recovering nodes that have been sent something of their state, and have not said
    /// that they have installed it.
    var installing: Set<NodeID> = []

    init(
        _ number: UInt64, ledBy leader: NodeID, peers: Peers, parameters: FusionParameters,
        into effects: inout [Effect]
    ) {
        let topology = parameters.topology
        self.number = number
        self.leader = leader
        self.parameters = parameters
        primaries = (0..<topology.primaries).filter { peers[topology.primary($0)] == .serving }
        backups = (0..<topology.backups).filter { peers[topology.backup($0)] == .serving }
        lost = (0..<topology.primaries).filter { [primaries] in !primaries.contains($0) }
        followers = peers.recovering
        awaited = Set(peers.up)
        let absent = topology.nodes.filter { peers[$0] != .serving }
        for peer in peers.up { send(.agree(absent: absent), to: peer, into: &effects) }
        if awaited.isEmpty { level(into: &effects) }
    }

    var topology: FusionTopology { parameters.topology }

    func send(
        _ message: AttemptMessage, to node: NodeID, body: Body? = nil,
        into effects: inout [Effect]
    ) {
        effects.send(.attempt(number, message), to: node, body: body)
    }

    mutating func fail(_ text: String, into effects: inout [Effect]) {
        stage = .failed
        forgetState()
        effects.append(.report(.failed(text)))
    }

    mutating func forgetState() {
        parts = [:]
        decoding = nil
    }

    /// Whether everybody has its state, so that all may serve.
    var isInstalledEverywhere: Bool {
        if case .distributing = stage { installing.isEmpty } else { false }
    }
}

// MARK: - Answers

extension Attempt {
    mutating func receive(
        _ message: AttemptMessage, _ body: Body?, from node: NodeID, into effects: inout [Effect]
    ) {
        // One whose share is complete is not held up by the shares of others.
        if case .installed = message, installing.remove(node) != nil { return }
        guard awaited.contains(node) else { return effects.append(.report(.malformed)) }
        switch (stage, message) {
        case (.agreeing, .agreed(let absent, let last)),
            (.levelling, .agreed(let absent, let last)):
            // Who is missed has ended, or will be made to; then there is another attempt.
            guard !absent.contains(where: survivors.contains) else { return }
            guard last.count == lost.count || !backups.map(topology.backup).contains(node) else {
                return fail(
                    "node \(node.rawValue) told \(last.count) last updates of \(lost.count) lost "
                        + "primaries", into: &effects)
            }
            sequences[node] = last
            awaited.remove(node)
            if awaited.isEmpty { level(into: &effects) }
        case (.levelling(let position, let target), .updates(let primary, let updates))
        where primary == lost[position]:
            let lagging = backups.filter { lastUpdate(at: $0, position) < target }
                .map(topology.backup)
            awaited = Set(lagging)
            for backup in lagging {
                send(.updates(primary: primary, updates), to: backup, into: &effects)
            }
        case (.collecting, .state(let counts, let mirrors)):
            guard parts[node] == nil,
                let state = try? SurvivorState(
                    mirrors, counts: counts, layout: parameters.shape.layout,
                    keepsAll: parameters.logsRecovery)
            else { return effects.append(.report(.malformed)) }
            parts[node] = state
            collected(from: node, into: &effects)
        case (.collecting, .cells):
            guard (try? parts[node]?.append(body)) != nil else {
                return effects.append(.report(.malformed))
            }
            collected(from: node, into: &effects)
        default:
            effects.append(.report(.malformed))
        }
    }

    /// The last update of the lost primary at `position` that a surviving backup has.
    private func lastUpdate(at backup: Int, _ position: Int) -> UInt64 {
        sequences[topology.backup(backup)]?[position] ?? 0
    }

    /// Brings all surviving backups to the same last update of each lost primary, one primary after
    /// the other, and then collects.
    private mutating func level(into effects: inout [Effect]) {
        // Only now: before everybody has answered, one that serves again may seem to be lost.
        guard lost.count <= backups.count else { return fail(loss, into: &effects) }
        // No backup has kept all that one lacks which the primary took for gone and went on without:
        // it will be made to end.
        if case .levelling(let position, let target) = stage,
            backups.contains(where: { lastUpdate(at: $0, position) != target })
        {
            return
        }
        for (position, primary) in lost.enumerated() {
            let last = backups.map { lastUpdate(at: $0, position) }
            guard let lowest = last.min(), let highest = last.max(), lowest < highest,
                let holder = last.firstIndex(of: highest).map({ topology.backup(backups[$0]) })
            else { continue }
            stage = .levelling(position: position, target: highest)
            awaited = [holder]
            return send(
                .sendUpdates(primary: primary, after: lowest), to: holder, into: &effects)
        }
        collect(into: &effects)
    }

    /// Names the lost primaries that nothing can replace.
    private var loss: String {
        let names = lost.map { topology.name(of: .primary($0)) }
        let survivors = backups.map { topology.name(of: .backup($0)) }
        return names.enumeration + (names.count == 1 ? " is" : " are")
            + " lost: computing the cells takes the codes of "
            + (names.count == 1 ? "1 fused backup" : "\(names.count) fused backups") + ", and "
            + (survivors.isEmpty ? "none" : "only " + survivors.enumeration)
            + (survivors.count < 2 ? " is left" : " are left")
    }

    private mutating func collect(into effects: inout [Effect]) {
        effects.append(.report(.phase(.collect)))
        stage = .collecting
        awaited = Set(primaries.map(topology.primary) + sources.map(topology.backup))
        let rebuildsBackups = restored.contains { topology.backupNodes.contains($0) }
        for primary in primaries {
            send(
                .sendState(of: rebuildsBackups ? [primary] : []), to: topology.primary(primary),
                into: &effects)
        }
        for backup in sources {
            // All backups know the same of the lost primaries.
            send(
                .sendState(of: backup == sources.first ? lost : []), to: topology.backup(backup),
                into: &effects)
        }
        if awaited.isEmpty { endCollecting(into: &effects) }
    }

    /// Something of a survivor's state has come.
    private mutating func collected(from node: NodeID, into effects: inout [Effect]) {
        if parts[node]?.isComplete ?? false { awaited.remove(node) }
        if awaited.isEmpty { return endCollecting(into: &effects) }
        do {
            try decode(into: &effects)
        } catch {
            fail("the lost state cannot be computed: \(error)", into: &effects)
        }
    }

    private mutating func endCollecting(into effects: inout [Effect]) {
        stage = .decoding
        effects.append(.report(.phase(.decode)))
        effects.append(.proceed)
    }
}

extension [String] {
    /// For example "a, b and c".
    fileprivate var enumeration: String {
        count < 2
            ? joined() : dropLast().joined(separator: ", ") + " and " + self[count - 1]
    }
}
