/// Things that are to happen, each at its moment of virtual time. Of two at the same moment the one
/// that was scheduled first comes first, so that a run is the same every time.
///
/// A binary heap of moments and places: `schedule` and `next` take O(log n) for n scheduled things,
/// which themselves are never moved.
struct EventQueue<Content> {
    private struct Entry {
        var moment: UInt64
        /// Counts what was ever scheduled.
        var number: UInt64
        /// Where the content stands.
        var place: Int

        @inline(__always)
        static func precedes(_ left: Entry, _ right: Entry) -> Bool {
            left.moment != right.moment
                ? left.moment < right.moment : left.number < right.number
        }
    }

    private var heap: [Entry] = []
    private var contents: [Content?] = []
    private var free: [Int] = []
    private var scheduled: UInt64 = 0

    var isEmpty: Bool { heap.isEmpty }

    var count: Int { heap.count }

    /// The moment of the next thing; nil where none is scheduled.
    var nextMoment: UInt64? { heap.first?.moment }

    mutating func schedule(_ content: Content, at moment: UInt64) {
        let place: Int
        if let used = free.popLast() {
            place = used
            contents[place] = content
        } else {
            place = contents.count
            contents.append(content)
        }
        heap.append(Entry(moment: moment, number: scheduled, place: place))
        scheduled += 1
        var child = heap.count - 1
        let entry = heap[child]
        while child > 0 {
            let parent = (child - 1) / 2
            guard Entry.precedes(entry, heap[parent]) else { break }
            heap[child] = heap[parent]
            child = parent
        }
        heap[child] = entry
    }

    /// Takes out what comes next.
    mutating func next() -> (moment: UInt64, content: Content)? {
        guard let head = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty { sink(last) }
        guard let content = contents[head.place] else { return nil }
        contents[head.place] = nil
        free.append(head.place)
        return (head.moment, content)
    }

    /// Puts an entry in the place of the head.
    private mutating func sink(_ entry: Entry) {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, Entry.precedes(heap[child + 1], heap[child]) { child += 1 }
            guard Entry.precedes(heap[child], entry) else { break }
            heap[parent] = heap[child]
            parent = child
        }
        heap[parent] = entry
    }
}
