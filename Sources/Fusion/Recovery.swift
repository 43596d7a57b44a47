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
///
/// A connection can break between two that live, so that one takes the other for gone: a primary then
/// goes on without a backup, of which others do not know that it lags. Such a node never comes back
/// but as a new life, so that somebody has to end it. Until then an attempt waits: it counts on
/// nobody whom another of the survivors misses, and leaves out nobody whom another one counts on.
struct Recovery {
    enum State {
        /// Created, not started.
        case idle
        case serving
        /// Serving again, while not all of these have said that they know.
        case resuming(Set<NodeID>)
        /// Without state. The attempt is nil while others have to answer or to lead.
        case recovering(Attempt?)
    }

    /// The leader's attempt that this node takes part in.
    struct Turn {
        var leader: NodeID
        var attempt: UInt64
        /// The nodes that do not serve.
        var absent: [NodeID]
        var isInstalled = false
    }

    /// What a leader sends to this node while it recovers.
    struct Share {
        var mirrors: [Mirror]
        var cells: CellAssembly
    }

    let node: NodeID
    let parameters: FusionParameters
    var state = State.idle
    var peers: Peers
    var turn: Turn? {
        didSet { share = nil }
    }
    /// What has come of this node's state in the present turn. Not in `turn`, a copy of which would
    /// have all cells copied at the next piece.
    var share: Share?
    /// The last `agree` of each leader whose turn has not come.
    var requests: [Turn] = []
    /// The number of this node's last attempt.
    var attempts: UInt64 = 0

    init(of node: NodeID, parameters: FusionParameters) {
        self.node = node
        self.parameters = parameters
        peers = Peers(count: parameters.topology.nodes.count)
    }

    var topology: FusionTopology { parameters.topology }

    /// Beside the value itself.
    var ledger: Ledger {
        Ledger(
            protocolState: peers.allocatedBytes + requests.allocatedBytes)
    }

    var isServing: Bool {
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

    func admit<Part: FusionPart>(_ peer: NodeID, to part: inout Part) {
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
    var leader: NodeID? {
        guard case .recovering = state else { return peers.recovering.first }
        return min(node, peers.recovering.first ?? node)
    }
}
