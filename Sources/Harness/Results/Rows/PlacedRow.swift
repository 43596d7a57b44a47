/// A row with the placement of processes that its figures are of.
package protocol PlacedRow: CSVRow {
    var placement: String { get set }
}

extension PlacedRow {
    /// As a file has it: where it is of an earlier version, the kernel chose.
    var knownPlacement: String {
        get { placement }
        set { placement = newValue.isEmpty ? Placement.none.rawValue : newValue }
    }
}
