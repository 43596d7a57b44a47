import Roles

/// Who is in a group: the manager's part for one group (DESIGN.md, Active replication, Membership).
///
/// Whatever happens (a member is lost, one wants in, a sender is lost or joins, the manager itself
/// was lost), the answer is a change of the view, always in the same steps: senders begin nothing
/// new; members learn who is left and tell what they know of the messages of gone senders, and each of
/// these is completed or discarded the same way at all; senders finish what is in flight with the
/// members that are left; entering members get the state of one that was there; all take the new view;
/// senders open. Whatever happens meanwhile begins the change anew. So survivors of a view deliver the
/// same before the next one.
///
/// A member that this manager takes for gone may live. Since no update is completed without it before
/// all others know that it is out, the next manager learns from any of them not to count on it.
struct GroupMembership {
    enum Stage {
        /// After the manager's restart: waiting for replicas to tell their views.
        case inquiring(awaited: Set<NodeID>, [NodeID: (view: View, isActive: Bool)])
        /// Waiting for members to tell of gone senders' messages.
        case flushing(Set<NodeID>, Pending)
        /// Waiting for members to have finished or discarded these.
        case settling(Set<NodeID>)
        /// Waiting for senders to have nothing in flight: only now, since their messages may be held
        /// back behind those of gone ones.
        case halting
        /// Waiting for entering replicas to have the state.
        case transferring(Set<NodeID>, entrants: [NodeID])
        /// Waiting for members to have taken the view.
        case installing(Set<NodeID>)
        case serving
        /// No member is left.
        case lost
    }

    /// What members know of unfinished messages.
    struct Pending {
        var finals: [MessageID: UInt64] = [:]
        var open: Set<MessageID> = []
        var ordered: [UInt64: ReplicationMessage.Propose] = [:]
        /// The last of a sequencer's messages that members have; those behind it they have, too.
        var last: Set<UInt64> = []
    }

    private let group: Int
    private let topology: ReplicationTopology
    private(set) var stage = Stage.serving
    private var view: View
    /// The group's senders and replicas that are up.
    private var up: Set<NodeID>
    /// Replicas that want in, ascending.
    private var entrants: [NodeID] = []
    /// Unique among all lives of the manager.
    private var change: UInt64
    /// Senders with something in flight, in this change.
    private var busy: Set<NodeID> = []
    /// Whether senders may still wait for one that is no member any more.
    private var leavesOut = false

    init(group: Int, manager: Member, topology: ReplicationTopology) {
        self.group = group
        self.topology = topology
        view = View(number: 1, members: topology.replicas(of: group))
        up = Set(view.members + topology.senders(of: group))
        change = UInt64(manager.incarnation) << 32
    }

    var capacityBytes: Int {
        up.capacity * MemoryLayout<NodeID>.stride + view.members.allocatedBytes
            + entrants.allocatedBytes
    }

    /// How far the manager's recovery is for this group; nil when it is over.
    var phase: RecoveryPhase? {
        switch stage {
        case .inquiring: .quiesce
        case .flushing, .settling, .halting: .collect
        case .transferring: .install
        case .installing: .resume
        case .serving, .lost: nil
        }
    }

    var isLost: Bool {
        if case .lost = stage { true } else { false }
    }

    private var senders: [NodeID] { topology.senders(of: group).filter(up.contains) }
}

// MARK: - Who comes and goes

extension GroupMembership {
    /// The manager has restarted and knows nothing.
    ///
    /// - Parameter peers: all that are up, this manager included.
    mutating func inquire(_ peers: [NodeID], into effects: inout [Effect]) {
        up = Set(peers).intersection(topology.senders(of: group) + topology.replicas(of: group))
        let replicas = topology.replicas(of: group).filter(up.contains)
        stage = .inquiring(awaited: Set(replicas), [:])
        for replica in replicas { effects.send(.inquire, to: replica, .recovery) }
        endInquiry(into: &effects)
    }

    mutating func lose(_ node: NodeID, into effects: inout [Effect]) {
        guard up.remove(node) != nil else { return }
        entrants.removeAll { $0 == node }
        if case .inquiring(var awaited, var standings) = stage {
            awaited.remove(node)
            standings[node] = nil
            stage = .inquiring(awaited: awaited, standings)
            return endInquiry(into: &effects)
        }
        leaveOut(node)
        startChange(into: &effects)
    }

    private mutating func leaveOut(_ replica: NodeID) {
        leavesOut = leavesOut || view.members.contains(replica)
        view.members.removeAll { $0 == replica }
    }

    /// Whether a replica was thought to be gone and has not asked to be let in since.
    func hasRemoved(_ replica: NodeID) -> Bool {
        !up.contains(replica)
    }

    /// A sender is there for the first time, or in a new life.
    mutating func join(_ sender: NodeID, into effects: inout [Effect]) {
        up.insert(sender)
        if case .inquiring = stage { return }
        startChange(into: &effects)
    }

    /// A replica asks to be let in.
    private mutating func enter(_ replica: NodeID, into effects: inout [Effect]) {
        up.insert(replica)
        if case .inquiring(var awaited, var standings) = stage {
            awaited.remove(replica)
            standings[replica] = (View(number: 0, members: []), false)
            stage = .inquiring(awaited: awaited, standings)
            return endInquiry(into: &effects)
        }
        if !entrants.contains(replica) { entrants = (entrants + [replica]).sorted() }
        let wasMember = view.members.contains(replica)
        leaveOut(replica)
        // A change that has begun takes it in, or is followed by one that does.
        if case .serving = stage { return startChange(into: &effects) }
        if wasMember { startChange(into: &effects) }
    }

    private mutating func endInquiry(into effects: inout [Effect]) {
        guard case .inquiring(let awaited, let standings) = stage, awaited.isEmpty else { return }
        let active = standings.filter(\.value.isActive)
        let last = active.values.map(\.view.number).max() ?? 0
        // Whom one of the last view's members knows to have left it has left it. Between two views
        // nothing happens, so who has not heard of the last one has its state.
        let known = active.values.map(\.view).filter { $0.number == last }
        view = View(
            number: last,
            members: active.keys.sorted().filter { member in
                known.allSatisfy { $0.members.contains(member) }
            })
        leavesOut = true
        for (replica, standing) in standings.sorted(by: { $0.key < $1.key }) {
            if !standing.isActive {
                entrants = (entrants + [replica]).sorted()
            } else if !view.members.contains(replica) {
                effects.send(.removed, to: replica, .recovery)
            }
        }
        startChange(into: &effects)
    }
}

// MARK: - The steps of a change

extension GroupMembership {
    private mutating func startChange(into effects: inout [Effect]) {
        guard !view.members.isEmpty else {
            if case .lost = stage { return }
            stage = .lost
            return effects.append(
                .report(.failed("group \(group + 1) is lost: none of its replicas is left")))
        }
        change += 1
        busy = Set(senders)
        for sender in senders {
            effects.send(
                .halt(group: group, change: change, members: view.members), to: sender, .recovery)
        }
        stage = .flushing(Set(view.members), Pending())
        for member in view.members {
            effects.send(
                .flush(change: change, senders: senders, members: view.members), to: member,
                .recovery)
        }
    }

    /// - Returns: false where the message is nothing of the group manager's.
    mutating func receive(
        _ message: ReplicationMessage, from node: NodeID, into effects: inout [Effect]
    ) -> Bool {
        switch (message, stage) {
        case (.enter, _):
            enter(node, into: &effects)
        case (.standing(let view, let isActive), .inquiring(var awaited, var standings)):
            guard awaited.remove(node) != nil else { return true }
            standings[node] = (view, isActive)
            stage = .inquiring(awaited: awaited, standings)
            endInquiry(into: &effects)
        case (.halted(group, change), _):
            busy.remove(node)
            transfer(into: &effects)
        case (
            .flushed(change, let finals, let open, let ordered), .flushing(var awaited, var pending)
        ):
            guard awaited.remove(node) != nil else { return false }
            for place in finals { pending.finals[place.id] = place.timestamp }
            pending.open.formUnion(open)
            for propose in ordered { pending.ordered[propose.id.number] = propose }
            pending.last.insert(ordered.last?.id.number ?? 0)
            stage = .flushing(awaited, pending)
            if awaited.isEmpty { settle(pending, into: &effects) }
        case (.settled(change), .settling(var awaited)):
            awaited.remove(node)
            stage = .settling(awaited)
            if awaited.isEmpty { rest(into: &effects) }
        case (.installed(change), .transferring(var awaited, let entrants)):
            awaited.remove(node)
            stage = .transferring(awaited, entrants: entrants)
            if awaited.isEmpty { install(entrants, into: &effects) }
        case (.viewed(change), .installing(var awaited)):
            awaited.remove(node)
            stage = .installing(awaited)
            if awaited.isEmpty { open(into: &effects) }
        case (.halted, _), (.flushed, _), (.settled, _), (.installed, _), (.viewed, _),
            (.standing, _):
            // Of a change that began anew.
            break
        default:
            return false
        }
        return true
    }

    /// What one member knows to be final is so for all; what none does was delivered by none.
    private mutating func settle(_ pending: Pending, into effects: inout [Effect]) {
        let finals = pending.finals.sorted { $0.key < $1.key }
            .map { Timestamped(id: $0.key, timestamp: $0.value) }
        let discarded = pending.open.filter { pending.finals[$0] == nil }.sorted()
        if pending.open.isEmpty && pending.last.count == 1 { return rest(into: &effects) }
        stage = .settling(Set(view.members))
        for member in view.members {
            effects.send(
                .settle(
                    change: change, finals: finals.filter { pending.open.contains($0.id) },
                    discarded: discarded,
                    ordered: pending.ordered.sorted { $0.key < $1.key }.map(\.value)),
                to: member, .recovery)
        }
    }

    private mutating func rest(into effects: inout [Effect]) {
        stage = .halting
        if leavesOut {
            for sender in senders {
                effects.send(
                    .finish(group: group, change: change, members: view.members), to: sender,
                    .recovery)
            }
        }
        transfer(into: &effects)
    }

    private mutating func transfer(into effects: inout [Effect]) {
        guard case .halting = stage, busy.isEmpty else { return }
        guard !entrants.isEmpty else { return install([], into: &effects) }
        stage = .transferring(Set(entrants), entrants: entrants)
        for entrant in entrants {
            effects.send(
                .admit(change: change, donor: view.members[0]), to: entrant, .recovery)
        }
    }

    private mutating func install(_ entered: [NodeID], into effects: inout [Effect]) {
        entrants.removeAll(where: entered.contains)
        view = View(
            number: view.number + 1, members: (view.members + entered).sorted())
        stage = .installing(Set(view.members))
        for member in view.members {
            effects.send(.view(change: change, view), to: member, .recovery)
        }
    }

    private mutating func open(into effects: inout [Effect]) {
        stage = .serving
        leavesOut = false
        for sender in senders {
            effects.send(.open(group: group, view), to: sender, .recovery)
        }
        if !entrants.isEmpty { startChange(into: &effects) }
    }
}
