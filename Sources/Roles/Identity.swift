/// A node of a topology. The driver, which is not part of any protocol, is number 0; the nodes of a
/// mechanism count from 1 in the order of its topology.
package struct NodeID: RawRepresentable, Hashable, Comparable, Sendable, Codable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }
    package init(_ number: Int) { self.rawValue = UInt16(number) }

    package static let driver = NodeID(0)

    package static func < (left: NodeID, right: NodeID) -> Bool { left.rawValue < right.rawValue }
}

/// How often a node has been started, counting from 1. A crashed node comes back with a higher one.
package typealias Incarnation = UInt32

/// One life of a node.
package struct Member: Hashable, Sendable, Codable {
    package var node: NodeID
    package var incarnation: Incarnation

    package init(_ node: NodeID, incarnation: Incarnation) {
        self.node = node
        self.incarnation = incarnation
    }
}
