import Structures

/// What the structures of all groups hold when nodes begin their first lives: what updates leave that
/// nobody has sent. Nodes that make it for themselves, or for each other, come to the same.
package final class InitialContents {
    private let updates: (_ group: Int) -> [Operation]
    private var made: [Int: (structure: FusibleStructure, changes: UInt64)] = [:]
    private var plain: [Int: any PlainStructure] = [:]

    /// - Parameter updates: those of a group, from 0. One that the structure refuses changes nothing.
    package init(_ updates: @escaping (_ group: Int) -> [Operation]) { self.updates = updates }

    /// A group's structure in the form of a primary, and how many updates have changed it.
    ///
    /// - Complexity: O(updates) the first time
    package func fusible(
        _ group: Int, _ shape: StructureShape
    ) -> (structure: FusibleStructure, changes: UInt64) {
        if let known = made[group] { return known }
        var structure = FusibleStructure(shape)
        var changes: UInt64 = 0
        for operation in updates(group) where (try? structure.apply(operation)) != nil {
            changes += 1
        }
        made[group] = (structure, changes)
        return (structure, changes)
    }

    /// A group's structure in its plain form.
    ///
    /// - Complexity: O(updates) the first time
    package func plain(_ group: Int, _ shape: StructureShape) -> any PlainStructure {
        if let known = plain[group] { return known }
        var structure = shape.makePlain()
        for operation in updates(group) { try? structure.apply(operation) }
        plain[group] = structure
        return structure
    }

    /// The same for groups that count from `first` on.
    package func dropping(_ first: Int) -> InitialContents {
        InitialContents { [self] in updates(first + $0) }
    }
}

/// A mechanism was asked to begin with contents, and does not know how.
package struct NoInitialContents: Error, CustomStringConvertible {
    package init() {}

    package var description: String {
        "this mechanism's structures can only begin empty; workload.preload must be 0"
    }
}
