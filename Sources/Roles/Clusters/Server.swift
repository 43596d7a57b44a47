import Structures

/// A server's node: the roles of all clusters that have a node there, each of which sees only its
/// own cluster. The first two bytes of every message are the cluster's number.
struct Server: Role {
    /// A cluster's role on this server.
    struct Tenant {
        let cluster: Int
        /// The cluster's groups among all.
        let firstGroup: Int
        let groups: Int
        /// In the cluster's own numbers.
        let peers: [NodeID]
        var role: any Role
        /// How far the tenant's recovery is; nil before it begins.
        var phase: RecoveryPhase?
        var isRecovered = false

        init(cluster: Int, firstGroup: Int, groups: Int, peers: [NodeID], role: any Role) {
            self.cluster = cluster
            self.firstGroup = firstGroup
            self.groups = groups
            self.peers = peers
            self.role = role
        }
    }

    private var tenants: [Tenant]
    private let placement: ClusterPlacement
    /// Who has asked for the next `proceed`, as indexes of tenants.
    private var proceeding = Queue<Int>()
    /// The last phase that all tenants have reached.
    private var phase: RecoveryPhase?

    init(tenants: [Tenant], placement: ClusterPlacement) {
        self.tenants = tenants
        self.placement = placement
    }

    var ledger: Ledger {
        tenants.map(\.role.ledger).reduce(Ledger(), +)
            + Ledger(
                protocolState: MemoryLayout<Server>.size
                    + tenants.allocatedBytes + proceeding.capacityBytes)
    }

    var elementCount: Int { tenants.reduce(0) { $0 + $1.role.elementCount } }

    mutating func handle(_ event: Event, into effects: inout [Effect]) {
        switch event {
        case .start(let start):
            for index in tenants.indices {
                let peers = tenants[index].peers.filter {
                    start.peers.contains(server(of: $0, index))
                }
                tell(index, .start(Start(start.kind, peers: peers)), into: &effects)
            }
        case .message(let message, let server):
            receive(message, from: server, into: &effects)
        case .peerLost(let server):
            for index in tenants.indices {
                guard let node = placement.node(of: tenants[index].cluster, on: server),
                    tenants[index].peers.contains(node)
                else { continue }
                tell(index, .peerLost(node), into: &effects)
            }
        case .update(let group, let ticket, let operation):
            let tenant = tenants.firstIndex {
                $0.firstGroup..<$0.firstGroup + $0.groups ~= group
            }
            guard let tenant else {
                return effects.append(
                    .report(.failed("group \(group + 1) does not start its updates here")))
            }
            tell(
                tenant,
                .update(
                    group: group - tenants[tenant].firstGroup, ticket: ticket, operation),
                into: &effects)
        case .proceed:
            if let tenant = proceeding.popFirst() { tell(tenant, .proceed, into: &effects) }
        case .idle:
            for index in tenants.indices { tell(index, .idle, into: &effects) }
        }
    }

    private mutating func receive(
        _ message: Message, from server: NodeID, into effects: inout [Effect]
    ) {
        guard let (cluster, own) = Self.opened(message),
            let tenant = tenants.firstIndex(where: { $0.cluster == cluster }),
            let node = placement.node(of: cluster, on: server)
        else { return effects.append(.report(.malformed)) }
        tell(tenant, .message(own, from: node), into: &effects)
    }

    /// The cluster that a message is for, and the message as its roles know it.
    static func opened(_ message: Message) -> (cluster: Int, own: Message)? {
        guard message.head.count >= 2 else { return nil }
        return (
            Int(message.head[0]) | Int(message.head[1]) << 8,
            Message(head: Array(message.head.dropFirst(2)), body: message.body)
        )
    }

    private func server(of node: NodeID, _ tenant: Int) -> NodeID {
        placement.server(
            of: ClusterPlacement.Resident(cluster: tenants[tenant].cluster, node: node))
    }
}

// MARK: - A tenant's effects

extension Server {
    private mutating func tell(_ tenant: Int, _ event: Event, into effects: inout [Effect]) {
        var asked: [Effect] = []
        tenants[tenant].role.handle(event, into: &asked)
        for effect in asked {
            switch effect {
            case .send(let message, let node, let purpose):
                let number = UInt16(tenants[tenant].cluster)
                let head = [UInt8(truncatingIfNeeded: number), UInt8(number >> 8)] + message.head
                effects.append(
                    .send(
                        Message(head: head, body: message.body), to: server(of: node, tenant),
                        purpose))
            case .proceed:
                proceeding.append(tenant)
                effects.append(.proceed)
            case .report(let report):
                pass(report, of: tenant, into: &effects)
            }
        }
    }

    private mutating func pass(
        _ report: Report, of tenant: Int, into effects: inout [Effect]
    ) {
        let firstGroup = tenants[tenant].firstGroup
        switch report {
        case .updateCompleted(let group, let ticket, let messages, let bytes):
            effects.append(
                .report(
                    .updateCompleted(
                        group: firstGroup + group, ticket: ticket, messages: messages,
                        bytes: bytes)))
        case .updateRefused(let group, let ticket, let reason):
            effects.append(
                .report(
                    .updateRefused(group: firstGroup + group, ticket: ticket, reason: reason)))
        case .step(let group, let ticket, let step):
            effects.append(.report(.step(group: firstGroup + group, ticket: ticket, step)))
        case .readCompleted(let group, let ticket, let value, let messages, let bytes):
            effects.append(
                .report(
                    .readCompleted(
                        group: firstGroup + group, ticket: ticket, value: value,
                        messages: messages, bytes: bytes)))
        case .held(let group, let sender, let ticket):
            effects.append(
                .report(
                    .held(
                        group: firstGroup + group, sender: server(of: sender, tenant),
                        ticket: ticket)))
        case .delivered(let group, let sender, let ticket):
            effects.append(
                .report(
                    .delivered(
                        group: firstGroup + group, sender: server(of: sender, tenant),
                        ticket: ticket)))
        case .entered(let group, let view, let members):
            effects.append(
                .report(
                    .entered(
                        group: firstGroup + group, view: view,
                        members: members.map { server(of: $0, tenant) })))
        case .phase(let phase):
            tenants[tenant].phase = phase
            reportPhases(into: &effects)
        case .recovered:
            tenants[tenant].isRecovered = true
            reportPhases(into: &effects)
            if tenants.allSatisfy(\.isRecovered) { effects.append(.report(.recovered)) }
        case .failed(let reason):
            effects.append(
                .report(.failed("cluster \(tenants[tenant].cluster + 1): \(reason)")))
        case .malformed:
            effects.append(.report(.malformed))
        case .log(var log):
            log.rename { server(of: $0, tenant) }
            log.cluster = tenants[tenant].cluster + 1
            effects.append(.report(.log(log)))
        }
    }

    /// The server is in a phase once its last tenant is.
    private mutating func reportPhases(into effects: inout [Effect]) {
        let reached = tenants.map { tenant in
            tenant.isRecovered ? RecoveryPhase.resume.rawValue + 1 : tenant.phase?.rawValue ?? 0
        }.min()
        guard let reached, tenants.allSatisfy({ $0.isRecovered || $0.phase != nil }) else { return }
        let next = phase.map { $0.rawValue + 1 } ?? 0
        for case let entered? in (next..<max(next, reached + 1)).map(RecoveryPhase.init(rawValue:))
        {
            phase = entered
            effects.append(.report(.phase(entered)))
        }
    }
}

// MARK: - State

extension Server {
    /// The states of all tenants: per tenant the head behind its count and the length of its body;
    /// the bodies stand one behind the other.
    func snapshot() -> Message {
        var writer = ByteWriter()
        var bodies: [UInt8] = []
        for tenant in tenants {
            let part = tenant.role.snapshot()
            writer.write(counted: part.head)
            writer.write(UInt64(part.body?.count ?? 0))
            if let body = part.body { bodies += body.bytes }
        }
        return Message(head: writer.bytes, body: Body(copying: bodies))
    }

    static func parts(of snapshot: Message) throws(MalformedMessage) -> [Message] {
        var reader = ByteReader(snapshot.head)
        var parts: [Message] = []
        var offset = 0
        while reader.remaining > 0 {
            let head = try reader.readCounted()
            let count = Int(try reader.readCounter())
            guard let body = snapshot.body, body.count - offset >= count else {
                throw MalformedMessage()
            }
            parts.append(
                Message(
                    head: head,
                    body: Body(
                        bytes: UnsafeRawBufferPointer(
                            rebasing: body.bytes[offset..<offset + count]),
                        owner: body.owner)))
            offset += count
        }
        return parts
    }
}
