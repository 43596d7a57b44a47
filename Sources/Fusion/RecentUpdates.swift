/// The last updates of one primary as a fused backup received them, so that another backup that
/// lacks some can get them when the primary is gone. Keeping a message copies nothing.
struct RecentUpdates {
    /// A message whose last update has number s stands at s modulo the limit; else empty.
    private var messages: [[UInt8]]

    /// - Parameter limit: how many updates are kept, at least 1; with them all that came in the same
    ///   message as the first one.
    init(limit: Int) { messages = Array(repeating: [], count: limit) }

    /// Memory that is allocated for the updates.
    var allocatedBytes: Int {
        messages.count * MemoryLayout<[UInt8]>.stride
            + messages.lazy.filter { !$0.isEmpty }
            .map { $0.count + Self.arrayHeadBytes }.reduce(0, +)
    }

    /// What an array takes beside its elements: two words of the runtime's, count and capacity.
    private static let arrayHeadBytes = 4 * MemoryLayout<Int>.size

    /// Keeps a message of the updates that follow the last ones.
    ///
    /// - Complexity: O(updates)
    mutating func keep(_ message: [UInt8], of updates: ClosedRange<UInt64>) {
        for sequence in updates { messages[place(of: sequence)] = [] }
        messages[place(of: updates.upperBound)] = message
    }

    /// The updates after `first` up to `last`, which is the last that was kept, each as it goes
    /// alone; none where not all of them are here.
    func after(_ first: UInt64, to last: UInt64) -> [[UInt8]] {
        guard first < last, last - first <= UInt64(messages.count) else { return [] }
        let updates = (first + 1...last).flatMap { sequence in
            (try? FusionMessage(decoding: messages[place(of: sequence)]))?.updates ?? []
        }
        let wanted = updates.filter { (first + 1...last).contains($0.sequence) }
        return wanted.count == last - first ? wanted.map(\.encoded) : []
    }

    private func place(of sequence: UInt64) -> Int { Int(sequence % UInt64(messages.count)) }
}
