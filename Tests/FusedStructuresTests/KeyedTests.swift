import SeededGenerator
import Structures
import Testing

@testable import FusedStructures

/// Maps, sets and priority queues, beside Swift's dictionaries, sets and sorted arrays.
struct KeyedTests {
    /// Keys that tests can meet again.
    protocol TestKey: FusedKey { static func random(_ random: inout SeededGenerator) -> Self }

    struct DictionaryTrial<Structure: FusedDictionary>: Trial
    where Structure.Key: TestKey, Structure.Value == String {
        var model: [Structure.Key: String] = [:]

        mutating func step(_ map: Structure, _ random: inout SeededGenerator) throws {
            let key = Structure.Key.random(&random)
            if random.next() % 5 < 3 {
                let value = random.text()
                #expect(
                    try map.updateValue(value, forKey: key) == model.updateValue(value, forKey: key)
                )
            } else if model[key] == nil {
                #expect(throws: FusedError.missingKey("\(key)")) {
                    try map.removeValue(forKey: key)
                }
            } else {
                #expect(try map.removeValue(forKey: key) == model.removeValue(forKey: key))
            }
        }

        func agrees(with map: Structure) throws -> Bool {
            let isSorted = Structure.form.kind.isSorted
            let keys = try map.keys
            return try map.dictionary == model && map.count == model.count
                && model.allSatisfy { try map[$0.key] == $0.value }
                && keys == map.elements.map(\.key) && map.values == map.elements.map(\.value)
                && (!isSorted
                    || keys.map(\.fusedKeyBytes)
                        == keys.map(\.fusedKeyBytes).sorted {
                            $0.lexicographicallyPrecedes($1)
                        })
        }

        var operations: [Operation] {
            model.map { Operation(.put, key: $0.key.fusedKeyBytes, value: $0.value.fusedBytes) }
        }
    }

    struct SetTrial: Trial {
        var model: Set<Player> = []

        mutating func step(_ set: FusedSet<Player>, _ random: inout SeededGenerator) throws {
            let known = model.sorted { $0.name < $1.name }
            let index = Int.random(in: 0...known.count, using: &random)
            let element = index < known.count ? known[index] : Player(&random)
            if random.next() % 5 < 3 {
                #expect(try set.insert(element) == model.insert(element).inserted)
            } else if model.remove(element) == nil {
                #expect(throws: FusedError.missingKey("\(element)")) { try set.remove(element) }
            } else {
                try set.remove(element)
            }
        }

        func agrees(with set: FusedSet<Player>) throws -> Bool {
            try set.elements == model && set.count == model.count
                && model.allSatisfy { try set.contains($0) }
        }

        var operations: [Operation] {
            get throws {
                try model.map {
                    Operation(.insert, key: try ElementCoder<Player>.encode($0, canonical: true))
                }
            }
        }
    }

    struct PriorityQueueTrial: Trial {
        /// In the order of priorities, then of the elements' bytes.
        var model: [(priority: Int, element: String)] = []

        mutating func step(
            _ queue: FusedPriorityQueue<String>, _ random: inout SeededGenerator
        ) throws {
            if random.next() % 5 < 3 {
                let entry = (priority: Int.random(in: -3...3, using: &random), random.text())
                try queue.push(entry.1, priority: entry.priority)
                model.append((entry.priority, entry.1))
                model.sort {
                    $0.priority == $1.priority
                        ? $0.element.utf8.lexicographicallyPrecedes($1.element.utf8)
                        : $0.priority < $1.priority
                }
            } else if model.isEmpty {
                #expect(throws: FusedError.empty) { try queue.pop() }
            } else {
                let popped = try queue.pop()
                #expect(popped == model.removeFirst())
            }
        }

        func agrees(with queue: FusedPriorityQueue<String>) throws -> Bool {
            let elements = try queue.elements
            let first = try queue.first
            return elements.elementsEqual(model, by: ==) && first?.element == model.first?.element
        }

        var operations: [Operation] {
            model.map {
                Operation(.push, key: $0.priority.fusedKeyBytes, value: $0.element.fusedBytes)
            }
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func map(seed: UInt64) throws {
        try DictionaryTrial<FusedMap<Int, String>>.run(seed: seed)
        try DictionaryTrial<FusedMap<String, String>>.run(seed: seed)
        try DictionaryTrial<FusedMap<Suit, String>>.run(seed: seed)
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func sortedMap(seed: UInt64) throws {
        try DictionaryTrial<FusedSortedMap<Int, String>>.run(seed: seed)
        try DictionaryTrial<FusedSortedMap<UInt64, String>>.run(seed: seed)
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func set(seed: UInt64) throws { try SetTrial.run(seed: seed) }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func priorityQueue(seed: UInt64) throws { try PriorityQueueTrial.run(seed: seed) }
}

enum Suit: String, FusedKey, CaseIterable, KeyedTests.TestKey {
    case clubs, diamonds, hearts, spades

    static func random(_ random: inout SeededGenerator) -> Suit {
        allCases.randomElement(using: &random) ?? .clubs
    }
}

extension Int: KeyedTests.TestKey {
    static func random(_ random: inout SeededGenerator) -> Int {
        .random(in: -9...9, using: &random)
    }
}

extension UInt64: KeyedTests.TestKey {
    /// Numbers on both sides of the largest `Int64`.
    static func random(_ random: inout SeededGenerator) -> UInt64 {
        .random(in: (1 << 63) - 9...(1 << 63) + 9, using: &random)
    }
}

extension String: KeyedTests.TestKey {
    static func random(_ random: inout SeededGenerator) -> String {
        String(random.text().prefix(1))
    }
}
