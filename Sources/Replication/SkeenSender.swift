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

        mutating func count(_ message: Message, times messages: Int) {
            self.messages += messages
            bytes += messages * message.wireBytes
        }

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

    /// A round that is still on its way.
    func round(_ id: MessageID) -> Round? { rounds[id] }

    /// Counts `messages` equal messages of a round that is still on its way.
    mutating func count(_ message: Message, times messages: Int, of id: MessageID) {
        rounds[id]?.count(message, times: messages)
    }

    /// - Parameter message: what the proposal came in, to be counted.
    /// - Returns: nil where the round does not wait for this member's proposal.
    mutating func proposed(
        _ timestamp: UInt64, for id: MessageID, by member: NodeID, in message: Message
    ) -> Outcome? {
        guard let index = rounds.index(forKey: id),
            case .proposing(let largest) = rounds.values[index].stage,
            rounds.values[index].cross(off: member)
        else { return nil }
        rounds.values[index].stage = .proposing(max(largest, timestamp))
        rounds.values[index].count(message, times: 1)
        return advance(id, at: index)
    }

    /// - Parameter message: what the acknowledgement came in, to be counted.
    /// - Returns: nil where the round does not wait for this member's delivery.
    mutating func delivered(
        _ id: MessageID, by member: NodeID, refusal: String, in message: Message
    ) -> Outcome? {
        guard let index = rounds.index(forKey: id), rounds.values[index].stage == .finalizing,
            rounds.values[index].cross(off: member)
        else { return nil }
        if !refusal.isEmpty { rounds.values[index].refusal = refusal }
        rounds.values[index].count(message, times: 1)
        return advance(id, at: index)
    }

    /// Goes on with every round that waited for a member that is gone.
    mutating func lost(_ member: NodeID) -> [Outcome] {
        rounds.keys.sorted().compactMap { id in
            guard let index = rounds.index(forKey: id) else { return nil }
            rounds.values[index].members.removeAll { $0 == member }
            return rounds.values[index].cross(off: member) ? advance(id, at: index) : nil
        }
    }

    /// Forgets the rounds that have no member left, and tells how many there were.
    mutating func abandonEmptyRounds() -> Int {
        let before = rounds.count
        rounds = rounds.filter { !$0.value.members.isEmpty }
        return before - rounds.count
    }

    private mutating func advance(
        _ id: MessageID, at index: Dictionary<MessageID, Round>.Index
    ) -> Outcome {
        let round = rounds.values[index]
        guard round.waiting.isEmpty, !round.members.isEmpty else { return .nothing }
        switch round.stage {
        case .proposing(let largest):
            rounds.values[index].stage = .finalizing
            rounds.values[index].waiting = round.members
            return .final(id, timestamp: largest, to: round.members)
        case .finalizing:
            rounds.remove(at: index)
            return .done(round)
        }
    }
}
