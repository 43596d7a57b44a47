import Simulation
import Structures

/// Operations that a structure must refuse.
extension Trace {
    /// What is wrong with an operation.
    enum Fault {
        /// There is no such position.
        case position
        /// There is no such key.
        case key
        /// There is nothing to take.
        case empty
        /// The element has a size that the structure does not take.
        case size
    }

    /// An operation with one fault: drawn uniformly from the faults that the structure can be
    /// offered as it is now, then from its operations that can have the fault, whatever the mix;
    /// `read` is among them where the mix has it.
    func invalidChoice(_ draws: SplitMix64) -> Choice {
        var faults = [Fault.size]
        if structure == .list { faults.append(.position) }
        // Where nearly all keys are there, none that is missing may be found.
        let missingKey =
            structure.hasDifferentKeys
            ? keys.absentKey(draws.child(0), attempts: 64) : nil
        if missingKey != nil { faults.append(.key) }
        if structure != .list, !structure.hasDifferentKeys, elementCount == 0 {
            faults.append(.empty)
        }
        let fault = faults[draws.number(below: faults.count, at: 0)]
        let reads = mix.map(\.kind).filter { $0 == .read }
        let kinds = (structure.operations + reads).filter { kind in
            switch fault {
            case .position: kind.hasPosition(in: structure)
            case .key, .empty: kind.removes || kind == .read
            case .size: kind.adds || kind == .set && elementCount > 0
            }
        }
        var choice = Choice(kind: kinds[draws.number(below: kinds.count, at: 1)], fault: fault)
        switch fault {
        case .position:
            let limit = choice.kind == .insert ? elementCount + 1 : elementCount
            choice.position = limit + draws.number(below: 16, at: 2)
        case .key: choice.key = missingKey!
        case .empty: break
        case .size:
            if choice.kind.hasPosition(in: structure) {
                choice.position = draws.number(below: max(1, elementCount), at: 2)
            }
            choice.key = draws.number(below: keys.plan.space, at: 3)
        }
        return choice
    }

    /// A number of bytes that no value may have: one more than the largest, or where all have one
    /// size and a draw says so, one less.
    func wrongSize(_ number: UInt64) -> Int {
        guard case .fixed(let bytes) = valueBytes, bytes > 1, others.child(number)[4] % 2 == 1
        else { return valueBytes.size.limit + 1 }
        return bytes - 1
    }
}
