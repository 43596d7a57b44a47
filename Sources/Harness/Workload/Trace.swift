import Simulation
import Structures

/// The updates and reads of one group, generated from the experiment's seed: the same for every mechanism,
/// and for whoever replays them.
///
/// - Kinds are drawn by their weights, positions and keys by their distributions.
/// - An operation that needs an element where there is none becomes its opposite: see
///   `opposite(of:)`. A removal or a read by key is always of a key that is there. A read counts as
///   an operation that needs an element, even one of all.
/// - With a target size N, every operation that adds nothing becomes its opposite until the
///   structure has N elements for the first time. From then on one becomes its opposite if the
///   number of elements would leave N by more than a hundredth of N, or by more than 1 where that is
///   less. Reads, which change no number, then stay reads.
/// - Operations that must be refused change nothing, and take no part in the rules above.
///
/// The draws of an operation go by its number, so that values, which decide nothing, need no time
/// when operations are skipped.
package struct Trace: Sendable {
    let structure: StructureKind
    let valueBytes: ValueSizes
    let mix: [OperationWeight]
    let mixWeight: Int
    let invalidWeight: Int
    var target: Target?
    private let values: Values
    /// Two outputs for each operation: of its kind, and of its position or key.
    let draws: SplitMix64
    /// A generator for each operation that needs more.
    let others: SplitMix64
    var positions: PositionDrawer
    /// Tells which keys are there; of priorities, which may be equal, it is not told.
    var keys: KeyDrawer

    /// The number of the next operation.
    var number: UInt64 = 0

    /// The number of elements after the operations that were taken.
    package internal(set) var elementCount = 0

    /// Whether the operation that was taken last must be refused.
    package internal(set) var mustBeRefused = false

    /// The elements that a structure shall have.
    struct Target {
        var allowed: ClosedRange<Int>
        var size: Int
        var isReached = false

        init(_ size: Int) {
            let band = max(1, size / 100)
            allowed = size - band...size + band
            self.size = size
        }
    }

    /// An operation, all but its bytes.
    struct Choice {
        var kind: OperationKind
        var position = 0
        var key = 0
        var fault: Fault?
    }

    /// - Parameters:
    ///   - plan: of its mix, some operation must add an element unless there is a target size; the
    ///     target size must not be above the plan's `keyLimit`.
    ///   - group: counts from 0; each group has updates of its own.
    package init(plan run: RunPlan, group: Int) {
        let plan = run.part(of: group)
        let workload = plan.workload
        structure = plan.structure
        valueBytes = plan.valueBytes
        mix = workload.mix
        mixWeight = mix.reduce(0) { $0 + $1.weight }
        invalidWeight = workload.invalid
        target = workload.targetSize.map(Target.init)
        let group = SplitMix64(seed: plan.seed).child(UInt64(group))
        draws = group.child(0)
        others = group.child(2)
        values = Values(plan, group.child(1))
        positions = PositionDrawer(workload.positions)
        keys = KeyDrawer(
            KeyPlan(
                space: plan.keyLimit ?? workload.keys.space,
                distribution: workload.keys.distribution))
    }

    /// The next operation.
    package mutating func next() -> Operation {
        let number = number
        let choice = choose()
        return operation(choice, number, values)
    }

    /// Goes on as if `count` operations had been taken.
    ///
    /// - Complexity: O(count): tens of nanoseconds each, some hundred where there are keys.
    package mutating func skip(_ count: Int) {
        for _ in 0..<count { _ = choose() }
    }
}
