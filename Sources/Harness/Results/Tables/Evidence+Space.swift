/// Tests of what the report says of backup space.
extension Evidence {
    private var fused: Grid { space(of: "fusion") { $0.sum(\.totalBytes, of: "backup") } }

    /// As the report counts: every replica, none of which is the original.
    private var replicated: Grid {
        space(of: "replication") { $0.sum(\.totalBytes, of: "replica") }
    }

    private var replicaCounts: [Int: Int] {
        space(of: "replication") { $0.rows(of: "replica").count }
            .compactMapValues { $0.values.max().map { Int($0) } }
    }

    /// The bytes of both mechanisms at the largest number of operations that both have, for every
    /// number of groups that both have, in its order.
    private var sideBySide: [(groups: Int, operations: Int, fused: Double, replicated: Double)] {
        fused.sorted { $0.key < $1.key }.compactMap { groups, backups in
            let replicas = replicated[groups] ?? [:]
            guard
                let operations = Set(backups.keys).intersection(replicas.keys).max(),
                let fused = backups[operations], let replicated = replicas[operations]
            else { return nil }
            return (groups, operations, fused, replicated)
        }
    }

    func spaceRatio(_ claim: Published.Claim) -> Finding {
        guard
            let published = Double(claim.value), let last = sideBySide.last, last.replicated > 0,
            let copies = space(of: "replication", { $0.bytesBeyondOneCopy ?? 0 })[last.groups]?[
                last.operations],
            copies > 0
        else { return .notMeasured }
        let ratio = last.fused / last.replicated
        return Finding(
            "\(Quantity.number(ratio)): \(Quantity.bytes(last.fused)) over "
                + "\(Quantity.bytes(last.replicated)) of all \(replicaCounts[last.groups] ?? 0) "
                + "replicas; beyond one copy of each structure "
                + Quantity.number(last.fused / copies),
            test: "at \(last.groups) groups, counting all replicas as the report does: at most "
                + "\(claim.value), rounded",
            // The published ratio has two decimals.
            holds: (ratio * 100).rounded() / 100 <= published)
    }

    func fusedBackupSize(_ claim: Published.Claim) -> Finding {
        let sizes = comparison.configurations(of: "fusion").flatMap { samples[$0] ?? [] }
            .flatMap { $0.rows(of: "backup") }.filter { $0.elements == 10_000 }.map(\.totalBytes)
        guard let published = Double(claim.value), let size = Statistics.median(of: sizes) else {
            return .notMeasured
        }
        let ratio = size / 1e6 / published
        return Finding(
            "\(Quantity.bytes(size)), \(Quantity.number(ratio)) of the published size",
            test: "within \(Int(Bounds.space * 100)) % of the published size",
            holds: abs(ratio - 1) <= Bounds.space)
    }

    func spaceCrossover(_ claim: Published.Claim) -> Finding {
        let sideBySide = sideBySide
        guard
            let published = Int(claim.value), let last = sideBySide.last,
            let most = replicaCounts[last.groups], sideBySide.count > 1
        else { return .notMeasured }
        // From the first number of groups behind the last one where fusion takes as much or more.
        let first = (sideBySide.lastIndex { $0.fused >= $0.replicated } ?? -1) + 1
        let crossover = first < sideBySide.count ? replicaCounts[sideBySide[first].groups] : nil
        if crossover == nil && most < published { return .notMeasured }
        return Finding(
            crossover.map { "fused backups take less from \($0) nodes on" }
                ?? "fused backups take more up to \(most) nodes",
            test: "counting all replicas as the report does: replication takes less below "
                + "\(claim.value) nodes and more from there on",
            holds: first > 0 && crossover == published)
    }

    /// Slack is left out: spare capacity grows in steps.
    func fusedSpaceIsLinearAndConstant() -> Finding {
        let used = space(of: "fusion") {
            $0.sum(\.totalBytes, of: "backup") - $0.sum(\.slackBytes, of: "backup")
        }
        let fits = used.values.compactMap { column in
            column.count >= Bounds.points
                ? LinearFit(column.map { (x: Double($0.key), y: $0.value) }) : nil
        }
        guard
            !fits.isEmpty, fits.count == used.count, let worst = fits.map(\.rSquared).min(),
            let (size, points) = used.atLargestSize, points.count >= Bounds.points,
            let spread = points.spread
        else { return .notMeasured }
        return Finding(
            "over elements R² at least \(Quantity.number(worst)); over groups at \(size) "
                + "\(Quantity.bytes(spread.least)) to \(Quantity.bytes(spread.most)), "
                + "\(Quantity.number(spread.ratio)) times",
            test: "bytes in use (slack excluded): a rising line over elements with R² at least "
                + "\(Bounds.linearSpace) for every number of groups, and largest over smallest "
                + "across groups at most \(Bounds.constantSpace)",
            holds: fits.allSatisfy { $0.slope > 0 && $0.rSquared >= Bounds.linearSpace }
                && spread.ratio <= Bounds.constantSpace)
    }
}
