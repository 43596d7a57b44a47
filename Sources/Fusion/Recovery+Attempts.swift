import Roles
import Structures

// The part that this node has in the attempts of leaders, its own included, and their end.

extension Recovery {
    mutating func receive<Part: FusionPart>(
        _ message: AttemptMessage, _ body: Body?, of attempt: UInt64, from peer: NodeID,
        _ part: inout Part, into effects: inout [Effect]
    ) {
        if case .agree(let absent) = message {
            guard absent.allSatisfy({ topology.place(of: $0) != nil }) else {
                return effects.append(.report(.malformed))
            }
            requests.removeAll { $0.leader == peer }
            requests.append(Turn(leader: peer, attempt: attempt, absent: absent))
            return answerRequests(part, into: &effects)
        }
        if case .recovering(.some(var own)) = state {
            // An answer to an earlier attempt comes too late.
            guard own.number == attempt else { return }
            // Nothing else may refer to the cells that the attempt adds to.
            state = .recovering(nil)
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

    /// Takes part in the attempt of the leader as this node sees it, once none that does not serve as
    /// the leader sees it does so here, so that no more of the lost primaries' updates come, and nobody
    /// goes on with a node that the attempt leaves out; where it recovers, once everybody else has come
    /// to a halt.
    mutating func answerRequests<Part: FusionPart>(
        _ part: Part, into effects: inout [Effect]
    ) {
        guard let position = requests.firstIndex(where: { $0.leader == leader }) else { return }
        let request = requests[position]
        guard request.absent.allSatisfy({ $0 == node || peers[$0] != .serving }),
            isServing || peers.haveAllAnswered
        else { return }
        requests.remove(at: position)
        turn = request
        answer(request, agreed(to: request, part), into: &effects)
    }

    private func agreed<Part: FusionPart>(to request: Turn, _ part: Part) -> AttemptMessage {
        .agreed(
            absent: peers.nodes { $0 == .gone }.filter { $0 != node },
            sequences: isServing
                ? part.lastUpdates(of: request.absent.compactMap(topology.primaryIndex(of:))) : [])
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
            answer(turn, agreed(to: turn, part), into: &effects)
        case .sendState(let primaries):
            answer(
                turn,
                .state(counts: part.cells.slotCounts.encoded, part.mirrors(of: primaries)),
                into: &effects)
            for piece in Body.pieces(of: part.cells) {
                answer(turn, .cells, body: piece, into: &effects)
            }
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
        case .install(let mirrors) where share == nil && !turn.isInstalled:
            // Until now this node only waited; what is decoded is not here.
            effects.append(.report(.phase(.collect)))
            do {
                let mirrors = try mirrors.map { try Mirror($0, shape: parameters.shape) }
                share = Share(
                    mirrors: mirrors,
                    cells: CellAssembly(mirrors.slotCounts(parameters.shape.layout)))
            } catch {
                return failToRead(error, into: &effects)
            }
            install(turn, &part, into: &effects)
        case .cells where share != nil:
            guard (try? share?.cells.append(body.bytes)) != nil else {
                return effects.append(.report(.malformed))
            }
            install(turn, &part, into: &effects)
        case .release where turn.isInstalled:
            resume(&part, into: &effects)
        default:
            effects.append(.report(.malformed))
        }
    }

    /// Takes over what the leader has sent, once all of it is here.
    private mutating func install<Part: FusionPart>(
        _ turn: Turn, _ part: inout Part, into effects: inout [Effect]
    ) {
        guard let share, share.cells.isComplete else { return }
        for phase in [RecoveryPhase.decode, .install] { effects.append(.report(.phase(phase))) }
        do {
            try part.install(share.mirrors, share.cells.cells)
        } catch {
            return failToRead(error, into: &effects)
        }
        self.turn?.isInstalled = true
        answer(turn, .installed, into: &effects)
    }

    private func failToRead(_ error: any Error, into effects: inout [Effect]) {
        effects.append(.report(.failed("the recovered state cannot be read: \(error)")))
    }

    /// The second half of a step of the leader's.
    mutating func proceed<Part: FusionPart>(_ part: inout Part, into effects: inout [Effect]) {
        guard case .recovering(.some(var own)) = state else { return }
        state = .recovering(nil)
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
    mutating func resumed(by peer: NodeID, into effects: inout [Effect]) {
        guard case .resuming(var awaited) = state, awaited.remove(peer) != nil else { return }
        state = .resuming(awaited)
        if awaited.isEmpty { finish(into: &effects) }
    }

    private mutating func finish(into effects: inout [Effect]) {
        state = .serving
        effects.append(.report(.recovered))
    }
}
