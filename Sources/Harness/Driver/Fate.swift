import Structures

/// What became of the updates of one group that were in flight when their initiator died: a prefix of
/// them survives and the others never happened, the same way at every node.
struct Fate {
    /// How many of the updates survived.
    var survived: Int
    /// The structure after these.
    var structure: ModelStructure

    /// Finds the prefix by comparing states.
    ///
    /// Where several prefixes lead to the same elements, as an append and its remove do, it is the
    /// longest: to whoever looks they are the same.
    ///
    /// - Parameters:
    ///   - updates: those that had begun and were not acknowledged, in their order.
    ///   - structure: the model after all acknowledged updates.
    ///   - elements: what the group's initiator holds now.
    /// - Returns: nil where no prefix explains the elements: an acknowledged update is lost, or one
    ///   is there that never was.
    /// - Complexity: one comparison of states for each update.
    init?(
        of updates: [Operation], after structure: ModelStructure, elements: [UInt8]
    ) {
        var model = structure
        var found: Fate?
        for count in 0...updates.count {
            // A read changes nothing, nor does an update that the structure refuses.
            if count > 0 { try? model.apply(updates[count - 1]) }
            if model.elements() == elements { found = Fate(survived: count, structure: model) }
        }
        guard let found else { return nil }
        self = found
    }

    private init(survived: Int, structure: ModelStructure) {
        self.survived = survived
        self.structure = structure
    }
}
