import Roles

/// What is told of the crash and recovery of one set of nodes to people who follow it. As JSON it is
/// one line of `recoveries.jsonl`.
struct RecoveryAccount: Encodable {
    var run: Int
    var round: Int
    /// As in `recovery.csv`.
    var operations: Int
    var moment: String
    var nodes: [Node]
    /// What the nodes that led the recovery had and made of it; several where it started anew.
    var attempts: [Attempt]
    var verified: Bool
    /// Why it is not verified.
    var difference: String?

    /// A node of the set; as in `recovery.csv`.
    struct Node: Encodable {
        var node: String
        var incarnation: Int
        var elements: Int
        var reached: Int?
        var unacknowledged: Int?
        var survived: Int?
        var detectNs: Int
        var quiesceNs: Int
        var collectNs: Int
        var decodeNs: Int
        var installNs: Int
        var resumeNs: Int
        var recoveryNs: Int
        var restartNs: Int
    }

    /// A `RecoveryLog` with names and readable bytes.
    struct Attempt: Encodable {
        var leader: String
        var failed: [String]
        var primaryData: [Holding]
        var auxiliaryData: [Slots]
        var codes: [Holding]
        var restored: [Holding]
    }

    struct Holding: Encodable {
        var node: String
        var sequences: [UInt64]
        var elements: Int
        /// The first bytes of the first ones, in hexadecimal.
        var firstCells: [String]
    }

    struct Slots: Encodable {
        var node: String
        var firstSlots: [Int]
    }
}

extension RecoveryAccount.Node {
    init(_ row: RecoveryRow) {
        self.init(
            node: row.node, incarnation: row.incarnation, elements: row.elements,
            reached: row.reached, unacknowledged: row.unacknowledged, survived: row.survived,
            detectNs: row.detectNs, quiesceNs: row.quiesceNs, collectNs: row.collectNs,
            decodeNs: row.decodeNs, installNs: row.installNs, resumeNs: row.resumeNs,
            recoveryNs: row.recoveryNs, restartNs: row.restartNs)
    }
}

extension RecoveryAccount.Attempt {
    init(_ log: RecoveryLog, by leader: NodeID, name: (NodeID) -> String) {
        func holdings(_ holdings: [RecoveryLog.Holding]) -> [RecoveryAccount.Holding] {
            holdings.map { holding in
                RecoveryAccount.Holding(
                    node: name(holding.node), sequences: holding.sequences,
                    elements: holding.elements,
                    firstCells: holding.firstCells.map(Difference.hexadecimal))
            }
        }
        self.init(
            leader: name(leader), failed: log.failed.map(name), primaryData: holdings(log.cells),
            auxiliaryData: log.slots.map { .init(node: name($0.node), firstSlots: $0.firstSlots) },
            codes: holdings(log.codes), restored: holdings(log.restored))
    }
}
