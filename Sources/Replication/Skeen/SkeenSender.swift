import Roles

/// The sending side of Skeen's algorithm: for every message one round of proposals and one of final
/// timestamps, each to all members that the message goes to.
///
/// - `Context`: what the sender wants to know again when the round is over.
/// - `Answer`: what a member says when it acknowledges.
struct SkeenSender<Context, Answer> {
    /// A round is over when it has nobody to wait for.
    enum Stage: Equatable {
        /// Waiting for proposals; the largest so far.
        case proposing(UInt64)
        /// Waiting for acknowledgements.
        case finalizing
    }

    /// A message on its way.
    struct Round {
        var context: Context
        fileprivate(set) var stage: Stage
        /// The members that the message was sent to and that are alive.
        fileprivate(set) var members: [NodeID]
        fileprivate var waiting: [NodeID]
        /// Of the members that are alive: what another saw may have gone with it.
        fileprivate(set) var answers: [(member: NodeID, answer: Answer)] = []
        /// What went over all links for this message.
        fileprivate(set) var messages = 0
        fileprivate(set) var bytes = 0

        /// - Returns: false where the round does not wait for the member.
        fileprivate mutating func cross(off member: NodeID) -> Bool {
            guard let index = waiting.firstIndex(of: member) else { return false }
            waiting.remove(at: index)
            return true
        }
    }

    /// What a step of a round leads to.
    enum Outcome {
        case nothing
        /// All have proposed: send this final timestamp to the round's members.
        case final(Timestamped, Round)
        /// All have acknowledged, or none is left; the round is forgotten.
        case done(MessageID, Round)
    }

    private let sender: Member
    private var sent: UInt64 = 0
    private var rounds: [UInt64: Round] = [:]

    init(sender: Member) { self.sender = sender }

    var capacityBytes: Int {
        rounds.capacity * (MemoryLayout<UInt64>.stride + MemoryLayout<Round>.stride)
    }

    /// Starts a round with all `members`, of which there is at least one.
    mutating func begin(_ context: Context, members: [NodeID]) -> MessageID {
        begin(context, members: members, at: .proposing(0))
    }

    /// Starts the second round of a message that needs no proposals, since its place is known.
    mutating func beginFinal(_ context: Context, members: [NodeID]) -> MessageID {
        begin(context, members: members, at: .finalizing)
    }

    private mutating func begin(
        _ context: Context, members: [NodeID], at stage: Stage
    ) -> MessageID {
        sent += 1
        rounds[sent] = Round(context: context, stage: stage, members: members, waiting: members)
        return MessageID(sender: sender, number: sent)
    }

    /// Counts equal messages of a round that is still on its way, or only bytes in another's.
    mutating func count(messages: Int, bytes: Int, of id: MessageID) {
        guard let index = rounds.index(forKey: id.number) else { return }
        rounds.values[index].messages += messages
        rounds.values[index].bytes += bytes
    }

    /// Whether this sender, in this life or an earlier one, may have sent a message.
    private func mayHaveSent(_ id: MessageID) -> Bool {
        id.sender == sender
            ? id.number <= sent
            : id.sender.node == sender.node && id.sender.incarnation < sender.incarnation
    }

    /// - Parameter bytes: of the message that the proposal came in, to be counted.
    /// - Returns: nothing where the round does not wait for it any more: its member was thought to be
    ///   gone. Nil where there cannot have been such a message.
    mutating func proposed(
        _ place: Timestamped, by member: NodeID, bytes: Int
    ) -> Outcome? {
        guard mayHaveSent(place.id) else { return nil }
        guard place.id.sender == sender, let index = rounds.index(forKey: place.id.number),
            case .proposing(let largest) = rounds.values[index].stage,
            rounds.values[index].cross(off: member)
        else { return .nothing }
        rounds.values[index].stage = .proposing(max(largest, place.timestamp))
        rounds.values[index].messages += 1
        rounds.values[index].bytes += bytes
        return advance(place.id, at: index)
    }

    /// - Parameter bytes: of the message that the acknowledgement came in, to be counted.
    /// - Returns: as `proposed`.
    mutating func acknowledged(
        _ id: MessageID, by member: NodeID, _ answer: Answer, bytes: Int
    ) -> Outcome? {
        guard mayHaveSent(id) else { return nil }
        guard id.sender == sender, let index = rounds.index(forKey: id.number),
            rounds.values[index].stage == .finalizing, rounds.values[index].cross(off: member)
        else { return .nothing }
        rounds.values[index].answers.append((member, answer))
        rounds.values[index].messages += 1
        rounds.values[index].bytes += bytes
        return advance(id, at: index)
    }

    /// Goes on with every round that has members which are gone.
    ///
    /// - Parameter isGone: asked of each round and member.
    mutating func lose(_ isGone: (Round, NodeID) -> Bool) -> [Outcome] {
        rounds.keys.sorted().compactMap { number in
            guard let index = rounds.index(forKey: number) else { return nil }
            let round = rounds.values[index]
            let gone = round.members.filter { isGone(round, $0) }
            if gone.isEmpty { return nil }
            rounds.values[index].members.removeAll(where: gone.contains)
            rounds.values[index].waiting.removeAll(where: gone.contains)
            rounds.values[index].answers.removeAll { gone.contains($0.member) }
            return advance(MessageID(sender: sender, number: number), at: index)
        }
    }

    private mutating func advance(
        _ id: MessageID, at index: Dictionary<UInt64, Round>.Index
    ) -> Outcome {
        let round = rounds.values[index]
        guard round.waiting.isEmpty else { return .nothing }
        if case .proposing(let largest) = round.stage, !round.members.isEmpty {
            rounds.values[index].stage = .finalizing
            rounds.values[index].waiting = round.members
            return .final(Timestamped(id: id, timestamp: largest), rounds.values[index])
        }
        rounds.remove(at: index)
        return .done(id, round)
    }
}
