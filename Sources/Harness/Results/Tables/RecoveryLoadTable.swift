/// What clients noticed of crashes: the section of `tables.md` about updates that went on while nodes
/// recovered.
enum RecoveryLoadTable {
    /// - Parameter recoveries: verified ones, by the settings of their runs.
    /// - Returns: the section with its heading; nil where no updates went on in any.
    static func section(
        of configurations: [RunRow], _ recoveries: [RunRow: [RecoveryRow]]
    ) -> String? {
        let rows = configurations.flatMap { configuration in
            let loaded = (recoveries[configuration] ?? []).filter { $0.updatesMeanwhile != nil }
            return Dictionary(grouping: loaded, by: \.role).sorted { $0.key < $1.key }.map {
                role, recoveries in
                let stalls = recoveries.compactMap(\.longestStallNs)
                return [
                    configuration.mechanism, String(configuration.groups),
                    String(configuration.faults), role, String(recoveries.count),
                    median(recoveries.compactMap(\.updatesMeanwhile), Quantity.number),
                    median(stalls, Quantity.time),
                    stalls.max().map { Quantity.time(Double($0)) } ?? "-",
                    median(recoveries.compactMap(\.redundancyNs), Quantity.time),
                ]
            }
        }
        guard !rows.isEmpty else { return nil }
        let table = MarkdownTable(
            [
                "mechanism", "groups", "faults", "crashed", "recoveries", "updates meanwhile",
                "longest stall", "worst stall", "redundancy restored after",
            ], rows)
        return "## Recovery under load\n\n"
            + "Updates went on while these nodes were away, from the SIGKILL until they were back in "
            + "service and f failures could be survived again. A stall is the time between two "
            + "completed updates of one group. Medians over the recoveries.\n\n" + table.text
    }

    private static func median(_ values: [Int], _ text: (Double) -> String) -> String {
        Statistics.median(of: values).map(text) ?? "-"
    }
}
