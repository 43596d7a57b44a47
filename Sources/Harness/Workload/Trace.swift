import Structures

/// The updates of one group, generated from the experiment's seed: the same for every mechanism,
/// and for whoever replays them.
///
/// Kinds are drawn by their weights, positions uniformly over the elements that are there. An
/// operation that needs an element where there is none becomes an append, or an insert at 0 where
/// the mix has no append. Every draw is taken by the operation's number, so that skipping costs the
/// draws of kinds and no values.
package struct Trace: Sendable {
    private let mix: [OperationWeight]
    private let totalWeight: Int
    private let valueBytes: Int
    private let draws: SplitMix64
    private let values: SplitMix64
    private var number: UInt64 = 0

    /// The number of elements after the operations that were taken.
    package private(set) var elementCount = 0

    /// - Parameters:
    ///   - group: counts from 0; each group has updates of its own.
    package init(plan: RunPlan, group: Int) {
        self.init(
            seed: plan.seed, group: group, mix: plan.workload.mix, valueBytes: plan.valueBytes)
    }

    /// - Parameters:
    ///   - mix: some weight of `append` or `insert` must be positive, none negative.
    ///   - valueBytes: the size of every value.
    init(seed: UInt64, group: Int, mix: [OperationWeight], valueBytes: Int) {
        self.mix = mix
        self.valueBytes = valueBytes
        totalWeight = mix.reduce(0) { $0 + $1.weight }
        let group = SplitMix64(seed: seed).child(UInt64(group))
        draws = group.child(0)
        values = group.child(1)
    }

    /// The next operation.
    package mutating func next() -> Operation {
        let value = values.child(number)
        let (kind, position) = draw()
        return Operation(
            kind, at: position, value: kind == .remove ? [] : value.bytes(count: valueBytes))
    }

    /// Goes on as if `count` operations had been taken.
    ///
    /// Complexity: O(count), a few nanoseconds each.
    package mutating func skip(_ count: Int) {
        for _ in 0..<count { _ = draw() }
    }

    /// Updates that leave a structure as empty as it was: pairs of an append and its remove, with
    /// values of their own. They do not depend on the mix, and are the same for all groups.
    package static func warmUp(plan: RunPlan, pairs: Int) -> [Operation] {
        // Groups count from 0, so that this number is none of theirs.
        let values = SplitMix64(seed: plan.seed).child(UInt64.max)
        return (0..<UInt64(pairs)).flatMap { pair in
            [
                Operation(.append, value: values.child(pair).bytes(count: plan.valueBytes)),
                Operation(.remove, at: 0),
            ]
        }
    }

    private mutating func draw() -> (OperationKind, position: UInt32) {
        var kind = drawKind()
        if elementCount == 0, kind == .set || kind == .remove {
            kind = mix.contains { $0.kind == .append && $0.weight > 0 } ? .append : .insert
        }
        let places =
            switch kind {
            case .append: 1
            case .insert: elementCount + 1
            default: elementCount
            }
        let position = draws.number(below: places, at: 2 * number + 1)
        if kind.adds { elementCount += 1 }
        if kind == .remove { elementCount -= 1 }
        number += 1
        return (kind, UInt32(position))
    }

    private func drawKind() -> OperationKind {
        var drawn = draws.number(below: totalWeight, at: 2 * number)
        for entry in mix {
            if drawn < entry.weight { return entry.kind }
            drawn -= entry.weight
        }
        preconditionFailure("the weights of a mix must be positive in sum and none negative")
    }
}
