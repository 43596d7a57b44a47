@testable import Harness

extension History {
    /// Whether any order at all explains the history: the reference for what a witness shows. Tries
    /// every operation that may come next, one after another (Wing and Gong 1993, section 4).
    ///
    /// - Complexity: O(n!), n being the number of operations.
    func isLinearizable(on object: Object) -> Bool {
        func search(_ left: [Entry], _ object: Object) -> Bool {
            guard left.contains(where: { $0.response != nil }) else { return true }
            return left.indices.contains { number in
                let entry = left[number]
                let mayBeNext = left.allSatisfy { other in
                    other.response.map { $0.time >= entry.invoked } ?? true
                }
                var after = object
                let answer = after.perform(entry.call)
                guard mayBeNext, entry.response == nil || entry.response?.answer == answer else {
                    return false
                }
                var rest = left
                rest.remove(at: number)
                return search(rest, after)
            }
        }
        return search(entries, object)
    }
}

enum ShortAnswer: Equatable {
    case done
    case found(UInt8)
}

/// One value that clients write and read; 0 at first.
struct Register: SequentialObject {
    enum Call {
        case write(UInt8)
        case read
    }

    var value: UInt8 = 0

    mutating func perform(_ call: Call) -> ShortAnswer {
        guard case .write(let value) = call else { return .found(value) }
        self.value = value
        return .done
    }
}

/// A queue that clients fill and empty; taking from it tells its first element, 0 where there is none.
struct ShortQueue: SequentialObject {
    enum Call {
        case put(UInt8)
        case take
    }

    var elements: [UInt8] = []

    mutating func perform(_ call: Call) -> ShortAnswer {
        switch call {
        case .put(let element):
            elements.append(element)
            return .done
        case .take:
            return .found(elements.isEmpty ? 0 : elements.removeFirst())
        }
    }
}
