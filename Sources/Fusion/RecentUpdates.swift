/// The last updates of one primary as a fused backup received them, so that another backup that
/// lacks some can get them when the primary is gone. Keeping one is O(1) and copies nothing.
struct RecentUpdates {
    /// The update with number s stands at s modulo the limit; empty where there was none.
    private var updates: [[UInt8]]

    /// - Parameter limit: how many are kept, at least 1.
    init(limit: Int) { updates = Array(repeating: [], count: limit) }

    /// Memory that is allocated for the updates.
    var allocatedBytes: Int {
        updates.capacity * MemoryLayout<[UInt8]>.stride
            + updates.lazy.filter { !$0.isEmpty }
            .map { $0.capacity + Self.arrayHeadBytes }.reduce(0, +)
    }

    /// What an array takes beside its elements: two words of the runtime's, count and capacity.
    private static let arrayHeadBytes = 4 * MemoryLayout<Int>.size

    mutating func keep(_ update: [UInt8], sequence: UInt64) {
        updates[place(of: sequence)] = update
    }

    /// The updates after `first` up to `last`, which is the last that was kept; none where not all
    /// of them are here.
    func after(_ first: UInt64, to last: UInt64) -> [[UInt8]] {
        guard first < last, last - first <= UInt64(updates.count) else { return [] }
        let wanted = (first + 1...last).map { updates[place(of: $0)] }
        return wanted.contains([]) ? [] : wanted
    }

    private func place(of sequence: UInt64) -> Int { Int(sequence % UInt64(updates.count)) }
}
