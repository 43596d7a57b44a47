/// What the node that leads a recovery had and what it made of it, for people who follow one.
package struct RecoveryLog: Codable, Sendable, Equatable {
    /// The cells of a primary, or the code words of a backup.
    package struct Holding: Codable, Sendable, Equatable {
        package var node: NodeID
        /// The last updates that it stands for: a primary's own; of a backup's codes those of the
        /// lost primaries, in the order of `slots`, or, where it was restored, of all primaries.
        package var sequences: [UInt64]
        package var elements: Int
        /// The first bytes of the first cells.
        package var firstCells: [[UInt8]]

        package init(
            node: NodeID, sequences: [UInt64], elements: Int, firstCells: [[UInt8]]
        ) {
            self.node = node
            self.sequences = sequences
            self.elements = elements
            self.firstCells = firstCells
        }
    }

    /// Where the first elements of a lost primary stand, from a backup's auxiliary index.
    package struct Slots: Codable, Sendable, Equatable {
        package var node: NodeID
        package var firstSlots: [Int]

        package init(node: NodeID, firstSlots: [Int]) {
            self.node = node
            self.firstSlots = firstSlots
        }
    }

    /// At most so many cells of a holding, and slots of a primary, are in a log.
    package static let cellLimit = 8
    /// At most so many bytes of a cell are in a log.
    package static let cellByteLimit = 16

    /// Which of several clusters on the same servers this is, from 1; nil where there is only one.
    package var cluster: Int?
    /// All nodes that did not serve, those included that have not come back.
    package var failed: [NodeID]
    /// The survivors' cells that were used.
    package var cells: [Holding]
    /// The survivors' codes that were used.
    package var codes: [Holding]
    /// Of each lost primary.
    package var slots: [Slots]
    /// The nodes that get their state back.
    package var restored: [Holding]

    package init(
        failed: [NodeID], cells: [Holding], codes: [Holding], slots: [Slots], restored: [Holding]
    ) {
        self.failed = failed
        self.cells = cells
        self.codes = codes
        self.slots = slots
        self.restored = restored
    }

    /// Gives every node another number.
    mutating func rename(_ name: (NodeID) -> NodeID) {
        failed = failed.map(name)
        for index in cells.indices { cells[index].node = name(cells[index].node) }
        for index in codes.indices { codes[index].node = name(codes[index].node) }
        for index in slots.indices { slots[index].node = name(slots[index].node) }
        for index in restored.indices { restored[index].node = name(restored[index].node) }
    }
}
