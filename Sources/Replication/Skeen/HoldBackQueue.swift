/// The messages that a member has received and not delivered, in the order of (timestamp, id)
/// (Birman and Joseph 1987, Skeen's algorithm).
///
/// A final timestamp is never smaller than the proposal that it replaces, so the head may be
/// delivered once it is final. O(log m) per operation for m held messages: a message that moves back
/// is pushed anew, and its old place is skipped when it comes to the head.
struct HoldBackQueue<Payload> {
    private struct Place: Comparable {
        var timestamp: UInt64
        var id: MessageID

        static func < (left: Place, right: Place) -> Bool {
            (left.timestamp, left.id) < (right.timestamp, right.id)
        }
    }

    private struct Held {
        var place: Place
        var isFinal: Bool
        var payload: Payload
    }

    private var held: [MessageID: Held] = [:]
    /// A binary heap, smallest first.
    private var heap: [Place] = []

    var count: Int { held.count }

    /// Memory that the queue holds, payloads' own memory not counted.
    var capacityBytes: Int {
        held.capacity * (MemoryLayout<MessageID>.stride + MemoryLayout<Held>.stride)
            + heap.allocatedBytes
    }

    /// Holds a message back under its proposed timestamp.
    mutating func hold(_ id: MessageID, timestamp: UInt64, _ payload: Payload) {
        let place = Place(timestamp: timestamp, id: id)
        held[id] = Held(place: place, isFinal: false, payload: payload)
        push(place)
    }

    /// Gives a held message its final timestamp.
    ///
    /// - Returns: false where no such message is held.
    mutating func finalize(_ id: MessageID, timestamp: UInt64) -> Bool {
        guard let index = held.index(forKey: id) else { return false }
        let place = Place(timestamp: timestamp, id: id)
        if held.values[index].place != place {
            held.values[index].place = place
            push(place)
        }
        held.values[index].isFinal = true
        return true
    }

    /// The messages that are held, by id; the timestamp is nil where it is not final.
    var messages: [(id: MessageID, timestamp: UInt64?)] {
        held.sorted { $0.key < $1.key }.map {
            ($0.key, $0.value.isFinal ? $0.value.place.timestamp : nil)
        }
    }

    func payload(of id: MessageID) -> Payload? { held[id]?.payload }

    /// Forgets a message that nobody will deliver.
    mutating func discard(_ id: MessageID) { held[id] = nil }

    /// Removes the head if it may be delivered.
    mutating func popDeliverable() -> (id: MessageID, timestamp: UInt64, payload: Payload)? {
        while let head = heap.first {
            guard let message = held[head.id], message.place == head else {
                popHead()
                continue
            }
            guard message.isFinal else { return nil }
            popHead()
            held[head.id] = nil
            return (head.id, head.timestamp, message.payload)
        }
        return nil
    }

    private mutating func push(_ place: Place) {
        heap.append(place)
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func popHead() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child] < heap[least] {
                least = child
            }
            guard least != parent else { return }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
