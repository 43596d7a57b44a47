/// What Boyd's report (2016) states, from the files in `Published`, which are part of the program.
enum Published {
    /// A number or shape that the text states.
    struct Claim: Equatable {
        var id: String
        var claim: String
        var value: String
        var unit: String
    }

    /// A column of Table 2, as printed except for the variance's unit.
    struct BackupTime: Equatable {
        var meanMicroseconds: Double
        var medianMicroseconds: Double
        var varianceSquareMilliseconds: Double
        var standardDeviationMicroseconds: Double
    }

    struct Key: Hashable {
        var mechanism: String
        var groups: Int
    }

    static func claims() throws(ResultsError) -> [Claim] {
        var reader = try CSVReader(
            PackageResources.boyd_2016_claims_csv, path: "boyd-2016-claims.csv",
            columns: ["id", "claim", "value", "unit"])
        var claims: [Claim] = []
        while try reader.next() {
            claims.append(
                Claim(
                    id: reader.text(0), claim: reader.text(1), value: reader.text(2),
                    unit: reader.text(3)))
        }
        return claims
    }

    /// Table 1: the numbers of nodes, without the fused backup.
    static func nodes() throws(ResultsError) -> [Key: Int] {
        var reader = try CSVReader(
            PackageResources.boyd_2016_table1_nodes_csv, path: "boyd-2016-table1-nodes.csv",
            columns: ["groups", "fusion_nodes", "replication_nodes"])
        var nodes: [Key: Int] = [:]
        while try reader.next() {
            let groups = try reader.integer(0)
            nodes[Key(mechanism: "fusion", groups: groups)] = try reader.integer(1)
            nodes[Key(mechanism: "replication", groups: groups)] = try reader.integer(2)
        }
        return nodes
    }

    /// Table 2: the time of an update.
    static func backupTimes() throws(ResultsError) -> [Key: BackupTime] {
        var reader = try CSVReader(
            PackageResources.boyd_2016_table2_backup_time_csv,
            path: "boyd-2016-table2-backup-time.csv",
            columns: ["groups", "mechanism", "mean_us", "median_us", "variance_ms2", "stddev_us"])
        var times: [Key: BackupTime] = [:]
        while try reader.next() {
            let key = Key(mechanism: reader.text(1), groups: try reader.integer(0))
            times[key] = BackupTime(
                meanMicroseconds: try reader.real(2), medianMicroseconds: try reader.real(3),
                varianceSquareMilliseconds: try reader.real(4),
                standardDeviationMicroseconds: try reader.real(5))
        }
        return times
    }
}
