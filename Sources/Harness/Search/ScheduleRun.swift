import Roles
import Simulation
import Structures

/// Plays one schedule: hosts the mechanism's roles on a virtual network, does to them what the
/// schedule says, and judges after each event what they report.
///
/// The transport never takes a life back that was lost once. So a node that somebody wrongly thinks is
/// gone goes on for a while, unheard by that one, until the run ends it (it is fenced) and starts its
/// next life.
final class ScheduleRun {
    /// How a schedule went.
    struct Outcome {
        /// Nil where all was as it must be.
        var violation: Violation?
        /// When it was found, in virtual nanoseconds from the beginning.
        var moment: UInt64
        var counts: SearchCounts
        /// Differs where anything differs in what nodes heard.
        var traceDigest: UInt64
    }

    /// What the run knows of a node.
    enum Standing {
        case serving
        /// Its memory is gone, and its next life has not begun.
        case down
        /// It has begun a life and is not back in service.
        case recovering
    }

    /// The present life of a node.
    final class Life {
        let member: Member
        let host: VirtualHost
        let observer: LifeObserver
        /// Whether it has been told to take part.
        var isStarted = false
        /// Whether a peer thinks that it is gone.
        var isSuspected = false

        init(_ member: Member, host: VirtualHost, observer: LifeObserver) {
            self.member = member
            self.host = host
            self.observer = observer
        }
    }

    let schedule: Schedule
    let mechanism: any Mechanism
    let options: SearchOptions
    let network: VirtualNetwork
    let budget: FaultBudget
    /// Told of all that happens, one line each; nil where nobody listens.
    let tell: ((String) -> Void)?
    let start: UInt64

    /// By node number, from 1 on.
    var standings: [Standing]
    var lives: [Life?]
    var incarnations: [Incarnation]
    /// Per group.
    var judges: [any GroupJudge]
    var counts = SearchCounts()
    var violation: Violation?
    /// Whether more has failed at once than can be survived.
    var isBeyondFaults = false
    /// What has been wrong since then. Whatever follows from a loss that is reported is no news.
    private var unreported: Violation?
    /// Which lives of peers a life has lost, in this order: (that life, the peer's).
    private var lostPeers: [Member: Set<Member>] = [:]
    /// Texts that said then that something is lost.
    var losses: [String] = []
    /// Whether anything has happened since states were compared.
    private var isChanged = true
    private var quietChecks = 0

    init(
        _ schedule: Schedule, mechanism: any Mechanism, options: SearchOptions,
        tell: ((String) -> Void)? = nil
    ) {
        self.schedule = schedule
        self.mechanism = mechanism
        self.options = options
        self.tell = tell
        network = VirtualNetwork(
            model: options.model, faults: options.network, seed: schedule.seed,
            peers: { mechanism.peers(of: $0) })
        start = network.clock.now
        budget = FaultBudget(mechanism, faults: schedule.plan.faults)
        let count = mechanism.nodes.count + 1
        standings = Array(repeating: .serving, count: count)
        lives = Array(repeating: nil, count: count)
        incarnations = Array(repeating: 1, count: count)
        judges = (0..<schedule.plan.groups).map { group in
            Self.judge(of: group, schedule.plan, mechanism)
        }
    }

    private static func judge(
        of group: Int, _ plan: RunPlan, _ mechanism: any Mechanism
    ) -> any GroupJudge {
        let name = "group \(group + 1)"
        let shape = plan.part(of: group).shape
        guard mechanism.ordersUpdates else { return InitiatorJudge(name: name, shape: shape) }
        return MemberJudge(
            name: name,
            members: mechanism.nodeIDs.filter {
                let node = mechanism.description(of: $0)
                return node.holdsData && node.group ?? group == group
            },
            shape: shape, answersDelivered: plan.replication.acknowledgement == .delivery,
            ordersReads: plan.readOrder != .relaxed)
    }

    /// Plays the schedule.
    ///
    /// - Parameter kept: the numbers of the actions that are played; nil for all.
    func play(keeping kept: Set<Int>? = nil) -> Outcome {
        counts.schedules = 1
        if schedule.exceedsFaults { counts.schedulesBeyondFaults = 1 }
        follow()
        beginAll()
        for action in schedule.actions where kept?.contains(action.number) ?? true {
            network.schedule(after: action.moment) { [unowned self] in perform(action) }
        }
        while violation == nil, network.step() {
            counts.events += 1
            if counts.events > options.eventLimit {
                fail("the schedule does not end: \(counts.events) events, and more are to come")
            }
            if network.pendingDeliveries == 0, isChanged, quietChecks < options.quietChecks {
                compareIfQuiet()
            }
        }
        if violation == nil { judgeEnd() }
        counts.messages = network.heardMessages
        counts.network = network.faults
        counts.updatesVanished = judges.reduce(0) { $0 + (($1 as? InitiatorJudge)?.vanished ?? 0) }
        return Outcome(
            violation: violation, moment: network.clock.now - start, counts: counts,
            traceDigest: network.traceDigest)
    }

    // MARK: - Violations

    func fail(_ text: String) {
        if violation == nil { violation = Violation(text) }
    }

    /// Does something that may show a violation.
    func judge<Value>(_ body: () throws(Violation) -> Value) -> Value? {
        do {
            return try body()
        } catch {
            // Where more has failed than can be survived, this must be reported.
            if isBeyondFaults {
                unreported = unreported ?? error
            } else {
                violation = violation ?? error
            }
            return nil
        }
    }

    // MARK: - Names and words

    func name(_ node: NodeID) -> String { mechanism.description(of: node).name }

    /// Says what happens now.
    func say(_ text: @autoclosure () -> String) {
        guard let tell else { return }
        let microseconds = String((network.clock.now - start) / 1000)
        tell(
            String(repeating: " ", count: max(0, 9 - microseconds.count)) + microseconds + " µs  "
                + text())
    }

    // MARK: - Lives

    /// A node has lost a peer's life, and must hear nothing more of it.
    func lose(_ peer: Member, at member: Member) {
        say("\(text(member)) has lost \(text(peer))")
        lostPeers[member, default: []].insert(peer)
    }

    /// A node hears a message.
    func hear(_ message: HeardMessage) {
        guard message.isHeard else { return }
        if lives[Int(message.receiver.node.rawValue)]?.member != message.receiver {
            fail("\(text(message.receiver)) hears something, and has ended")
        } else if lostPeers[message.receiver]?.contains(message.sender) ?? false {
            fail("\(text(message.receiver)) hears \(text(message.sender)), which it has lost")
        }
    }

    // MARK: - Quiet points

    /// Something has changed that states may show.
    func change() { isChanged = true }

    private func compareIfQuiet() {
        guard
            mechanism.nodeIDs.allSatisfy({ node in
                if case .serving = standings[Int(node.rawValue)] {
                    lives[Int(node.rawValue)]?.isSuspected == false
                } else {
                    false
                }
            }), losses.isEmpty, unreported == nil
        else { return }
        quietChecks += 1
        compare()
    }

    /// Compares all states with the model and with each other.
    private func compare() {
        isChanged = false
        counts.quietPoints += 1
        say("-- nothing is in flight: states are compared")
        var models: [ModelStructure] = []
        for group in judges.indices {
            guard let model = judge({ () throws(Violation) in try judges[group].rest() }) else {
                return
            }
            models.append(model)
        }
        var snapshots: [NodeID: Message] = [:]
        for node in mechanism.nodeIDs where mechanism.description(of: node).holdsData {
            snapshots[node] = lives[Int(node.rawValue)]?.host.host.role.snapshot()
        }
        if let difference = mechanism.firstDifference(in: snapshots, expected: models) {
            fail("nothing is in flight, and states differ: \(difference)")
        }
    }

    /// Nothing is to happen any more.
    private func judgeEnd() {
        let missing = mechanism.nodeIDs.filter {
            if case .serving = standings[Int($0.rawValue)] { false } else { true }
        }
        if missing.isEmpty, losses.isEmpty, unreported == nil { return compare() }
        let names = missing.map(name).joined(separator: ", ")
        if let unreported, losses.isEmpty { return fail("\(unreported), and no loss was reported") }
        guard !losses.isEmpty else {
            return fail("nothing is to happen any more, and \(names) wait in their recovery")
        }
        counts.losses += 1
        // What is lost goes by its name in its cluster, where there are several.
        if missing.contains(where: { mechanism.description(of: $0).kind == .server }) { return }
        let lost = missing.filter { mechanism.description(of: $0).group != nil }
        let isNamed = lost.contains { node in
            let group = "group \((mechanism.description(of: node).group ?? 0) + 1)"
            return losses.contains { $0.contains(name(node)) || $0.contains(group) }
        }
        if !isNamed {
            fail("\(names) are lost, and what was reported names none: \(losses[0])")
        }
    }
}
