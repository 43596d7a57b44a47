import Roles
import Structures

/// What all nodes do about crashed ones, the same for primaries and backups (DESIGN.md, Fusion,
/// Recovery): any set of nodes, as long as the code can make up for it, at any time.
///
/// A restarted node asks everybody to halt. When all have answered, the lowest-numbered recovering
/// node leads an attempt to give all recovering nodes their state back (`Attempt`). Whenever a node
/// goes or comes meanwhile, the attempt begins anew, perhaps with another leader. Survivors stay
/// halted until every recovering node that they know of serves or is gone; so nothing is lost
/// wherever a leader dies.
struct Recovery {
    private enum State {
        /// Created, not started.
        case idle
        case serving
        /// Serving again, while not all of these have said that they know.
        case resuming(Set<NodeID>)
        /// Without state. The attempt is nil while others have to answer or to lead.
        case recovering(Attempt?)
    }

    /// The leader's attempt that this node takes part in.
    private struct Turn {
        var leader: NodeID
        var attempt: UInt64
        var lost: [Int]
        var isInstalled = false
    }

    private let node: NodeID
    private let parameters: FusionParameters
    private var state = State.idle
    private var peers: Peers
    private var turn: Turn?
    /// The last `agree` of each leader whose turn has not come.
    private var requests: [Turn] = []
    /// The number of this node's last attempt.
    private var attempts: UInt64 = 0

    init(of node: NodeID, parameters: FusionParameters) {
        self.node = node
        self.parameters = parameters
        peers = Peers(count: parameters.topology.nodes.count)
    }

    private var topology: FusionTopology { parameters.topology }

    /// Beside the value itself.
    var ledger: Ledger {
        Ledger(
            protocolState: peers.allocatedBytes + requests.capacity * MemoryLayout<Turn>.stride)
    }

    private var isServing: Bool {
        switch state {
        case .serving, .resuming: true
        case .idle, .recovering: false
        }
    }

    /// Whether updates may begin: this node serves, and none recovers.
    var allowsUpdates: Bool { isServing && peers.areAllServing }

    /// Whether updates and acknowledgements of a peer count.
    func serves(with peer: NodeID) -> Bool {
        isServing && topology.place(of: peer) != nil && peers[peer] == .serving
    }
}

// MARK: - Who is there

extension Recovery {
    mutating func start<Part: FusionPart>(
        _ start: Start, _ part: inout Part, into effects: inout [Effect]
    ) {
        switch start.kind {
        case .initial:
            state = .serving
            for peer in start.peers {
                peers[peer] = .serving
                admit(peer, to: &part)
            }
        case .recovery:
            state = .recovering(nil)
            effects.append(.report(.phase(.quiesce)))
            for peer in start.peers where peers[peer] == .gone { peers[peer] = .unknown }
            // One that has asked already takes this node's own question for its answer.
            for peer in peers.recovering { peers[peer] = .recovering(isAnswered: true) }
            for peer in peers.up { effects.send(.rejoin, to: peer) }
            peersChanged(&part, into: &effects)
        }
    }

    mutating func lose<Part: FusionPart>(
        _ peer: NodeID, _ part: inout Part, into effects: inout [Effect]
    ) {
        guard let place = topology.place(of: peer), peers[peer] != .gone else { return }
        peers[peer] = .gone
        part.lose(place, into: &effects)
        forgetRequests(of: peer)
        resumed(by: peer, into: &effects)
        peersChanged(&part, into: &effects)
    }

    mutating func receive<Part: FusionPart>(
        _ message: FusionMessage, _ body: Body?, from peer: NodeID, _ part: inout Part,
        into effects: inout [Effect]
    ) {
        guard let place = topology.place(of: peer), peer != node else {
            return effects.append(.report(.malformed))
        }
        switch (message, peers[peer]) {
        case (.rejoin, _):
            peers[peer] = .recovering(isAnswered: false)
            if case .recovering = state {
                peers[peer] = .recovering(isAnswered: true)
                effects.send(.recovering, to: peer)
            }
            peersChanged(&part, into: &effects)
        case (.quiesced, .unknown):
            peers[peer] = .serving
            peersChanged(&part, into: &effects)
        case (.recovering, .unknown):
            peers[peer] = .recovering(isAnswered: true)
            peersChanged(&part, into: &effects)
        case (.recovering, .recovering):
            break
        case (.resume, .recovering(isAnswered: true)):
            peers[peer] = .serving
            forgetRequests(of: peer)
            if isServing { part.admit(place) }
            effects.send(.resumed, to: peer)
            peersChanged(&part, into: &effects)
        case (.resumed, _):
            resumed(by: peer, into: &effects)
        case (.attempt(let number, let message), let standing) where standing != .gone:
            receive(message, body, of: number, from: peer, &part, into: &effects)
        default:
            effects.append(.report(.malformed))
        }
    }

    /// Tells those that asked this node to halt that it has.
    mutating func answerRejoins(into effects: inout [Effect]) {
        guard isServing else { return }
        for peer in peers.nodes(where: { $0 == .recovering(isAnswered: false) }) {
            peers[peer] = .recovering(isAnswered: true)
            effects.send(.quiesced, to: peer)
        }
    }

    private func admit<Part: FusionPart>(_ peer: NodeID, to part: inout Part) {
        if let place = topology.place(of: peer) { part.admit(place) }
    }

    private mutating func forgetRequests(of leader: NodeID) {
        requests.removeAll { $0.leader == leader }
        if turn?.leader == leader { turn = nil }
    }

    /// Any change may make this node the leader, end its lead, or make its attempt worthless.
    private mutating func peersChanged<Part: FusionPart>(
        _ part: inout Part, into effects: inout [Effect]
    ) {
        if case .recovering = state {
            if peers.haveAllAnswered, leader == node {
                attempts += 1
                state = .recovering(
                    Attempt(
                        attempts, ledBy: node, peers: peers, parameters: parameters,
                        into: &effects))
            } else {
                state = .recovering(nil)
            }
        }
        answerRequests(part, into: &effects)
    }

    /// The lowest-numbered recovering node that is up.
    private var leader: NodeID? {
        guard case .recovering = state else { return peers.recovering.first }
        return min(node, peers.recovering.first ?? node)
    }
}

// MARK: - Attempts

extension Recovery {
    private mutating func receive<Part: FusionPart>(
        _ message: AttemptMessage, _ body: Body?, of attempt: UInt64, from peer: NodeID,
        _ part: inout Part, into effects: inout [Effect]
    ) {
        if case .agree(let lost) = message {
            guard lost.allSatisfy((0..<topology.primaries).contains) else {
                return effects.append(.report(.malformed))
            }
            requests.removeAll { $0.leader == peer }
            requests.append(Turn(leader: peer, attempt: attempt, lost: lost))
            return answerRequests(part, into: &effects)
        }
        if case .recovering(.some(var own)) = state {
            // An answer to an earlier attempt comes too late.
            guard own.number == attempt else { return }
            own.receive(message, body, from: peer, into: &effects)
            return lead(own, &part, into: &effects)
        }
        // A leader whose turn is over does not know yet.
        guard let turn, turn.leader == peer, turn.attempt == attempt else { return }
        if isServing {
            serve(turn, message, &part, into: &effects)
        } else {
            follow(turn, message, body, &part, into: &effects)
        }
    }

    /// Takes part in the attempt of the leader as this node sees it, once it sees no more of the
    /// lost primaries' updates coming and, where it recovers, once everybody else has come to a
    /// halt.
    private mutating func answerRequests<Part: FusionPart>(
        _ part: Part, into effects: inout [Effect]
    ) {
        guard let position = requests.firstIndex(where: { $0.leader == leader }) else { return }
        let request = requests[position]
        let isReady =
            isServing
            ? request.lost.allSatisfy { peers[topology.primary($0)] != .serving }
            : peers.haveAllAnswered
        guard isReady else { return }
        requests.remove(at: position)
        turn = request
        answer(
            request, .agreed(sequences: isServing ? part.lastUpdates(of: request.lost) : []),
            into: &effects)
    }

    private func answer(
        _ turn: Turn, _ message: AttemptMessage, body: Body? = nil, into effects: inout [Effect]
    ) {
        effects.send(.attempt(turn.attempt, message), to: turn.leader, body: body)
    }

    /// What a leader wants from a survivor.
    private func serve<Part: FusionPart>(
        _ turn: Turn, _ message: AttemptMessage, _ part: inout Part, into effects: inout [Effect]
    ) {
        switch message {
        case .sendUpdates(let primary, let sequence):
            answer(
                turn, .updates(primary: primary, part.updates(of: primary, after: sequence)),
                into: &effects)
        case .updates(let primary, let updates):
            do {
                try part.catchUp(updates, of: primary)
            } catch {
                // The leader sees that nothing has changed.
                effects.append(.report(.malformed))
            }
            answer(turn, .agreed(sequences: part.lastUpdates(of: turn.lost)), into: &effects)
        case .sendState(let primaries):
            answer(
                turn,
                .state(counts: part.cells.slotCounts.encoded, part.mirrors(of: primaries)),
                body: Body(part.cells), into: &effects)
        default:
            effects.append(.report(.malformed))
        }
    }

    /// What a leader has for another recovering node.
    private mutating func follow<Part: FusionPart>(
        _ turn: Turn, _ message: AttemptMessage, _ body: Body?, _ part: inout Part,
        into effects: inout [Effect]
    ) {
        switch message {
        case .install(let mirrors):
            // Until now this node only waited; what was collected and decoded was not here.
            for phase in [RecoveryPhase.collect, .decode, .install] {
                effects.append(.report(.phase(phase)))
            }
            do {
                let mirrors = try mirrors.map { try Mirror($0, shape: parameters.shape) }
                try part.install(
                    mirrors,
                    Cells(
                        copying: body.bytes,
                        counts: mirrors.slotCounts(parameters.shape.layout)))
            } catch {
                return effects.append(
                    .report(.failed("the recovered state cannot be read: \(error)")))
            }
            self.turn?.isInstalled = true
            answer(turn, .installed, into: &effects)
        case .release where turn.isInstalled:
            resume(&part, into: &effects)
        default:
            effects.append(.report(.malformed))
        }
    }

    /// The second half of a step of the leader's.
    mutating func proceed<Part: FusionPart>(_ part: inout Part, into effects: inout [Effect]) {
        guard case .recovering(.some(var own)) = state else { return }
        own.proceed(&part, into: &effects)
        lead(own, &part, into: &effects)
    }

    private mutating func lead<Part: FusionPart>(
        _ own: Attempt, _ part: inout Part, into effects: inout [Effect]
    ) {
        state = .recovering(own)
        guard own.isInstalledEverywhere else { return }
        for follower in own.followers {
            effects.send(.attempt(own.number, .release), to: follower)
        }
        resume(&part, into: &effects)
    }
}

// MARK: - Back in service

extension Recovery {
    /// This node serves from now on; others learn it in the order of what it sends them.
    private mutating func resume<Part: FusionPart>(
        _ part: inout Part, into effects: inout [Effect]
    ) {
        effects.append(.report(.phase(.resume)))
        turn = nil
        let up = peers.up
        state = .resuming(Set(up))
        for peer in up {
            if peers[peer] == .serving { admit(peer, to: &part) }
            effects.send(.resume, to: peer)
        }
        if up.isEmpty { finish(into: &effects) }
        answerRequests(part, into: &effects)
    }

    /// `peer` knows that this node serves, or has gone.
    private mutating func resumed(by peer: NodeID, into effects: inout [Effect]) {
        guard case .resuming(var awaited) = state, awaited.remove(peer) != nil else { return }
        state = .resuming(awaited)
        if awaited.isEmpty { finish(into: &effects) }
    }

    private mutating func finish(into effects: inout [Effect]) {
        state = .serving
        effects.append(.report(.recovered))
    }
}
