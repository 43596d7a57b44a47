extension ScheduleSearch.Outcome {
    /// What has happened how often, one line each.
    package var text: String {
        let all = counts.all
        let width = all.map { "\($0.count)".count }.max() ?? 0
        let lines = all.map { name, count, _ in
            String(repeating: " ", count: width - "\(count)".count) + "\(count) \(name)\n"
        }
        return lines.joined() + "trace \(String(traceDigest, radix: 16))\n"
    }
}

extension ScheduleSearch.Failure {
    /// What went wrong and how to see it again.
    ///
    /// - Parameter command: the command line of the search up to its own options.
    package func text(replayingBy command: String) -> String {
        let keep =
            kept.isEmpty ? "none" : kept.map(String.init).joined(separator: ",")
        let isShorter = kept.count < actions
        return """
            The schedule of seed \(seed) fails after \(moment / 1000) µs: \(violation)
            \(isShorter ? """
                Of its \(actions) actions, \(kept.count) are enough to fail after \
                \(minimalMoment / 1000) µs: \(minimalViolation)

                """ : "")To see it again:
                \(command) --schedules 1 --seed \(seed) --keep \(keep) --verbose

            """
    }
}
