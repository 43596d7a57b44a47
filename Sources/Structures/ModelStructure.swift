/// A structure as plain Swift collections hold it: what every other form is compared with. It shares
/// nothing with them but the form of an element.
package struct ModelStructure: Sendable {
    package let shape: StructureShape

    private enum Storage {
        /// Elements in their order. A slice loses its first element without moving the others.
        case sequence(ArraySlice<[UInt8]>)
        /// Elements by key.
        case keyed([[UInt8]: [UInt8]])
        /// Keys and values, least first.
        case sorted([(key: [UInt8], value: [UInt8])])
    }

    private var storage: Storage

    /// An empty structure.
    package init(_ shape: StructureShape) {
        self.shape = shape
        storage =
            switch shape.kind {
            case .list, .queue, .stack, .deque: .sequence([])
            case .map, .stringMap, .set: .keyed([:])
            case .sortedMap, .priorityQueue: .sorted([])
            }
    }

    /// The number of elements.
    package var count: Int {
        switch storage {
        case .sequence(let elements): elements.count
        case .keyed(let elements): elements.count
        case .sorted(let elements): elements.count
        }
    }

    /// Performs an operation. Throws, and changes nothing, where it is impossible.
    package mutating func apply(_ operation: Operation) throws(StructureError) {
        try shape.kind.check(operation.kind)
        // An enum's payload is changed in place only while nobody else holds it.
        switch storage {
        case .sequence(var elements):
            storage = .sequence([])
            defer { storage = .sequence(elements) }
            try apply(operation, to: &elements)
        case .keyed(var elements):
            storage = .keyed([:])
            defer { storage = .keyed(elements) }
            try apply(operation, to: &elements)
        case .sorted(var elements):
            storage = .sorted([])
            defer { storage = .sorted(elements) }
            try apply(operation, to: &elements)
        }
    }

    /// See `PlainStructure.read`.
    package func read(_ operation: Operation) throws(StructureError) -> [UInt8] {
        try shape.kind.check(read: operation.kind)
        if operation.kind == .readAll { return elements() }
        let key = operation.key
        switch storage {
        case .sequence(let elements):
            let position =
                switch shape.kind {
                case .list: Int(operation.position)
                case .stack: elements.count - 1
                default: 0
                }
            guard elements.indices.contains(elements.startIndex + position) else {
                throw shape.kind == .list
                    ? .positionOutOfRange(position: position, limit: elements.count) : .empty
            }
            return Array(elements[elements.startIndex + position].dropFirst(headerBytes))
        case .keyed(let elements):
            try shape.check(key: key)
            guard let element = elements[key] else { throw .missingKey(key) }
            // A set's element is its key.
            return shape.kind == .set ? key : Array(element.dropFirst(headerBytes + key.count))
        case .sorted(let elements) where shape.kind == .priorityQueue:
            guard let first = elements.first else { throw .empty }
            return first.key + first.value
        case .sorted(let elements):
            try shape.check(key: key)
            guard let place = elements.place(of: key) else { throw .missingKey(key) }
            return elements[place].value
        }
    }

    private var headerBytes: Int { shape.hasHeaders ? StructureShape.headerBytes : 0 }

    /// All elements as `PlainStructure.elements` gives them.
    package func elements() -> [UInt8] {
        switch storage {
        case .sequence(let elements):
            Array(elements.joined())
        case .keyed(let elements):
            Array(elements.values.sorted { $0.lexicographicallyPrecedes($1) }.joined())
        case .sorted(let elements):
            // Their sizes were checked when they came in.
            elements.flatMap { try! shape.element(key: $0.key, value: $0.value) }
        }
    }

    private func apply(
        _ operation: Operation, to elements: inout ArraySlice<[UInt8]>
    ) throws(StructureError) {
        let position = Int(operation.position)
        let place = elements.startIndex + position
        func element() throws(StructureError) -> [UInt8] {
            try shape.element(key: operation.key, value: operation.value)
        }
        func check(_ position: Int, below limit: Int) throws(StructureError) {
            guard position < limit else {
                throw .positionOutOfRange(position: position, limit: limit)
            }
        }
        switch operation.kind {
        case .append, .enqueue, .push, .pushBack: elements.append(try element())
        case .pushFront: elements.insert(try element(), at: elements.startIndex)
        case .insert:
            let element = try element()
            try check(position, below: elements.count + 1)
            elements.insert(element, at: place)
        case .set:
            let element = try element()
            try check(position, below: elements.count)
            elements[place] = element
        case .remove:
            try check(position, below: elements.count)
            elements.remove(at: place)
        case .dequeue, .popFront:
            guard !elements.isEmpty else { throw .empty }
            elements.removeFirst()
        case .pop, .popBack:
            guard !elements.isEmpty else { throw .empty }
            elements.removeLast()
        case .put, .read, .readAll: break
        }
    }

    private func apply(
        _ operation: Operation, to elements: inout [[UInt8]: [UInt8]]
    ) throws(StructureError) {
        switch operation.kind {
        case .put, .insert:
            elements[operation.key] = try shape.element(
                key: operation.key, value: operation.value)
        case .remove:
            try shape.check(key: operation.key)
            guard elements.removeValue(forKey: operation.key) != nil else {
                throw .missingKey(operation.key)
            }
        default: break
        }
    }

    private func apply(
        _ operation: Operation, to elements: inout [(key: [UInt8], value: [UInt8])]
    ) throws(StructureError) {
        let key = operation.key
        switch operation.kind {
        case .put, .push:
            _ = try shape.element(key: key, value: operation.value)
            // In a priority queue, values order equal priorities.
            let place = elements.firstIndex(behind: { entry in
                if entry.key != key { return key.lexicographicallyPrecedes(entry.key) }
                return operation.kind == .put
                    || !entry.value.lexicographicallyPrecedes(operation.value)
            })
            if operation.kind == .put, place < elements.count, elements[place].key == key {
                elements[place].value = operation.value
            } else {
                elements.insert((key, operation.value), at: place)
            }
        case .remove:
            try shape.check(key: key)
            guard let place = elements.place(of: key) else { throw .missingKey(key) }
            elements.remove(at: place)
        case .pop:
            guard !elements.isEmpty else { throw .empty }
            elements.removeFirst()
        default: break
        }
    }
}

extension [(key: [UInt8], value: [UInt8])] {
    /// Where a key is among sorted ones; nil where it is not there.
    fileprivate func place(of key: [UInt8]) -> Int? {
        let place = firstIndex(behind: { !$0.key.lexicographicallyPrecedes(key) })
        return place < count && self[place].key == key ? place : nil
    }
}

extension Array {
    /// The first index behind a border; `count` where none is. No element behind the border comes
    /// before one ahead of it.
    fileprivate func firstIndex(behind isBehind: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
