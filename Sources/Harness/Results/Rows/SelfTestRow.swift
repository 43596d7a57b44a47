/// A row of `selftest.csv`: one thing that the harness measured of itself, and what it had to be.
package struct SelfTestRow: CSVRow, Hashable {
    package var check = ""
    package var expectedNs: Int?
    package var measuredNs = 0
    package var deviation: Double?
    package var passed = ""

    package init() {}

    /// How what is measured is judged by what is expected.
    enum Verdict {
        /// It is the same, but for the tolerance.
        case within
        /// It is not less, but for the tolerance: what makes it more is the machine's.
        case atLeast
        /// It is no larger part of it than the tolerance.
        case part
    }

    /// - Parameter verdict: nil where nothing is judged.
    init(_ check: String, expected: Int?, measured: Int, verdict: Verdict?) {
        self.check = check
        expectedNs = expected
        measuredNs = measured
        guard let expected, expected > 0 else { return }
        let ratio = Double(measured) / Double(expected)
        let difference = check == Self.overhead ? ratio : ratio - 1
        deviation = difference
        let isFine: Bool? =
            switch verdict {
            case nil: nil
            case .within: abs(difference) <= SelfTest.tolerance
            case .atLeast: difference >= -SelfTest.tolerance
            case .part: ratio <= SelfTest.tolerance
            }
        passed = isFine.map(String.init) ?? ""
    }

    /// The check of which the deviation is a part of what is expected.
    static let overhead = "overhead"

    package static let fileName = "selftest.csv"
    package static let meaning =
        "What the harness measured of itself before the first run, or before the first one that was "
        + "made after --resume."
    package static let columns: [Column<SelfTestRow>] = [
        Column(
            "check", .text(\.check),
            "overhead: the median update of none, which sends nothing, beside the quickest raw exchange "
                + "of floor.csv that an update is set against; delay: the median update of a mechanism "
                + "that takes a known time; stall: the longest of these, one of which was stalled; late: "
                + "in an open loop, how long the one behind the stalled one waited; wake: how late the "
                + "updates before it began, in the median."),
        Column(
            "expected_ns", "ns", .optionalInteger(\.expectedNs),
            "What it had to be; of overhead, the raw exchange. Empty where nothing is expected."),
        Column("measured_ns", "ns", .integer(\.measuredNs), "What was measured."),
        Column(
            "deviation", .optionalReal(\.deviation),
            "Of overhead, measured over expected; else that less 1."),
        Column(
            "passed", .optionalText(\.passed),
            "false where overhead is above 0.02, delay off by more than 0.02, or stall or late below "
                + "-0.02; empty where nothing is judged, as overhead in a debug build."),
    ]
}

extension [SelfTestRow] {
    /// What has failed, as a sentence; nil where nothing has.
    package var failureNote: String? {
        let failed = filter { $0.passed == "false" }
        guard !failed.isEmpty else { return nil }
        let words = failed.map { row in
            "\(row.check) measured \(Quantity.time(Double(row.measuredNs))) "
                + (row.check == SelfTestRow.overhead ? "beside " : "where it is ")
                + Quantity.time(Double(row.expectedNs ?? 0))
        }
        return "The self-test of the harness failed: " + words.joined(separator: "; ")
            + ". The machine is busy, or the harness is wrong: the times here are not to be trusted."
    }

    /// The section of `tables.md`, with its heading; nil where there was no self-test.
    var section: String? {
        guard !isEmpty else { return nil }
        let table = MarkdownTable(
            ["check", "expected", "measured", "deviation", "verdict"],
            map { row in
                [
                    row.check, row.expectedNs.map { Quantity.time(Double($0)) } ?? "-",
                    Quantity.time(Double(row.measuredNs)),
                    row.deviation.map { Quantity.number($0 * 100) + " %" } ?? "-",
                    ["true": "passed", "false": "FAILED"][row.passed] ?? "not judged",
                ]
            })
        return "## Self-test of the harness\n\n"
            + "Overhead: an update of none, which sends nothing, beside the raw exchange of the floor; "
            + "delay and stall: a mechanism whose updates take a known time, one of them much longer; "
            + "late: the update due behind the stalled one; wake: how late updates begin that are due "
            + "at a time. Allowed is 2 %; of a stall and of lateness, only less is wrong.\n\n"
            + table.text
    }
}
