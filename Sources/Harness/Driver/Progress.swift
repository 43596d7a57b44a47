import Foundation
import Transport

/// Tells on standard error what runs, how far it is and how long it still takes, where that is a
/// terminal; elsewhere only what somebody has to know is said.
package final class Progress {
    private let isTerminal: Bool
    private let started = MonotonicClock.now()
    /// How many runs are made, and how many are to be made in all.
    private var done = 0
    private var runs = 1
    private var place = ""
    private var plan: RunPlan?
    private var hasLine = false

    package init(isTerminal: Bool = isatty(STDERR_FILENO) == 1) { self.isTerminal = isTerminal }

    func begin(runs: Int) { self.runs = max(1, runs) }

    /// - Parameters:
    ///   - place: which run it is, in words.
    ///   - done: how many have been made before it.
    func begin(_ place: String, _ plan: RunPlan, after done: Int) {
        self.place = place
        self.done = done
        self.plan = plan
        update(share: 0)
    }

    /// - Parameter share: of the present run's updates, those that are complete.
    func update(share: Double) {
        guard isTerminal, let plan else { return }
        let total = (Double(done) + share) / Double(runs)
        let elapsed = Double(MonotonicClock.now() - started) / 1e9
        let left = total > 0 ? ", about \(Int(elapsed / total - elapsed)) s left" : ""
        show("\(place): \(plan.summary), \(Int(100 * share)) %\(left)")
    }

    /// Shows a line that the next one replaces.
    package func show(_ text: String) {
        guard isTerminal else { return }
        hasLine = true
        write("\r\u{1b}[K" + text)
    }

    /// Says something that stays.
    package func say(_ text: String) {
        clear()
        write(text + "\n")
    }

    /// Takes the passing line away.
    package func end() { clear() }

    private func clear() {
        if hasLine { write("\r\u{1b}[K") }
        hasLine = false
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
