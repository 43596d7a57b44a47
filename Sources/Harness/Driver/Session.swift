import CMalloc
import Foundation
import Roles

/// The nodes of one run, as the driver sees and moves them: started, linked, asked, crashed and
/// brought back. Every step waits for its condition, with a deadline that fails loudly.
final class Session {
    let mechanism: any Mechanism
    let site: any NodeSite
    var lives: [NodeID: Life] = [:]
    var inbox: [(node: NodeID, content: ControlMessage, body: Body?)] = []
    var states: [NodeID: Message] = [:]
    /// Whether the nodes are told to end, so that they may miss each other.
    private(set) var isEnding = false
    /// Seconds for anything that should take milliseconds. It only decides when a hang is called one.
    let patience: Double
    /// Beyond that, seconds for each update.
    var patienceForUpdate = 0.005

    /// The present life of a node.
    struct Life {
        var member: Member
        var process: any RunningNode
        /// Known once the node has said hello.
        var address: String?
        /// Whether its links to all peers that were there stand in both directions.
        var isLinked = false
        var complaint = ""
        /// Whether the driver has killed it, so that its end is no surprise.
        var isKilled = false
        /// Whether somebody has lost the connection to it although it was not killed.
        var isMissed = false
        var isGone = false
    }

    /// - Parameters:
    ///   - mechanism: a plan's, or a test's own.
    ///   - site: where its nodes live.
    ///   - patience: seconds until a hang is called one.
    init(mechanism: any Mechanism, at site: any NodeSite, patience: Double = 30) {
        self.mechanism = mechanism
        self.site = site
        self.patience = patience
    }

    deinit { for life in lives.values { life.process.kill() } }

    // MARK: - Life and death

    /// Starts all nodes and links them.
    func start() throws {
        for node in mechanism.nodeIDs { try launch(Member(node, incarnation: 1)) }
        try wait(for: "all nodes to start") {
            lives.values.allSatisfy { $0.address != nil } ? () : nil
        }
        for node in mechanism.nodeIDs {
            try tell(site.linksFirstLives ? .begin : link(of: node), to: node)
        }
        try wait(for: "all nodes to be linked") {
            lives.values.allSatisfy(\.isLinked) ? () : nil
        }
    }

    private func launch(_ member: Member) throws {
        do {
            lives[member.node] = Life(member: member, process: try site.launch(member))
        } catch {
            throw RunError.unjudged("\(name(member.node)) cannot be started: \(error)")
        }
    }

    /// Has a node connect to its peers.
    ///
    /// - Parameter pause: for a recovery, the first phase in which it may pause.
    private func link(
        of node: NodeID, isRecovery: Bool = false, pause: RecoveryPhase? = nil
    ) -> ControlMessage {
        let peers = mechanism.peers(of: node).compactMap { peer in
            lives[peer].flatMap { life in
                life.isKilled
                    ? nil
                    : life.address.map { ControlMessage.Peer(member: life.member, address: $0) }
            }
        }
        return .link(peers: peers, isRecovery: isRecovery, pause: pause)
    }

    // MARK: - Crash and recovery

    /// When a node was killed, and when the last of its peers had noticed.
    struct Crash {
        var killed: UInt64
        var noticed: UInt64
    }

    /// Kills nodes at once, then waits until they are gone and every peer that is left has noticed.
    ///
    /// - Parameter whenGone: done before the peers are waited for.
    func crash(
        _ nodes: [NodeID], whenGone: () throws -> Void = {}
    ) throws -> [NodeID: Crash] {
        for node in nodes { lives[node]?.isKilled = true }
        var unaware: [Member: Set<NodeID>] = [:]
        for node in nodes {
            guard let member = lives[node]?.member else {
                throw RunError.unjudged("\(name(node)) is not there to be crashed")
            }
            unaware[member] = Set(
                mechanism.peers(of: node).filter { lives[$0]?.isKilled == false })
        }
        var crashes: [NodeID: Crash] = [:]
        for node in nodes {
            let now = site.now()
            lives[node]?.process.kill()
            crashes[node] = Crash(killed: now, noticed: now)
        }
        try wait(for: "the end of \(names(nodes))") {
            nodes.allSatisfy { lives[$0]?.isGone == true } ? () : nil
        }
        try whenGone()
        try wait(for: "the crash of \(names(nodes)) to be noticed") {
            while let report = take({
                if case .noticed(let member, let time) = $0 { (member, time) } else { nil }
            }) {
                let (member, time) = report.value
                guard unaware[member]?.remove(report.node) != nil else { continue }
                let last = crashes[member.node]?.noticed ?? 0
                crashes[member.node]?.noticed = max(last, time)
            }
            return unaware.values.allSatisfy(\.isEmpty) ? () : nil
        }
        return crashes
    }

    /// Starts the next lives of crashed nodes and, once all of them are there, has them recover.
    ///
    /// - Parameter pause: the first phase in which they pause, if they shall.
    func restart(_ nodes: [NodeID], pause: RecoveryPhase? = nil) throws {
        for node in nodes {
            try launch(Member(node, incarnation: incarnation(of: node) + 1))
        }
        try wait(for: "\(names(nodes)) to start again") {
            nodes.allSatisfy { lives[$0]?.address != nil } ? () : nil
        }
        // With the first message a clock starts to run, so all are written before.
        let messages = try nodes.map {
            ($0, try link(of: $0, isRecovery: true, pause: pause).encoded())
        }
        for (node, message) in messages { try send(message, to: node) }
    }

    /// Kills and restarts one node after another, each but the first while the one before it pauses
    /// in its recovery.
    ///
    /// - Parameter pauses: for each node but the last, where it pauses.
    func crashInRecoveries(
        _ nodes: [NodeID], pauses: [RecoveryPhase]
    ) throws -> [NodeID: Crash] {
        var crashes: [NodeID: Crash] = [:]
        for (place, node) in nodes.enumerated() {
            let paused = place > 0 ? nodes[place - 1] : nil
            if let paused {
                // Without both directions of its links it might not notice the next crash.
                try wait(for: "\(name(paused)) to be linked") {
                    lives[paused]?.isLinked == true ? () : nil
                }
                try wait(for: "the recovery of \(name(paused)) to begin") {
                    take { if case .paused = $0 { () } else { nil } }.map { _ in }
                }
            }
            crashes.merge(
                try crash([node]) { if let paused { try tell(.goOn, to: paused) } },
                uniquingKeysWith: { _, last in last })
            try restart([node], pause: place + 1 < nodes.count ? pauses[place] : nil)
        }
        return crashes
    }

    /// Waits until restarted nodes are back in service.
    func recovered(_ nodes: [NodeID]) throws -> [NodeID: RecoveryTimes] {
        var times: [NodeID: RecoveryTimes] = [:]
        func loss() -> RunError {
            let lost = nodes.filter { times[$0] == nil }
            return .invalid(
                "\(names(lost)) \(lost.count == 1 ? "is" : "are") lost: no recovery in "
                    + "\(Int(patience)) s after the crash of \(names(nodes))")
        }
        try wait(for: "the recovery of \(names(nodes))", inVain: loss) {
            while let report = take({
                if case .recovered(let times) = $0 { times } else { nil }
            }) {
                times[report.node] = report.value
            }
            return nodes.allSatisfy { times[$0] != nil && lives[$0]?.isLinked == true } ? () : nil
        }
        return times
    }

    /// What nodes have told of the recoveries that they led, since the last call.
    func logs() -> [(leader: NodeID, log: RecoveryLog)] {
        var logs: [(leader: NodeID, log: RecoveryLog)] = []
        while let report = take({ if case .log(let log) = $0 { log } else { nil } }) {
            logs.append((report.node, report.value))
        }
        return logs
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
}
