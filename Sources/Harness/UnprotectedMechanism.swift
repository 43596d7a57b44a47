import Roles
import Structures

/// The control `none`: structures without backups. What an update costs here is what the structure
/// and the harness cost; a crash loses everything.
package struct UnprotectedMechanism: Mechanism {
    private let shape: StructureShape
    package let nodes: [NodeDescription]

    package init(groups: Int, shape: StructureShape) {
        self.shape = shape
        nodes = (0..<groups).map {
            NodeDescription(name: "primary-\($0 + 1)", kind: .primary, group: $0)
        }
    }

    package func peers(of node: NodeID) -> [NodeID] { [] }

    package func initiators(of group: Int) -> [NodeID] { [NodeID(group + 1)] }

    package func makeRole(of member: Member) -> any Role {
        UnprotectedStructure(structure: shape.makePlain())
    }

    package func makeRole(of member: Member, holding contents: InitialContents) -> any Role {
        UnprotectedStructure(
            structure: contents.plain(Int(member.node.rawValue) - 1, shape))
    }

    package func firstDifference(
        in snapshots: [NodeID: Message], expected: [ModelStructure]
    ) -> String? {
        for (group, model) in expected.enumerated() {
            if let difference = Difference.first(
                between: snapshots[NodeID(group + 1)], and: model)
            {
                return "\(nodes[group].name): \(difference)"
            }
        }
        return nil
    }
}

/// A structure that nobody backs up: every update and read is complete at once.
struct UnprotectedStructure: Role {
    var structure: any PlainStructure

    var elementCount: Int { structure.count }

    var ledger: Ledger {
        structure.ledger + Ledger(protocolState: MemoryLayout<UnprotectedStructure>.size)
    }

    func snapshot() -> Message { structure.snapshot() }

    mutating func handle(_ event: Event, into effects: inout [Effect]) {
        switch event {
        case .update(let group, let ticket, let operation):
            do {
                effects.append(
                    .report(try perform(operation, group: group, ticket: ticket)))
            } catch {
                effects.append(
                    .report(
                        .updateRefused(group: group, ticket: ticket, reason: "\(error)")))
            }
        case .message:
            effects.append(.report(.malformed))
        case .start, .peerLost, .proceed, .idle:
            break
        }
    }

    private mutating func perform(
        _ operation: Operation, group: Int, ticket: UInt64
    ) throws(StructureError) -> Report {
        if operation.kind.isRead {
            return .readCompleted(
                group: group, ticket: ticket, value: try structure.read(operation), messages: 0,
                bytes: 0)
        }
        try structure.apply(operation)
        return .updateCompleted(group: group, ticket: ticket, messages: 0, bytes: 0)
    }
}
