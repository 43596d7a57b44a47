import SeededGenerator
import Structures
import Testing

@testable import FusedStructures

struct Player: Codable, Hashable {
    enum Role: Codable, Hashable {
        case goal
        case field(number: Int)
    }
    var name: String
    var role: Role?
    var scores: [Double] = []

    init(_ random: inout SeededGenerator) {
        name = String(random.text().prefix(4))
        role =
            switch random.next() % 3 {
            case 0: nil
            case 1: .goal
            default: .field(number: Int.random(in: -9...9, using: &random))
            }
        if random.next() % 2 == 0 { scores = [0.1, -0.0] }
    }
}

/// The structures whose operations make their order, beside a Swift array.
struct SequenceTests {
    struct ListTrial: Trial {
        var model: [String] = []

        mutating func step(_ list: FusedList<String>, _ random: inout SeededGenerator) throws {
            let element = random.text()
            let index = Int.random(in: 0...model.count, using: &random)
            switch random.next() % 6 {
            case 0:
                try list.append(element)
                model.append(element)
            case 1, 2:
                try list.insert(element, at: index)
                model.insert(element, at: index)
            case 3 where index < model.count:
                #expect(try list.replace(at: index, with: element) == model[index])
                model[index] = element
            case 4 where index < model.count:
                #expect(try list.remove(at: index) == model.remove(at: index))
            case 5 where !model.isEmpty:
                #expect(try list.removeLast() == model.removeLast())
            default:
                #expect(
                    throws: FusedError.indexOutOfRange(index: model.count, count: model.count)
                ) {
                    try list.remove(at: model.count)
                }
            }
        }

        func agrees(with list: FusedList<String>) throws -> Bool {
            try list.elements == model && list.count == model.count && list.first == model.first
                && list.last == model.last
                && model.indices.allSatisfy { try list[$0] == model[$0] }
        }

        var operations: [Operation] { model.map { Operation(.append, value: $0.fusedBytes) } }
    }

    struct QueueTrial: Trial {
        var model: [Int] = []

        mutating func step(_ queue: FusedQueue<Int>, _ random: inout SeededGenerator) throws {
            if random.next() % 5 < 3 {
                let element = Int(truncatingIfNeeded: random.next())
                try queue.enqueue(element)
                model.append(element)
            } else if model.isEmpty {
                #expect(throws: FusedError.empty) { try queue.dequeue() }
            } else {
                #expect(try queue.dequeue() == model.removeFirst())
            }
        }

        func agrees(with queue: FusedQueue<Int>) throws -> Bool {
            try queue.elements == model && queue.first == model.first
        }

        var operations: [Operation] { model.map { Operation(.enqueue, value: $0.fusedBytes) } }
    }

    struct StackTrial: Trial {
        var model: [Player] = []

        mutating func step(_ stack: FusedStack<Player>, _ random: inout SeededGenerator) throws {
            if random.next() % 5 < 3 {
                let element = Player(&random)
                try stack.push(element)
                model.append(element)
            } else if model.isEmpty {
                #expect(throws: FusedError.empty) { try stack.pop() }
            } else {
                #expect(try stack.pop() == model.removeLast())
            }
        }

        func agrees(with stack: FusedStack<Player>) throws -> Bool {
            try stack.elements == model && stack.top == model.last
        }

        var operations: [Operation] {
            get throws {
                try model.map {
                    Operation(.push, value: try ElementCoder<Player>.encode($0))
                }
            }
        }
    }

    struct DequeTrial: Trial {
        var model: [Int?] = []

        mutating func step(_ deque: FusedDeque<Int?>, _ random: inout SeededGenerator) throws {
            let element = random.next() % 3 == 0 ? nil : Int.random(in: -999...999, using: &random)
            switch random.next() % 6 {
            case 0, 1:
                try deque.append(element)
                model.append(element)
            case 2, 3:
                try deque.prepend(element)
                model.insert(element, at: 0)
            case 4 where !model.isEmpty:
                #expect(try deque.removeFirst() == model.removeFirst())
            case 5 where !model.isEmpty:
                #expect(try deque.removeLast() == model.removeLast())
            default:
                #expect(throws: FusedError.empty) {
                    if model.isEmpty { try deque.removeFirst() } else { throw FusedError.empty }
                }
            }
        }

        func agrees(with deque: FusedDeque<Int?>) throws -> Bool {
            try deque.elements == model && deque.count == model.count
                && model.indices.allSatisfy { try deque[$0] == model[$0] }
        }

        var operations: [Operation] {
            get throws {
                try model.map {
                    Operation(.pushBack, value: try ElementCoder<Int?>.encode($0))
                }
            }
        }
    }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func list(seed: UInt64) throws { #expect(try ListTrial.run(seed: seed) > 10) }

    @Test(arguments: [FusedCode.vandermonde(wordBits: 32), .cauchy(wordBits: 16)])
    func codes(code: FusedCode) throws { try ListTrial.run(faults: 3, code: code, seed: 7) }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func queue(seed: UInt64) throws { try QueueTrial.run(seed: seed) }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func stack(seed: UInt64) throws { try StackTrial.run(seed: seed) }

    @Test(arguments: 0..<4 as Range<UInt64>)
    func deque(seed: UInt64) throws { try DequeTrial.run(seed: seed) }
}
