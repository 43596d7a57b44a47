import CMalloc
import Foundation
import Roles
import Transport

/// The nodes of one run, as the driver sees and moves them: started, linked, asked, crashed and
/// brought back. Every step waits for its condition, with a deadline that fails loudly.
final class Session {
    private let plan: RunPlan
    private let mechanism: any Mechanism
    private let launcher: any Launcher
    private let interrupt: Interrupt
    private let run: UInt64
    private let directory: PrivateDirectory?
    private let endpoint: Endpoint
    private var lives: [NodeID: Life] = [:]
    private var inbox: [(node: NodeID, content: ControlMessage, body: Body?)] = []
    private var states: [NodeID: Message] = [:]
    /// Whether the nodes are told to end, so that they may miss each other.
    private var isEnding = false

    /// The present life of a node.
    private struct Life {
        var member: Member
        var process: any RunningNode
        /// Known once the node has said hello.
        var address: String?
        var complaint = ""
        /// Whether the driver has killed it, so that its end is no surprise.
        var isKilled = false
        /// Whether somebody has lost the connection to it although it was not killed.
        var isMissed = false
        var isGone = false
    }

    /// Seconds for anything that should take milliseconds. It only decides when a hang is called one.
    private static let patience = 30.0

    /// - Parameters:
    ///   - mechanism: the plan's, or a test's own.
    ///   - executable: the program that child processes run.
    init(
        plan: RunPlan, mechanism: any Mechanism, executable: URL, interrupt: Interrupt
    ) throws {
        self.plan = plan
        self.mechanism = mechanism
        self.interrupt = interrupt
        run = UInt64.random(in: 1...UInt64.max)
        directory = plan.transport == .ipc ? try PrivateDirectory() : nil
        let context = try MessagingContext()
        switch plan.launch {
        case .processes: launcher = ProcessLauncher(executable: executable)
        case .threads: launcher = ThreadLauncher(mechanism: mechanism, context: context)
        }
        endpoint = try Endpoint(
            of: Member(.driver, incarnation: 1),
            kind: plan.transport.endpointKind(in: directory?.path), run: run, in: context)
    }

    deinit { for life in lives.values { life.process.kill() } }

    // MARK: - Life and death

    /// Starts all nodes and links them.
    func start() throws {
        for node in mechanism.nodeIDs { try launch(Member(node, incarnation: 1)) }
        try wait(for: "all nodes to start") {
            lives.values.allSatisfy { $0.address != nil } ? () : nil
        }
        for node in mechanism.nodeIDs { try link(node, isRecovery: false) }
        var linked: Set<NodeID> = []
        try wait(for: "all nodes to be linked") {
            while let report = take({ if case .linked = $0 { () } else { nil } }) {
                linked.insert(report.node)
            }
            return linked.count == lives.count ? () : nil
        }
    }

    private func launch(_ member: Member) throws {
        let specification = NodeSpecification(
            plan: plan, member: member, run: run, driverAddress: endpoint.address,
            directory: directory?.path)
        do {
            let process = try launcher.launch(specification)
            lives[member.node] = Life(member: member, process: process)
        } catch {
            throw RunError.unjudged("\(name(member.node)) cannot be started: \(error)")
        }
    }

    private func link(_ node: NodeID, isRecovery: Bool) throws {
        let peers = mechanism.peers(of: node).compactMap { peer in
            lives[peer].flatMap { life in
                life.isKilled
                    ? nil
                    : life.address.map { ControlMessage.Peer(member: life.member, address: $0) }
            }
        }
        try tell(.link(peers: peers, isRecovery: isRecovery), to: node)
    }

    /// Kills a node and waits until it is gone and every peer has noticed.
    ///
    /// - Returns: when it was killed, and when the last peer had noticed.
    func crash(_ node: NodeID) throws -> (killed: UInt64, noticed: UInt64) {
        guard let member = lives[node]?.member else {
            throw RunError.unjudged("\(name(node)) is not there to be crashed")
        }
        var unaware = Set(mechanism.peers(of: node).filter { lives[$0]?.isKilled == false })
        lives[node]?.isKilled = true
        let killed = MonotonicClock.now()
        lives[node]?.process.kill()
        var noticed = killed
        try wait(for: "the crash of \(name(node)) to be noticed") {
            while let report = take({
                if case .noticed(member, let time) = $0 { time } else { nil }
            }) {
                noticed = max(noticed, report.value)
                unaware.remove(report.node)
            }
            return unaware.isEmpty && lives[node]?.isGone == true ? () : nil
        }
        return (killed, noticed)
    }

    /// Starts the next life of a crashed node and waits until it is back in service.
    func restart(_ node: NodeID) throws -> RecoveryTimes {
        guard let member = lives[node]?.member else {
            throw RunError.unjudged("\(name(node)) is not there to be restarted")
        }
        try launch(Member(node, incarnation: member.incarnation + 1))
        try wait(for: "\(name(node)) to start again") {
            lives[node]?.address != nil ? () : nil
        }
        try link(node, isRecovery: true)
        return try wait(for: "\(name(node)) to recover") {
            take { if case .recovered(let times) = $0 { times } else { nil } }?.value
        }
    }

    func incarnation(of node: NodeID) -> Incarnation { lives[node]?.member.incarnation ?? 0 }

    /// Lets all nodes end and waits until they have.
    func end() throws {
        isEnding = true
        for node in lives.keys {
            lives[node]?.isKilled = true
            lives[node]?.process.release()
        }
        try wait(for: "all nodes to end") {
            lives.values.allSatisfy(\.isGone) ? () : nil
        }
    }

    // MARK: - Questions

    /// Has updates performed in all of `groups` at once.
    ///
    /// - Returns: per group, the measurement of each update.
    func perform(
        _ batch: ControlMessage.Batch, groups: [Int]
    ) throws -> [Int: [UpdateRecord]] {
        let count: Int =
            switch batch {
            case .warmUp(let pairs): 2 * pairs
            case .trace(_, let count): count
            }
        for group in groups {
            try tell(.perform(group: group, batch), to: mechanism.initiator(of: group))
        }
        var records: [Int: [UpdateRecord]] = [:]
        // An update takes a fraction of a millisecond; many times that is a hang.
        let patience = Self.patience + 0.005 * Double(count * groups.count)
        try wait(for: "\(count) updates of each group", within: patience) {
            while let report = take({
                if case .performed(let group) = $0 { group } else { nil }
            }) {
                guard let read = UpdateRecords.read(report.body) else {
                    throw RunError.unjudged(
                        "\(name(report.node)) sent measurements that cannot be read")
                }
                records[report.value] = read
            }
            return records.count == groups.count ? () : nil
        }
        return records
    }

    func status(of nodes: [NodeID]) throws -> [NodeID: NodeStatus] {
        for node in nodes { try tell(.tellStatus, to: node) }
        var statuses: [NodeID: NodeStatus] = [:]
        try wait(for: "the nodes' status") {
            while let report = take({
                if case .status(let status) = $0 { status } else { nil }
            }) {
                statuses[report.node] = report.value
            }
            return statuses.count == nodes.count ? () : nil
        }
        return statuses
    }

    /// The full state of every given node.
    func state(of nodes: [NodeID]) throws -> [NodeID: Message] {
        states = [:]
        for node in nodes { try tell(.tellState, to: node) }
        try wait(for: "the nodes' state") { states.count == nodes.count ? () : nil }
        defer { states = [:] }
        // malloc keeps the holes that earlier states left between small blocks; over thousands of
        // recoveries they would add up to gigabytes.
        malloc_trim(0)
        return states
    }

    // MARK: - Waiting

    private func name(_ node: NodeID) -> String { mechanism.description(of: node).name }

    private func tell(_ message: ControlMessage, to node: NodeID) throws {
        guard try endpoint.send(try message.encoded(), to: node, channel: .control) else {
            try hearMissedNodes()
            throw RunError.unjudged("\(name(node)) cannot be reached any more")
        }
    }

    /// Removes the first message that `read` has a value for, and returns that value with it.
    private func take<Value>(
        _ read: (ControlMessage) -> Value?
    ) -> (node: NodeID, value: Value, body: Body?)? {
        for (index, message) in inbox.enumerated() {
            if let value = read(message.content) {
                inbox.remove(at: index)
                return (message.node, value, message.body)
            }
        }
        return nil
    }

    /// Takes in what comes until `condition` has a result.
    @discardableResult
    private func wait<Result>(
        for what: String, within seconds: Double = Session.patience,
        _ condition: () throws -> Result?
    ) throws -> Result {
        let deadline = MonotonicClock.now() + UInt64(seconds * 1e9)
        while true {
            while let event = try endpoint.next() { try handle(event) }
            if let result = try condition() { return result }
            let now = MonotonicClock.now()
            guard now < deadline else {
                throw RunError.unjudged("waited \(Int(seconds)) s in vain for \(what)")
            }
            let watched = lives.filter { !$0.value.isGone }.sorted { $0.key < $1.key }
            let ready = try endpoint.wait(
                for: [interrupt.descriptor] + watched.map(\.value.process.complaints),
                timeout: Int((deadline - now) / 1_000_000) + 1)
            if ready[0] { throw RunError.interrupted }
            for (index, life) in watched.enumerated() where ready[index + 1] {
                try hearComplaint(of: life.key)
            }
        }
    }

    private func hearComplaint(of node: NodeID) throws {
        guard let (text, isGone) = lives[node]?.process.readComplaints() else { return }
        lives[node]?.complaint += text
        guard isGone, let life = lives[node] else { return }
        lives[node]?.isGone = true
        guard !life.isKilled else { return }
        let complaint = life.complaint.trimmingCharacters(in: .whitespacesAndNewlines)
        throw RunError.unjudged(
            "\(name(node)) ended by itself: "
                + (complaint.isEmpty ? "it gave no reason, as when it is killed" : complaint))
    }

    /// Waits for the end of nodes that are missed. What others then say of a broken protocol only
    /// follows from that end, and the node's own words say why it came.
    private func hearMissedNodes() throws {
        for node in lives.keys.sorted() where lives[node]?.isMissed == true {
            while let life = lives[node], !life.isGone {
                let descriptors = [interrupt.descriptor, life.process.complaints]
                var items = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
                let ready = poll(&items, nfds_t(items.count), Int32(Self.patience * 1000))
                if ready < 0 && errno == EINTR { continue }
                guard ready > 0 else { break }
                if items[0].revents != 0 { throw RunError.interrupted }
                try hearComplaint(of: node)
            }
        }
    }

    private func miss(_ member: Member) {
        guard let life = lives[member.node], life.member == member, !life.isKilled else { return }
        lives[member.node]?.isMissed = true
    }

    private func handle(_ event: TransportEvent) throws {
        switch event {
        case .peerUp(let member, let address):
            guard lives[member.node]?.member == member else { return }
            lives[member.node]?.address = address
        case .peerLost(let member):
            miss(member)
        case .message(let message, _, let node):
            if let state = StateMessage.unwrap(message) {
                states[node] = state
            } else if let content = try? ControlMessage(decoding: message) {
                if case .noticed(let member, _) = content { miss(member) }
                if case .failed(let reason) = content, !isEnding {
                    try hearMissedNodes()
                    throw RunError.invalid("\(name(node)): \(reason)")
                }
                inbox.append((node, content, message.body))
            }
        }
    }
}
