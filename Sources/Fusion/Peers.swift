import Roles

/// What a node knows of all others.
struct Peers {
    enum Standing: Equatable {
        /// It is not there.
        case gone
        /// It is there and has not answered this node, which recovers.
        case unknown
        case serving
        /// It has to get its state back; no update may begin. `isAnswered` says whether it has been
        /// told that this node has come to a halt.
        case recovering(isAnswered: Bool)

        var isRecovering: Bool {
            if case .recovering = self { true } else { false }
        }
    }

    /// By node number, from 1.
    private var standings: [Standing]
    /// How many recover. Changes are rare, while every update asks.
    private var recoveringCount = 0
    private var unknownCount = 0

    /// - Parameter count: how many nodes there are, this one included.
    init(count: Int) { standings = Array(repeating: .gone, count: count) }

    /// Of a node of the topology; this node itself counts as gone.
    subscript(node: NodeID) -> Standing {
        get { standings[Int(node.rawValue) - 1] }
        set {
            count(standings[Int(node.rawValue) - 1], -1)
            standings[Int(node.rawValue) - 1] = newValue
            count(newValue, 1)
        }
    }

    private mutating func count(_ standing: Standing, _ change: Int) {
        switch standing {
        case .gone, .serving: break
        case .unknown: unknownCount += change
        case .recovering: recoveringCount += change
        }
    }

    var areAllServing: Bool { recoveringCount == 0 && unknownCount == 0 }

    /// The nodes of which a condition holds, in the order of their numbers.
    func nodes(where condition: (Standing) -> Bool) -> [NodeID] {
        standings.indices.filter { condition(standings[$0]) }.map { NodeID($0 + 1) }
    }

    var up: [NodeID] { nodes { $0 != .gone } }

    var recovering: [NodeID] { nodes(where: \.isRecovering) }

    var haveAllAnswered: Bool { unknownCount == 0 }

    var allocatedBytes: Int { standings.count * MemoryLayout<Standing>.stride }
}
