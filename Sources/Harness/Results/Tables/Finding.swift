/// What was found about one published claim.
struct Finding: Equatable {
    enum Verdict: String {
        case reproduced
        case notReproduced = "not reproduced"
        case notMeasured = "not measured here"
    }

    var measured: String
    /// When the claim counts as reproduced, in words.
    var test: String
    var verdict: Verdict
    /// Whether only the direction was tested and not the number.
    var isDirection = false

    /// The verdict as the table has it.
    var conclusion: String {
        isDirection ? "\(verdict.rawValue) (direction only)" : verdict.rawValue
    }

    init(_ measured: String, test: String, isDirection: Bool = false, holds: Bool) {
        self.measured = measured
        self.isDirection = isDirection
        self.test = test
        verdict = holds ? .reproduced : .notReproduced
    }

    private init() {
        measured = "-"
        test = "-"
        verdict = .notMeasured
    }

    static let notMeasured = Finding()
}

/// When a shape or a number counts as reproduced. Absolute times are never tested against the
/// report's, since the hardware differs; space is, since it does not.
enum Bounds {
    /// Largest over smallest median of what is called constant in time.
    static let constantTime = 1.5
    /// Largest over smallest of what is called constant in space.
    static let constantSpace = 1.1
    /// The least R² of a line through times, and through bytes.
    static let linearTime = 0.8
    static let linearSpace = 0.95
    /// How much a growing line has to grow from the fewest to the most groups.
    static let growth = 1.25
    /// Fewer points make no shape.
    static let points = 3
    /// How far a number of bytes may be from the published one.
    static let space = 0.1
}
