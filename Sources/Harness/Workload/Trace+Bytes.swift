import Simulation
import Structures

/// The bytes of operations.
extension Trace {
    /// The values that belong to numbers.
    struct Values: Sendable {
        private let sizes: SizeDrawer
        private let values: SplitMix64
        private let elements: SplitMix64

        init(_ plan: RunPlan, _ generator: SplitMix64) {
            sizes = SizeDrawer(plan.valueBytes)
            values = generator
            elements = generator.child(.max)
        }

        /// The value of an operation.
        ///
        /// - Parameter size: where it shall not be one of the workload's.
        func value(_ number: UInt64, size: Int? = nil) -> [UInt8] {
            let own = values.child(number)
            return own.bytes(count: size ?? sizes.size(own, at: .max))
        }

        /// The element of a set that stands for a key: the key's bytes, the lowest first, and after
        /// the eighth, bytes of its own.
        func element(_ key: Int) -> [UInt8] {
            let own = elements.child(UInt64(key))
            var bytes = own.bytes(count: sizes.size(own, at: .max))
            withUnsafeBytes(of: UInt64(key).littleEndian) { number in
                for index in 0..<min(number.count, bytes.count) { bytes[index] = number[index] }
            }
            return bytes
        }
    }

    func operation(_ choice: Choice, _ number: UInt64, _ values: Values) -> Operation {
        let size = choice.fault == .size ? wrongSize(number) : nil
        if choice.kind == .readAll { return Operation(.readAll) }
        if structure.keys == .element {
            let element = size.map { values.value(number, size: $0) } ?? values.element(choice.key)
            return Operation(choice.kind, key: element)
        }
        return Operation(
            choice.kind, at: UInt32(choice.position),
            key: choice.kind.hasKey(in: structure) ? structure.bytes(ofKey: choice.key) : [],
            value: choice.kind.bringsValue ? values.value(number, size: size) : [])
    }

    /// Updates that leave a structure as empty as it was: pairs of an operation that adds and one
    /// that removes, with values of their own. They do not depend on the mix, and are the same for
    /// all groups.
    package static func warmUp(plan: RunPlan, pairs: Int) -> [Operation] {
        // Groups count from 0, so that this number is none of theirs.
        let values = Values(plan, SplitMix64(seed: plan.seed).child(.max))
        let trace = Trace(plan: plan, group: 0)
        let adding = plan.structure.operations.first(where: \.adds)!
        let space = warmUpKeys(of: plan)
        return (0..<pairs).flatMap { pair in
            [adding, trace.opposite(of: adding)].map { kind in
                trace.operation(Choice(kind: kind, key: pair % space), UInt64(pair), values)
            }
        }
    }

    /// After how many pairs the keys of a warm-up come again.
    static func warmUpKeys(of plan: RunPlan) -> Int { plan.keyLimit ?? plan.workload.keys.space }
}

extension StructureKind {
    /// The bytes of the key that a number stands for, for structures of integer or string keys.
    fileprivate func bytes(ofKey key: Int) -> [UInt8] {
        keys == .string ? Array("user\(key)".utf8) : IntegerKey.bytes(Int64(key))
    }
}

extension OperationKind {
    fileprivate func hasKey(in structure: StructureKind) -> Bool {
        structure.hasDifferentKeys || structure == .priorityQueue && adds
    }

    fileprivate var bringsValue: Bool { adds || self == .set }
}
