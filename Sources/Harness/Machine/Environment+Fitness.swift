extension Environment {
    /// Shares of all CPUs' time above which a run was disturbed.
    private static let othersLimit = 0.1
    private static let stolenLimit = 0.02

    /// What makes the machine or the program unfit for measurements, as sentences.
    var unfitness: [String] {
        var all: [String] = []
        if build == "debug" {
            all.append("The program is a debug build, whose times say nothing: use make build.")
        }
        if isDirty == true {
            all.append("Files differ from the commit, so that nobody else has this program.")
        }
        if let load = loadAverage.first, let others = othersRunning, load > Double(cores),
            others > 0
        {
            // Below that it may be what this program has run just before.
            all.append(
                "The machine was busy before the first run: a load of "
                    + "\(Quantity.number(load)) on \(cores) cores, and \(others) other "
                    + "\(others == 1 ? "program" : "programs") running.")
        }
        if let quota = processorQuota, quota < Double(cores) {
            all.append(
                "The control group may use \(Quantity.number(quota)) of \(cores) cores: "
                    + "whoever has used its share stands still.")
        }
        if let used = swapUsedBytes, let swap = swapBytes, used > swap / 10 {
            all.append("Some of the memory was swapped out before the first run.")
        }
        if !["none", "performance"].contains(governor) {
            all.append(
                "The frequency governor is \(governor), which changes the clock with the load: "
                    + "performance does not.")
        }
        guard let during else { return all }
        if during.swappedPages > 0 {
            all.append("\(during.swappedPages) pages were swapped while runs were made.")
        }
        if during.others > Self.othersLimit {
            all.append(
                "Other programs had \(Quantity.number(100 * during.others)) % of the CPU time "
                    + "while runs were made.")
        }
        if during.stolen > Self.stolenLimit {
            all.append(
                "The hypervisor gave \(Quantity.number(100 * during.stolen)) % of the CPU time "
                    + "to others while runs were made.")
        }
        return all
    }

    /// Says what went on since, which may make the machine unfit.
    mutating func end(_ activity: MachineActivity) {
        during = activity.share(until: .now())
        warnings = unfitness
    }
}
