extension Evidence {
    /// Tests one claim of `boyd-2016-claims.csv` by its id; an unknown one is not measured here.
    func finding(on claim: Published.Claim) -> Finding {
        switch claim.id {
        case "recovery-fusion-g2": recoveryOfTwoGroups(claim)
        case "recovery-fusion-worst": worstRecovery(claim, isFusion: true)
        case "recovery-replication-worst": worstRecovery(claim, isFusion: false)
        case "space-ratio-worst": spaceRatio(claim)
        case "space-fused-backup": fusedBackupSize(claim)
        case "space-crossover": spaceCrossover(claim)
        case "recovery-shape-nodes": recoveryGrowsWithNodes()
        case "recovery-shape-replication": replicaRecoveryIsConstant()
        case "space-shape-fusion": fusedSpaceIsLinearAndConstant()
        case "update-shape": updateTimeIsConstantAndSteady()
        case "operations": setting(claim, comparison.configurations.map(\.operations))
        case "crash-interval": setting(claim, comparison.configurations.compactMap(\.crashEvery))
        default: .notMeasured
        }
    }

    private func updateTimeIsConstantAndSteady() -> Finding {
        let fusion = updateTimes(of: "fusion")
        let replication = updateTimes(of: "replication")
        let common = Set(fusion.keys).intersection(replication.keys).sorted()
        let points = common.compactMap { groups in
            fusion[groups].map { (x: Double(groups), y: $0.median) }
        }
        let deviations = common.compactMap { groups in
            replication[groups]?.standardDeviation.flatMap { other in
                fusion[groups]?.standardDeviation.map { ($0, other) }
            }
        }
        guard
            points.count >= Bounds.points, deviations.count == points.count,
            let spread = points.spread
        else { return .notMeasured }
        let steadier = deviations.filter { $0.0 < $0.1 }.count
        return Finding(
            "medians \(Quantity.time(spread.least)) to \(Quantity.time(spread.most)), "
                + "\(Quantity.number(spread.ratio)) times; smaller standard deviation than "
                + "replication's at \(steadier) of \(deviations.count) node counts",
            test: "largest over smallest median across groups at most \(Bounds.constantTime), and "
                + "the smaller standard deviation at every number of groups",
            holds: spread.ratio <= Bounds.constantTime && steadier == deviations.count)
    }

    private func setting(_ claim: Published.Claim, _ values: [Int]) -> Finding {
        guard let value = values.first else { return .notMeasured }
        return Finding(
            String(value), test: "the same setting",
            holds: values.allSatisfy { String($0) == claim.value })
    }
}
