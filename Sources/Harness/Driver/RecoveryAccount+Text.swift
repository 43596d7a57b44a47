extension RecoveryAccount {
    /// The account for people, in the manner of Warwick's log (Petrou et al. 2022, Figure 4).
    var text: String {
        let names = nodes.map(\.node).joined(separator: ", ")
        var lines = [
            "Run \(run), round \(round), after \(operations) updates of each group: {\(names)} "
                + "failed\(when)"
        ]
        for node in nodes {
            lines.append("  \(node.node): noticed after \(Self.milliseconds(node.detectNs))")
            if let reached = node.reached, let count = node.unacknowledged {
                lines[lines.count - 1] +=
                    "; \(count) updates in flight, which reached \(reached) backups, "
                    + "\(node.survived ?? 0) survived"
            }
        }
        for attempt in attempts { lines += attempt.lines }
        for node in nodes {
            let phases = [
                ("quiesce", node.quiesceNs), ("collect", node.collectNs),
                ("decode", node.decodeNs), ("install", node.installNs),
                ("resume", node.resumeNs),
            ]
            let times = phases.map { "\($0.0) \(Self.milliseconds($0.1))" }
            lines.append(
                "  \(node.node), incarnation \(node.incarnation): back with \(node.elements) elements "
                    + "after \(Self.milliseconds(node.recoveryNs)) "
                    + "(\(times.joined(separator: ", "))); "
                    + "\(Self.milliseconds(node.restartNs)) since its crash")
        }
        lines.append("  " + (difference.map { "Not verified: \($0)" } ?? "Verified"))
        return lines.joined(separator: "\n")
    }

    private var when: String {
        switch moment {
        case CrashMoment.update.rawValue: " in the middle of an update"
        case _ where nodes.count == 1: ""
        case CrashMoment.recovery.rawValue: ", each in the recovery of the one before"
        default: " at once"
        }
    }

    /// Milliseconds with two digits behind the point.
    private static func milliseconds(_ nanoseconds: Int) -> String {
        let hundredths = (nanoseconds + 5000) / 10_000
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) ms"
    }
}

extension RecoveryAccount.Attempt {
    fileprivate var lines: [String] {
        ["  \(leader) recreates the data of {\(failed.joined(separator: ", "))}"]
            + section("Available primary data", primaryData.map(\.line))
            + section(
                "Available auxiliary data",
                auxiliaryData.map { "\($0.node): slots \($0.firstSlots)" })
            + section("Available codes", codes.map(\.line))
            + section("Restored", restored.map(\.line))
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? ["    \(title): none"] : ["    \(title):"] + lines.map { "      " + $0 }
    }
}

extension RecoveryAccount.Holding {
    fileprivate var line: String {
        let more = elements > firstCells.count ? ", ..." : ""
        let updates = sequences.map(String.init).joined(separator: ", ")
        return "\(node): \(elements) cells [\(firstCells.joined(separator: ", "))\(more)], "
            + "last updates \(updates)"
    }
}
