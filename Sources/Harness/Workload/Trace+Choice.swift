import Structures

/// What comes next.
extension Trace {
    mutating func choose() -> Choice {
        let drawn = draws.number(below: mixWeight + invalidWeight, at: 2 * number)
        defer { number += 1 }
        mustBeRefused = drawn >= mixWeight
        if mustBeRefused { return invalidChoice(others.child(number)) }

        var kind = kind(at: drawn)
        let isGrowing = target.map { !$0.isReached } ?? false
        let isTooFew = elementCount == (target?.allowed.lowerBound ?? 0)
        // A target near 0 allows nothing below it.
        let isTurned =
            !kind.adds && (isGrowing || elementCount == 0) || kind.removes && isTooFew
        if isTurned { kind = opposite(of: kind) }

        let choice =
            structure.hasDifferentKeys
            ? keyedChoice(kind, mustAdd: isGrowing || isTurned) : unkeyedChoice(kind)
        if let target, elementCount >= target.size { self.target?.isReached = true }
        return choice
    }

    /// What is done in place of an operation that is not possible or leads away from the target
    /// size: it removes where the other adds and the other way round, at the same end where there
    /// are two. In place of a list's `set` and `remove`, and of all reads, comes the first operation
    /// of the mix that adds, or of the structure where the mix has none.
    func opposite(of kind: OperationKind) -> OperationKind {
        switch kind {
        case .append, .insert, .put: .remove
        case .enqueue: .dequeue
        case .push: .pop
        case .pushFront: .popFront
        case .pushBack: .popBack
        case .dequeue: .enqueue
        case .pop: .push
        case .popFront: .pushFront
        case .popBack: .pushBack
        case .set, .remove, .read, .readAll:
            mix.first { $0.kind.adds && $0.weight > 0 }?.kind
                ?? structure.operations.first(where: \.adds)!
        }
    }

    private var isFull: Bool { target.map { elementCount == $0.allowed.upperBound } ?? false }

    private func kind(at drawn: Int) -> OperationKind {
        var rest = drawn
        for entry in mix {
            if rest < entry.weight { return entry.kind }
            rest -= entry.weight
        }
        preconditionFailure("the weights of a mix must be positive in sum and none negative")
    }

    private mutating func unkeyedChoice(_ drawn: OperationKind) -> Choice {
        let kind = drawn.adds && isFull ? opposite(of: drawn) : drawn
        var choice = Choice(kind: kind)
        if kind.hasPosition(in: structure) {
            choice.position = positions.position(
                below: kind == .insert ? elementCount + 1 : elementCount, draws, at: 2 * number + 1)
        }
        if structure == .priorityQueue, kind.adds {
            choice.key = keys.key(draws, at: 2 * number + 1)
            keys.take(choice.key)
        }
        if kind.adds { elementCount += 1 }
        if kind.removes { elementCount -= 1 }
        return choice
    }

    private mutating func keyedChoice(_ kind: OperationKind, mustAdd: Bool) -> Choice {
        let index = 2 * number + 1
        let others = others.child(number)
        if kind.adds {
            let key =
                mustAdd
                ? keys.newKey(draws, at: index, others: others) : keys.key(draws, at: index)
            let isNew = !keys.contains(key)
            if !isNew || !isFull {
                keys.take(key)
                if isNew { keys.insert(key) }
                elementCount = keys.count
                return Choice(kind: kind, key: key)
            }
        }
        if kind == .readAll { return Choice(kind: kind) }
        if kind == .read {
            return Choice(kind: kind, key: keys.readKey(draws, at: index, others: others))
        }
        let key = keys.presentKey(draws, at: index, others: others)
        keys.remove(key)
        elementCount = keys.count
        return Choice(kind: .remove, key: key)
    }
}

extension StructureKind {
    /// Whether each key is there once at most.
    var hasDifferentKeys: Bool { keys != .none && self != .priorityQueue }
}

extension OperationKind {
    /// Whether an operation on that structure says where.
    func hasPosition(in structure: StructureKind) -> Bool {
        structure == .list && self != .append && self != .readAll
    }
}
