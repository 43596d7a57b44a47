/// Tests of what the report says of recovery time.
extension Evidence {
    private var primaries: Grid { recoveryTimes(of: "fusion", role: "primary") }
    private var replicas: Grid { recoveryTimes(of: "replication", role: "replica") }

    /// The published time is of other hardware: what is tested is that fusion pays for it.
    func recoveryOfTwoGroups(_ claim: Published.Claim) -> Finding {
        guard
            let published = Double(claim.value), let fusion = primaries[2]?[10_000],
            let replication = replicas[2]?[10_000]
        else { return .notMeasured }
        let ratio = fusion / replication
        return Finding(
            "\(Quantity.time(fusion)), which is \(Quantity.number(fusion / 1e9 / published)) of "
                + "the published time and \(Quantity.number(ratio)) times replication's "
                + Quantity.time(replication),
            test: "slower than replication at the same groups and elements", isDirection: true,
            holds: ratio > 1)
    }

    /// The published extremes differ by three orders of magnitude; the direction is tested.
    func worstRecovery(_ claim: Published.Claim, isFusion: Bool) -> Finding {
        guard
            let published = Double(claim.value), let fusion = primaries.largest,
            let replication = replicas.largest
        else { return .notMeasured }
        let worst = isFusion ? fusion : replication
        return Finding(
            "\(Quantity.time(worst.value)) (median at \(worst.groups) groups, \(worst.size) "
                + "elements), which is \(Quantity.number(worst.value / 1e9 / published)) of the "
                + "published time; fusion's is \(Quantity.number(fusion.value / replication.value))"
                + " times replication's, published 919 times",
            test: "the slowest median of fusion is above that of replication", isDirection: true,
            holds: fusion.value > replication.value)
    }

    func recoveryGrowsWithNodes() -> Finding {
        guard
            let (size, points) = primaries.atLargestSize, points.count >= Bounds.points,
            let fit = LinearFit(points), let first = points.first, let last = points.last
        else { return .notMeasured }
        let start = fit.value(at: first.x)
        let end = fit.value(at: last.x)
        // A line that begins at or below zero grows without bound.
        let growth = start > 0 ? end / start : .infinity
        let slope =
            fit.slope < 0 ? "-" + Quantity.time(-fit.slope) : "+" + Quantity.time(fit.slope)
        return Finding(
            "\(Quantity.time(first.y)) at \(Int(first.x)) to \(Quantity.time(last.y)) at "
                + "\(Int(last.x)) groups of \(size) elements: \(slope) a group, R² "
                + "\(Quantity.number(fit.rSquared)), growth of the line "
                + (growth.isFinite ? Quantity.number(growth) : "from nothing"),
            test: "least squares over groups of the medians at the largest size: R² at least "
                + "\(Bounds.linearTime), and the line grows at least \(Bounds.growth) times",
            holds: fit.slope > 0 && fit.rSquared >= Bounds.linearTime && growth >= Bounds.growth)
    }

    func replicaRecoveryIsConstant() -> Finding {
        guard
            let (size, points) = replicas.atLargestSize, points.count >= Bounds.points,
            let spread = points.spread
        else { return .notMeasured }
        return Finding(
            "\(Quantity.time(spread.least)) to \(Quantity.time(spread.most)) over "
                + "\(points.count) node counts at \(size) elements: "
                + "\(Quantity.number(spread.ratio)) times",
            test: "largest over smallest median at the largest size at most "
                + "\(Bounds.constantTime)",
            holds: spread.ratio <= Bounds.constantTime)
    }
}

extension Array where Element == (x: Double, y: Double) {
    /// The smallest and the largest y, and their ratio; nil where that has no meaning.
    var spread: (least: Double, most: Double, ratio: Double)? {
        guard let least = map(\.y).min(), let most = map(\.y).max(), least > 0 else { return nil }
        return (least, most, most / least)
    }
}
