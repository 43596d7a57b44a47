import Roles

/// What each node of a run used in each phase, from looks at the nodes' counters between the phases.
struct ResourceMeter {
    enum Phase: String, CaseIterable {
        case warmUp = "warm-up"
        case updates
        case recovery
    }

    private struct Key: Hashable {
        var node: NodeID
        var phase: Phase
    }

    private var looks: [NodeID: (incarnation: Incarnation, status: NodeStatus)] = [:]
    private var sums: [Key: ResourceRow] = [:]

    /// Takes the nodes' counters, which have counted from zero in each of their lives.
    ///
    /// - Parameters:
    ///   - phase: what the time since the last look belongs to; nil where nothing of it counts.
    ///   - isProof: whether the nodes have worked for the harness since: only messages of their roles
    ///     count then.
    mutating func take(
        _ statuses: [NodeID: NodeStatus], incarnation: (NodeID) -> Incarnation, phase: Phase?,
        isProof: Bool = false
    ) {
        for (node, status) in statuses {
            let life = incarnation(node)
            let before = looks[node].flatMap { $0.incarnation == life ? $0.status : nil }
            looks[node] = (life, status)
            guard let phase else { continue }
            let key = Key(node: node, phase: phase)
            var row = sums[key] ?? ResourceRow()
            row.messagesSent += status.sent.messages - (before?.sent.messages ?? 0)
            row.bytesSent += status.sent.bytes - (before?.sent.bytes ?? 0)
            row.messagesReceived += status.received.messages - (before?.received.messages ?? 0)
            row.bytesReceived += status.received.bytes - (before?.received.bytes ?? 0)
            if !isProof {
                row.takeLevels(of: status)
                row.addUse(of: status.usage, since: before?.usage)
            }
            sums[key] = row
        }
    }

    /// The rows of a run, node by node.
    ///
    /// - Parameter number: of the run.
    func rows(run number: Int, of mechanism: any Mechanism) -> [ResourceRow] {
        mechanism.nodeIDs.flatMap { node in
            Phase.allCases.compactMap { phase in
                guard var row = sums[Key(node: node, phase: phase)] else { return nil }
                let description = mechanism.description(of: node)
                row.run = number
                row.node = description.name
                row.role = description.kind.rawValue
                row.group = description.group.map { $0 + 1 }
                row.phase = phase.rawValue
                return row
            }
        }
    }
}

extension ResourceRow {
    fileprivate mutating func takeLevels(of status: NodeStatus) {
        accountedBytes = status.ledger.total
        mallocBytes = status.usage?.mallocBytes
        mallocArenaBytes = status.usage?.mallocArenaBytes
        residentBytes = status.usage?.residentBytes
        proportionalBytes = status.usage?.proportionalBytes
        recordingBytes = status.recordingBytes ?? recordingBytes
        let known = processors.split(separator: " ").compactMap { Int($0) }
        processors = Set(known + (status.usage?.processors ?? [])).sorted().map(String.init)
            .joined(separator: " ")
    }

    fileprivate mutating func addUse(of usage: ProcessUsage?, since before: ProcessUsage?) {
        guard let usage else { return }
        userNs = (userNs ?? 0) + usage.userNs - (before?.userNs ?? 0)
        systemNs = (systemNs ?? 0) + usage.systemNs - (before?.systemNs ?? 0)
        voluntarySwitches =
            (voluntarySwitches ?? 0) + usage.voluntarySwitches - (before?.voluntarySwitches ?? 0)
        involuntarySwitches =
            (involuntarySwitches ?? 0) + usage.involuntarySwitches
            - (before?.involuntarySwitches ?? 0)
    }
}
