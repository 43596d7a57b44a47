import CMalloc
import Foundation
import Roles

/// What the driver asks nodes to do and to tell.
extension Session {
    /// An initiator, as far as it performs the updates of one group.
    struct Performer: Hashable {
        var group: Int
        var node: NodeID
    }

    /// How a performer's part of a batch went.
    struct Performance {
        var records: [UpdateRecord]
        var completions: ControlMessage.Completions
    }

    /// Where a performer was when it halted.
    struct Cut {
        var begun: Int
        /// Blank for updates that were not complete.
        var records: [UpdateRecord]
    }

    /// Has an initiator perform its part of a batch.
    func perform(_ assignment: ControlMessage.Assignment, at node: NodeID) throws {
        try tell(.perform(assignment), to: node)
    }

    /// Waits until what performers were told to perform is complete.
    ///
    /// - Parameter count: how many updates they are in each group; longer batches are given more
    ///   time.
    func performances(
        of performers: [Performer], count: Int
    ) throws -> [Performer: Performance] {
        var performances: [Performer: Performance] = [:]
        try wait(
            for: "\(count) updates of each group", within: seconds(for: count, of: performers)
        ) {
            while let report = take({
                if case .performed(let group, let completions) = $0 {
                    (group: group, completions: completions)
                } else {
                    nil
                }
            }) {
                let performer = Performer(group: report.value.group, node: report.node)
                performances[performer] = Performance(
                    records: try read(report.body, of: report.node),
                    completions: report.value.completions)
            }
            return performers.allSatisfy { performances[$0] != nil } ? () : nil
        }
        return performances
    }

    /// An update that has no schedule takes a fraction of a millisecond; many times that is a hang.
    private func seconds(for count: Int, of performers: [Performer]) -> Double {
        patience + patienceForUpdate * Double(count * Set(performers.map(\.group)).count)
    }

    /// Waits until a performer has begun the update at which other nodes are to crash.
    func began(_ performer: Performer, count: Int) throws {
        try wait(
            for: "the update in which nodes crash", within: seconds(for: count, of: [performer])
        ) {
            take(from: performer.node) {
                if case .begun(performer.group) = $0 { () } else { nil }
            }.map { _ in }
        }
    }

    /// Has initiators hold wherever they are.
    func halt(_ nodes: [NodeID]) throws {
        for node in nodes { try tell(.halt, to: node) }
    }

    /// Waits until initiators hold, and until all that they have sent before has come.
    ///
    /// - Parameters:
    ///   - performers: what these and others perform.
    ///   - count: as in `performances`.
    /// - Returns: of each of the initiators' parts that was not complete, how far it is.
    func cuts(of nodes: [NodeID], _ performers: [Performer], count: Int) throws -> [Performer: Cut]
    {
        var cuts: [Performer: Cut] = [:]
        var unmarked: [(peer: NodeID, sender: NodeID)] = []
        var halted: Set<NodeID> = []
        let seconds = seconds(for: count, of: performers)
        try wait(for: "the update in which \(names(nodes)) crash", within: seconds) {
            while let report = take({
                if case .cut(let group, let begun) = $0 {
                    (group: group, begun: begun)
                } else {
                    nil
                }
            }) {
                cuts[Performer(group: report.value.group, node: report.node)] = Cut(
                    begun: report.value.begun, records: try read(report.body, of: report.node))
            }
            while let report = take({
                if case .halted(let reached) = $0 { reached } else { nil }
            }) {
                halted.insert(report.node)
                unmarked += report.value.map { ($0, report.node) }
            }
            return halted.isSuperset(of: nodes) ? () : nil
        }
        try wait(for: "interrupted updates to arrive") {
            unmarked.removeAll { link in
                take(from: link.peer) {
                    if case .marked(link.sender) = $0 { true } else { nil }
                } != nil
            }
            return unmarked.isEmpty ? () : nil
        }
        for performer in performers
        where nodes.contains(performer.node) && cuts[performer] == nil
            && !hasPerformed(performer)
        {
            // It held before it was told of this batch.
            cuts[performer] = Cut(begun: 0, records: [])
        }
        return cuts
    }

    private func hasPerformed(_ performer: Performer) -> Bool {
        inbox.contains { message in
            guard message.node == performer.node,
                case .performed(performer.group, _) = message.content
            else { return false }
            return true
        }
    }

    /// What nodes have delivered since they were last asked.
    func deliveries(of nodes: [NodeID]) throws -> [NodeID: [Delivery]] {
        for node in nodes { try tell(.tellDeliveries, to: node) }
        var logs: [NodeID: [Delivery]] = [:]
        try wait(for: "what the nodes have delivered") {
            while let report = take({ if case .deliveries = $0 { () } else { nil } }) {
                guard let log = DeliveryLog.read(report.body) else {
                    throw RunError.unjudged(
                        "\(name(report.node)) sent a delivery log that cannot be read")
                }
                logs[report.node] = log
            }
            return logs.count == nodes.count ? () : nil
        }
        return logs
    }

    private func read(_ body: Body?, of node: NodeID) throws -> [UpdateRecord] {
        guard let records = UpdateRecords.read(body) else {
            throw RunError.unjudged("\(name(node)) sent measurements that cannot be read")
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

    /// The status of all nodes when nothing that they have sent for recoveries is on its way any more,
    /// nor anything that would follow from it.
    func settledStatus() throws -> [NodeID: NodeStatus] {
        let nodes = mechanism.nodeIDs
        if try site.settle() { return try status(of: nodes) }
        var statuses = try status(of: nodes)
        while true {
            // Links keep their order: behind the marks, everything that was sent before has come.
            try mark()
            let before = statuses
            statuses = try status(of: nodes)
            if nodes.allSatisfy({
                statuses[$0]?.recoveryMessages == before[$0]?.recoveryMessages
            }) {
                return statuses
            }
        }
    }

    /// Has every node mark what it has sent to its peers, and waits until all marks have come.
    private func mark() throws {
        let nodes = mechanism.nodeIDs.filter { lives[$0]?.isKilled == false }
        var unmarked: Set<Link> = []
        for node in nodes {
            for peer in mechanism.peers(of: node) where lives[peer]?.isKilled == false {
                unmarked.insert(Link(from: node, to: peer))
            }
        }
        for node in nodes { try tell(.markLinks, to: node) }
        try wait(for: "what nodes have sent to arrive") {
            while let report = take({ if case .marked(let sender) = $0 { sender } else { nil } }) {
                unmarked.remove(Link(from: report.value, to: report.node))
            }
            return unmarked.isEmpty ? () : nil
        }
    }

    private struct Link: Hashable {
        var from: NodeID
        var to: NodeID
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
}
