import Roles

/// The sending side of Skeen's algorithm: for every message one round of proposals and one of final
/// timestamps, each to all members of the view.
struct SkeenSender {
    /// A round is over when it has nobody to wait for.
    enum Stage: Equatable {
        /// Waiting for proposals; the largest so far.
        case proposing(UInt64)
        /// Waiting for deliveries.
        case finalizing
    }

    /// A message on its way.
    struct Round {
        var stage: Stage
        /// The members that the message was sent to and that are alive.
        var members: [NodeID]
        var waiting: [NodeID]
        var group: Int
        var ticket: UInt64
        /// What went over all links for this message.
        var messages: Int
        var bytes: Int
        /// Why the structure refused the update, empty where it did not.
        var refusal = ""
    }

    /// What a step of a round leads to.
    enum Outcome {
        case nothing
        /// All have proposed: send this final timestamp to the round's members.
        case final(MessageID, timestamp: UInt64, to: [NodeID])
        /// All have delivered; the round is forgotten.
        case done(Round)
    }

    private let sender: Member
    private var sent: UInt64 = 0
    private var rounds: [MessageID: Round] = [:]

    init(sender: Member) { self.sender = sender }

    var capacityBytes: Int {
        rounds.capacity * (MemoryLayout<MessageID>.stride + MemoryLayout<Round>.stride)
    }

    /// Starts a round with all `members`, of which there is at least one.
    mutating func begin(group: Int, ticket: UInt64, members: [NodeID]) -> MessageID {
        sent += 1
        let id = MessageID(sender: sender, number: sent)
        rounds[id] = Round(
            stage: .proposing(0), members: members, waiting: members, group: group, ticket: ticket,
            messages: 0, bytes: 0)
        return id
    }

    /// Counts `messages` equal messages of a round that is still on its way.
    mutating func count(_ message: Message, times messages: Int, of id: MessageID) {
        rounds[id]?.messages += messages
        rounds[id]?.bytes += messages * message.wireBytes
    }

    mutating func proposed(
        _ timestamp: UInt64, for id: MessageID, by member: NodeID
    ) -> Outcome? {
        guard case .proposing(let largest)? = rounds[id]?.stage, cross(member, off: id) else {
            return nil
        }
        rounds[id]?.stage = .proposing(max(largest, timestamp))
        return advance(id)
    }

    mutating func delivered(
        _ id: MessageID, by member: NodeID, refusal: String
    ) -> Outcome? {
        guard case .finalizing? = rounds[id]?.stage, cross(member, off: id) else { return nil }
        if !refusal.isEmpty { rounds[id]?.refusal = refusal }
        return advance(id)
    }

    /// Goes on with every round that waited for a member that is gone.
    mutating func lost(_ member: NodeID) -> [Outcome] {
        rounds.keys.sorted().compactMap { id in
            rounds[id]?.members.removeAll { $0 == member }
            return cross(member, off: id) ? advance(id) : nil
        }
    }

    /// Forgets the rounds that have no member left, and tells how many there were.
    mutating func abandonEmptyRounds() -> Int {
        let before = rounds.count
        rounds = rounds.filter { !$0.value.members.isEmpty }
        return before - rounds.count
    }

    private mutating func cross(_ member: NodeID, off id: MessageID) -> Bool {
        guard let index = rounds[id]?.waiting.firstIndex(of: member) else { return false }
        rounds[id]?.waiting.remove(at: index)
        return true
    }

    private mutating func advance(_ id: MessageID) -> Outcome {
        guard let round = rounds[id], round.waiting.isEmpty, !round.members.isEmpty else {
            return .nothing
        }
        switch round.stage {
        case .proposing(let largest):
            rounds[id]?.stage = .finalizing
            rounds[id]?.waiting = round.members
            return .final(id, timestamp: largest, to: round.members)
        case .finalizing:
            rounds[id] = nil
            return .done(round)
        }
    }
}
