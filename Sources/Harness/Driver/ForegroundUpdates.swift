/// What the updates that went on did while nodes were away.
struct ForegroundUpdates: Equatable {
    /// How many were complete between the crash and the return.
    var completed = 0
    /// Nanoseconds of the longest time without a completed one of some group, as far as the nodes were
    /// away during it.
    var longestStall: UInt64 = 0

    init(completed: Int, longestStall: UInt64) {
        self.completed = completed
        self.longestStall = longestStall
    }

    /// - Parameters:
    ///   - completions: of each group whose updates went on, when they were complete, in any order.
    ///   - crashed: when the first node was killed, on the same clock.
    ///   - returned: when the last one was back in service.
    /// - Returns: nil where no group's updates went on.
    init?(completions: [[UInt64]], from crashed: UInt64, to returned: UInt64) {
        guard !completions.isEmpty, crashed < returned else { return nil }
        for group in completions {
            let times = group.sorted()
            completed += times.count { (crashed...returned).contains($0) }
            for (earlier, later) in zip(times, times.dropFirst())
            where later > crashed && earlier < returned {
                longestStall = max(longestStall, later - earlier)
            }
        }
    }
}
