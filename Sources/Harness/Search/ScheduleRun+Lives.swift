import Roles
import Simulation

// How nodes begin their lives, and what they tell.

/// Hands what a life reports to its run.
final class LifeObserver: RoleHostObserver {
    private let member: Member
    private unowned let run: ScheduleRun

    init(_ member: Member, _ run: ScheduleRun) {
        self.member = member
        self.run = run
    }

    func roleReported(_ report: Report) { run.take(report, from: member) }
    func received(control message: Message, from node: NodeID) {}
    func peerUp(_ peer: Member) {}

    func alarmRang() {}

    func peerLost(_ peer: Member) { run.lose(peer, at: member) }

    func roleReached(_ breakpoint: Breakpoint, peers: [NodeID]) {}
}

extension ScheduleRun {
    func text(_ member: Member) -> String { "\(name(member.node)).\(member.incarnation)" }

    /// Judges, and tells, what nodes hear.
    func follow() {
        network.follow = { [unowned self] heard in
            hear(heard)
            guard tell != nil, heard.channel == .role || !heard.isHeard else { return }
            let words =
                heard.channel == .hello
                ? "hello"
                : mechanism.words(for: heard.message)?
                    .replacing(/[A-Z][A-Za-z]+\./, with: "")
                    .replacing(/NodeID\(rawValue: ([0-9]+)\)/) { $0.output.1 }
            say(
                "\(text(heard.sender)) -> \(text(heard.receiver)): "
                    + (words.map { String($0.prefix(160)) } ?? "")
                    + " (\(heard.message.wireBytes) bytes)"
                    + (heard.isHeard ? "" : ", which nobody hears"))
        }
    }

    func beginAll() {
        for node in mechanism.nodeIDs { begin(Member(node, incarnation: 1), isPrelinked: true) }
        for node in mechanism.nodeIDs {
            let life = lives[Int(node.rawValue)]
            life?.isStarted = true
            life?.host.host.start(Start(.initial, peers: mechanism.peers(of: node)))
            life?.host.settle()
        }
    }

    private func begin(_ member: Member, isPrelinked: Bool) {
        let observer = LifeObserver(member, self)
        let host = VirtualHost(member, on: network, isPrelinked: isPrelinked) { endpoint in
            RoleHost(role: mechanism.makeRole(of: member), endpoint: endpoint)
        }
        host.host.observer = observer
        lives[Int(member.node.rawValue)] = Life(member, host: host, observer: observer)
    }

    /// Begins the next life of a node, which takes part a little later.
    func boot(_ node: NodeID, _ startNs: UInt64) {
        let index = Int(node.rawValue)
        incarnations[index] += 1
        let member = Member(node, incarnation: incarnations[index])
        say("\(text(member)) is there")
        standings[index] = .recovering
        begin(member, isPrelinked: false)
        network.schedule(after: startNs) { [unowned self] in
            guard violation == nil, lives[index]?.member == member else { return }
            start(member)
        }
    }

    /// Links a node to all peers that are there, and has it recover.
    private func start(_ member: Member) {
        guard let life = lives[Int(member.node.rawValue)] else { return }
        let peers = mechanism.peers(of: member.node).compactMap { lives[Int($0.rawValue)] }
        say("\(text(member)) starts, with \(peers.map { text($0.member) }.joined(separator: " "))")
        life.isStarted = true
        for peer in peers {
            // Nothing can go wrong on a virtual network.
            try? life.host.host.endpoint.connect(
                to: peer.member, at: peer.host.host.endpoint.address)
        }
        life.host.host.start(Start(.recovery, peers: peers.map(\.member.node)))
        life.host.settle()
    }
}

// MARK: - Reports

extension ScheduleRun {
    func take(_ report: Report, from member: Member) {
        guard violation == nil else { return }
        change()
        switch report {
        case .updateCompleted(let group, let ticket, _, _):
            counts.updatesAcknowledged += 1
            answer(.done, group, ticket, by: member)
        case .updateRefused(let group, let ticket, let reason):
            counts.updatesRefused += 1
            answer(.refused(reason), group, ticket, by: member)
        case .readCompleted(let group, let ticket, let value, _, _):
            counts.reads += 1
            answer(.value(value), group, ticket, by: member)
        case .delivered(let group, let sender, let ticket):
            let id = Delivery.ID(sender: sender, ticket: ticket)
            say("   \(text(member)) delivers \(ticket) of \(name(sender))")
            _ = judge { () throws(Violation) in try judges[group].deliver(id, at: member) }
        case .entered(let group, let view, let members):
            say("   \(text(member)) enters view \(view) of \(members.map(name))")
            _ = judge { () throws(Violation) in
                try judges[group].enter(view, of: members, member)
            }
        case .phase(let phase):
            say("   \(text(member)) enters phase \(phase)")
            if phase == .quiesce { reenter(member) }
            if phase == .install {
                for group in judges.indices { judges[group].install(member) }
            }
        case .recovered:
            say("   \(text(member)) is back in service")
            recovered(member)
        case .failed(let text): fail(text, at: member)
        case .malformed:
            if losses.isEmpty { fail("\(text(member)) calls a message malformed") }
        case .step, .held, .log: break
        }
    }

    private func answer(
        _ answer: ClientAnswer, _ group: Int, _ ticket: UInt64, by member: Member
    ) {
        say("   \(text(member)) answers \(ticket) in group \(group + 1): \(answer)")
        let id = Delivery.ID(sender: member.node, ticket: ticket)
        _ = judge { () throws(Violation) in try judges[group].take(answer, to: id) }
    }

    /// Where more has failed than can be survived, something may be lost, and must be named. A node
    /// that is cut off from others may think so, too; it will end.
    private func fail(_ text: String, at member: Member) {
        say("   \(self.text(member)) reports: \(text)")
        if isBeyondFaults, text.contains(" lost: ") {
            losses.append(text)
        } else if losses.isEmpty,
            !(text.contains(" lost: ") && lives[Int(member.node.rawValue)]?.isSuspected == true)
        {
            fail("\(self.text(member)) reports: \(text)")
        }
    }

    /// A live node gives up its state, since others have gone on without it.
    private func reenter(_ member: Member) {
        let index = Int(member.node.rawValue)
        guard isServing(member.node) else { return }
        guard lives[index]?.isSuspected ?? false else {
            return fail("\(text(member)) gives up its state, and nobody has thought it gone")
        }
        standings[index] = .recovering
    }

    private func recovered(_ member: Member) {
        let index = Int(member.node.rawValue)
        guard case .recovering = standings[index], let life = lives[index] else {
            return fail("\(text(member)) says that it is back in service, where it was already")
        }
        standings[index] = .serving
        counts.recoveries += 1
        let snapshot = life.host.host.role.snapshot()
        for group in judges.indices where mechanism.initiators(of: group).contains(member.node) {
            let elements = mechanism.elements(of: group, in: snapshot)
            let repeated = judge { () throws(Violation) in
                try judges[group].recovered(member.node, elements: elements)
            }
            for id in repeated ?? [] {
                guard let operation = judges[group].book[id] else { continue }
                counts.updatesRepeated += 1
                life.host.host.deliver(.update(group: group, ticket: id.ticket, operation))
            }
        }
    }
}
