import RoleTesting
import Roles
import SeededGenerator
import Structures

@testable import Fusion

/// Fusion under updates and crashes, with a model that knows which updates were acknowledged and
/// lets the others survive or vanish, as long as those that survive are the first ones.
final class CrashRun {
    let shape: FusionTests.Shape
    let network: RoleNetwork
    /// Nodes that are down, or booted and not started.
    private(set) var down: Set<NodeID> = []
    private(set) var booted: Set<NodeID> = []
    /// Nodes that have been restarted and not reported that they are back.
    private(set) var recovering: Set<NodeID> = []
    var random: SeededGenerator

    /// Per group, all updates that count so far, and how many of them are acknowledged.
    private var histories: [[Operation]]
    private var acknowledged: [Int]
    private var models: [ModelStructure]
    /// By ticket.
    private var tickets: [(group: Int, position: Int)] = []
    private var readReports = 0
    /// What went wrong, in words.
    private(set) var complaints: [String] = []
    /// How often something happened.
    private(set) var counts: [String: Int] = [:]
    /// Who has begun the last attempt.
    private(set) var leader: NodeID?
    private var phases: [NodeID: RecoveryPhase] = [:]

    init(_ shape: FusionTests.Shape, seed: UInt64) throws {
        self.shape = shape
        network = RoleNetwork(try shape.mechanism(), seed: seed)
        random = SeededGenerator(seed: ~seed)
        histories = Array(repeating: [], count: shape.primaries)
        acknowledged = Array(repeating: 0, count: shape.primaries)
        models = (0..<shape.primaries).map { _ in ModelStructure(shape.structureShape) }
        watch()
    }

    /// A copy that goes its own way by another seed.
    init(copying other: CrashRun, seed: UInt64) {
        shape = other.shape
        down = other.down
        booted = other.booted
        recovering = other.recovering
        leader = other.leader
        phases = other.phases
        network = RoleNetwork(copying: other.network, seed: seed)
        random = SeededGenerator(seed: ~seed)
        histories = other.histories
        acknowledged = other.acknowledged
        models = other.models
        tickets = other.tickets
        readReports = other.readReports
        watch()
    }

    /// Looks at what the leaders of recoveries send.
    private func watch() {
        network.intercept = { [unowned self] message, sender, _ in
            // Only messages of attempts are worth the time.
            guard message.head[0] == 8,
                case .attempt(_, let content)? = try? FusionMessage(decoding: message.head)
            else { return message }
            switch content {
            case .agree: leader = sender
            case .sendUpdates: count("lagging backups were brought up")
            case .install: count("a follower got its state")
            default: break
            }
            return message
        }
    }

    private var emptyModel: ModelStructure { ModelStructure(shape.structureShape) }

    var nodes: [NodeID] { network.mechanism.nodeIDs }

    /// Nodes that do not serve, as far as an onlooker can tell.
    var failed: Set<NodeID> { down.union(booted).union(recovering) }

    var serving: [NodeID] { nodes.filter { !failed.contains($0) } }

    func count(_ what: String, by number: Int = 1) { counts[what, default: 0] += number }
}

// MARK: - Updates

extension CrashRun {
    /// Begins a random update of a group whose primary serves.
    func update(group: Int) throws {
        guard !failed.contains(NodeID(group + 1)) else { return }
        let operation = try RandomUpdates.next(for: &models[group], using: &random)
        tickets.append((group, histories[group].count))
        histories[group].append(operation)
        network.deliver(
            .update(group: group, ticket: UInt64(tickets.count - 1), operation),
            to: NodeID(group + 1))
        read()
    }

    /// Whether a group has updates that are not acknowledged.
    func isBusy(_ group: Int) -> Bool { acknowledged[group] < histories[group].count }

    func step() -> Bool {
        defer { read() }
        return network.step()
    }

    func settle() { while step() {} }

    /// Takes in what the roles have reported since the last call.
    private func read() {
        while readReports < network.reports.count {
            let (node, report) = network.reports[readReports]
            readReports += 1
            switch report {
            case .updateCompleted(let group, let ticket, _, _):
                let update = tickets[Int(ticket)]
                if update.group != group || update.position != acknowledged[group] {
                    complaints.append("update \(ticket) of group \(group) came out of turn")
                }
                acknowledged[group] = update.position + 1
            case .recovered:
                if recovering.remove(node) == nil {
                    complaints.append("node \(node.rawValue) is back twice")
                }
                if Int(node.rawValue) <= shape.primaries {
                    settleFate(group: Int(node.rawValue) - 1)
                }
            case .failed(let text): complaints.append(text)
            case .malformed: complaints.append("malformed at node \(node.rawValue)")
            case .updateRefused(_, _, let reason): complaints.append(reason)
            case .phase(let phase): phases[node] = phase
            case .log, .step, .readCompleted, .held, .delivered, .entered: break
            }
        }
    }

    /// A primary is back: its state says which of the updates in flight have survived.
    private func settleFate(group: Int) {
        guard let role = network.roles[NodeID(group + 1)],
            let state = try? FusionSnapshot(role.snapshot(), shape: shape.structureShape)
        else { return }
        let survived = Int(state.mirrors[0].sequence)
        guard acknowledged[group]...histories[group].count ~= survived else {
            complaints.append(
                "primary-\(group + 1) came back at update \(survived), \(acknowledged[group]) of "
                    + "\(histories[group].count) were acknowledged")
            return
        }
        if survived > acknowledged[group] { count("unacknowledged update survived") }
        if survived < histories[group].count { count("unacknowledged update vanished") }
        histories[group].removeLast(histories[group].count - survived)
        acknowledged[group] = survived
        models[group] = emptyModel
        for operation in histories[group] { try? models[group].apply(operation) }
    }
}

// MARK: - Crashes

extension CrashRun {
    func kill(_ node: NodeID) {
        if booted.contains(node) {
            count("killed before it takes part")
        } else if !recovering.contains(node) {
            count("killed while serving")
            if !recovering.isEmpty { count("survivor killed during a recovery") }
            if (0..<shape.primaries).contains(where: isBusy) { count("killed in an update") }
        } else if let phase = phases[node] {
            count("\(node == leader ? "leader" : "follower") killed in \(phase)")
        }
        down.insert(node)
        booted.remove(node)
        recovering.remove(node)
        network.kill(node)
        read()
    }

    func boot(_ node: NodeID) {
        down.remove(node)
        booted.insert(node)
        network.boot(node)
    }

    func start(_ node: NodeID) {
        booted.remove(node)
        recovering.insert(node)
        network.start(node)
        read()
    }

    /// Brings back whoever is missing and lets everything come to rest.
    func bringBack() {
        for node in down.sorted() { boot(node) }
        for node in booted.sorted() { start(node) }
        settle()
    }

    /// What is wrong at the end, when all is at rest and all nodes are up: nil when every node is as
    /// the model says and updates go on.
    func verdict() throws -> String? {
        for round in 0..<2 {
            if let complaint = complaints.first { return complaint }
            if let node = recovering.min() { return "node \(node.rawValue) is not back" }
            for group in 0..<shape.primaries where isBusy(group) {
                return "updates of group \(group) do not complete in round \(round)"
            }
            if let difference = network.firstDifference(from: models) { return difference }
            guard round == 0 else { break }
            for group in 0..<shape.primaries { try update(group: group) }
            settle()
        }
        return nil
    }
}
