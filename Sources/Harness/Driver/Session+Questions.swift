import CMalloc
import Foundation
import Roles

/// What the driver asks nodes to do and to tell.
extension Session {
    /// How a group's batch of updates went.
    struct Performance {
        var records: [UpdateRecord]
        var completions: ControlMessage.Completions
    }

    /// Where a batch was interrupted.
    struct Stop {
        /// The updates that had begun, blank where they were not complete; nil where the group's
        /// initiator goes on.
        var begun: [UpdateRecord]?
    }

    /// Has a group's initiator perform updates.
    func perform(
        _ batch: ControlMessage.Batch, group: Int,
        interruption: ControlMessage.Interruption? = nil
    ) throws {
        try tell(.perform(group: group, batch, interruption), to: mechanism.initiator(of: group))
    }

    /// Waits until the updates that groups were told to perform are complete.
    ///
    /// - Parameter count: how many they are in each group; longer batches are given more time.
    func performances(of groups: [Int], count: Int) throws -> [Int: Performance] {
        var performances: [Int: Performance] = [:]
        // An update takes a fraction of a millisecond; many times that is a hang.
        let seconds = patience + 0.005 * Double(count * groups.count)
        try wait(for: "\(count) updates of each group", within: seconds) {
            while let report = take({
                if case .performed(let group, let completions) = $0 {
                    (group: group, completions: completions)
                } else {
                    nil
                }
            }) {
                performances[report.value.group] = Performance(
                    records: try read(report.body, of: report.node),
                    completions: report.value.completions)
            }
            return groups.allSatisfy { performances[$0] != nil } ? () : nil
        }
        return performances
    }

    /// Waits until the batches of `groups` are where they were to be interrupted, and until all
    /// that their initiators have sent before has come.
    func stops(of groups: [Int], count: Int) throws -> [Int: Stop] {
        var stops: [Int: Stop] = [:]
        var unmarked: [(peer: NodeID, sender: NodeID)] = []
        let seconds = patience + 0.005 * Double(count * groups.count)
        try wait(for: "the update in which nodes crash", within: seconds) {
            while let report = take({
                if case .begun(let group) = $0 { group } else { nil }
            }) {
                stops[report.value] = Stop(begun: nil)
            }
            while let report = take({
                if case .cut(let group, let begun, let reached) = $0 {
                    (group: group, begun: begun, reached: reached)
                } else {
                    nil
                }
            }) {
                let records = try read(report.body, of: report.node)
                stops[report.value.group] = Stop(begun: Array(records.prefix(report.value.begun)))
                unmarked += report.value.reached.map { ($0, report.node) }
            }
            return groups.allSatisfy { stops[$0] != nil } ? () : nil
        }
        try wait(for: "interrupted updates to arrive") {
            unmarked.removeAll { link in
                take(from: link.peer) {
                    if case .marked(link.sender) = $0 { true } else { nil }
                } != nil
            }
            return unmarked.isEmpty ? () : nil
        }
        return stops
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
