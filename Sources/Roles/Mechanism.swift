import Structures

/// A way of keeping backups, for one number of groups and faults: the topology and the roles of its
/// nodes. To add a mechanism, write one of these beside its roles and enter it in the registry.
package protocol Mechanism: Sendable {
    /// All nodes; the one at index i is `NodeID(i + 1)`.
    var nodes: [NodeDescription] { get }

    /// The nodes that `node` exchanges messages with.
    func peers(of node: NodeID) -> [NodeID]

    /// The nodes that start the updates of `group`, which counts from 0; at least one.
    func initiators(of group: Int) -> [NodeID]

    /// Whether the members of a group report each update that they deliver (`Report.delivered`), in
    /// one order, which is the order of the model; and whether an update that is repeated under its
    /// ticket is applied once. Otherwise a group has one initiator, and its order is the model's.
    var ordersUpdates: Bool { get }

    /// The role of a node that begins its life.
    func makeRole(of member: Member) -> any Role

    /// The role of a node in its first life, where structures are not empty at the beginning. It is
    /// as if all updates behind the contents were complete.
    ///
    /// - Throws: `NoInitialContents` where the mechanism does not know how.
    func makeRole(of member: Member, holding contents: InitialContents) throws -> any Role

    /// Compares full states with the model and with each other (DESIGN.md, principle 3).
    ///
    /// - Parameters:
    ///   - snapshots: what `Role.snapshot` gave, of every node that holds data.
    ///   - expected: per group, the structure as the trace leaves it.
    /// - Returns: where the first difference is and what it is, or nil when all is as it must be.
    func firstDifference(
        in snapshots: [NodeID: Message], expected: [ModelStructure]
    ) -> String?

    /// The elements of a group's structure as the group's initiator holds it, in the form of
    /// `PlainStructure.elements`.
    ///
    /// - Parameter snapshot: the initiator's.
    /// - Returns: nil where it cannot be read, or where initiators hold no data.
    func elements(of group: Int, in snapshot: Message) -> [UInt8]?

    /// A message of the mechanism's in words, for people who follow a run.
    ///
    /// - Returns: nil where it is none, or where the mechanism has no words for it.
    func words(for message: Message) -> String?
}

extension Mechanism {
    package var ordersUpdates: Bool { false }

    package func makeRole(
        of member: Member, holding contents: InitialContents
    ) throws -> any Role {
        throw NoInitialContents()
    }

    package func elements(of group: Int, in snapshot: Message) -> [UInt8]? { nil }

    package func words(for message: Message) -> String? { nil }

    /// The first of a group's initiators.
    package func initiator(of group: Int) -> NodeID { initiators(of: group)[0] }
}

/// A node of a topology.
package struct NodeDescription: Sendable, Equatable {
    package enum Kind: String, Sendable, Codable {
        case primary
        case backup
        case replica
        case manager
        /// Starts updates, and holds none of the data.
        case sender
        /// Hosts nodes of several clusters.
        case server
    }

    /// Unique in the topology, for example `primary-1`.
    package var name: String
    package var kind: Kind
    /// The group whose structure the node holds, from 0; none for fused backups and managers.
    package var group: Int?

    /// Whether the node holds elements or codes, so that a crash loses some.
    package var holdsData: Bool
    /// Whether the mechanism can bring the node back after a crash.
    package var isCrashable: Bool

    /// A node of one mechanism. Managers and senders hold no data.
    package init(name: String, kind: Kind, group: Int?) {
        self.name = name
        self.kind = kind
        self.group = group
        holdsData = kind != .manager && kind != .sender
        isCrashable = true
    }

    /// A server, which is what its residents are together.
    package init(server number: Int, residents: [NodeDescription]) {
        name = "server-\(number)"
        kind = .server
        group = nil
        holdsData = residents.contains(where: \.holdsData)
        isCrashable = residents.allSatisfy(\.isCrashable)
    }
}

extension Mechanism {
    package func description(of node: NodeID) -> NodeDescription {
        nodes[Int(node.rawValue) - 1]
    }

    package var nodeIDs: [NodeID] { nodes.indices.map { NodeID($0 + 1) } }

    package func node(named name: String) -> NodeID? {
        nodes.firstIndex { $0.name == name }.map { NodeID($0 + 1) }
    }
}
