/// Makes a schedule that fails as short as can be: leaves out actions as long as what is left fails
/// (Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, IEEE TSE 2002: first
/// large parts, then smaller ones, in the end single actions).
struct ScheduleMinimizer {
    /// Whether the schedule fails when only these of its actions are played.
    let fails: (Set<Int>) -> Bool
    /// Asked before each try; what is left then is as short as it is.
    var isInterrupted: () -> Bool = { false }

    /// - Parameter actions: of which the schedule fails.
    /// - Returns: those that are left, of which none can go.
    /// - Complexity: O(n^2) tries for n actions at worst, nearly always far fewer.
    func minimize(_ actions: [Int]) -> [Int] {
        var kept = actions
        var size = max(1, kept.count / 2)
        while !kept.isEmpty {
            var hasShrunk = false
            var first = 0
            while first < kept.count, !isInterrupted() {
                var rest = kept
                rest.removeSubrange(first..<min(first + size, kept.count))
                if fails(Set(rest)) {
                    kept = rest
                    hasShrunk = true
                } else {
                    first += size
                }
            }
            if isInterrupted() || !hasShrunk && size == 1 { break }
            if !hasShrunk { size = max(1, size / 2) }
        }
        return kept
    }
}
