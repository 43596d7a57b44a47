/// A probability as a ratio of whole numbers, so that it is the same on every machine.
package struct Ratio: Sendable, Hashable {
    /// At most `denominator`.
    package let numerator: Int
    /// At least 1.
    package let denominator: Int

    package init(_ numerator: Int, in denominator: Int) {
        precondition(0...denominator ~= numerator && denominator >= 1, "a ratio from 0 to 1")
        self.numerator = numerator
        self.denominator = denominator
    }

    package static let never = Ratio(0, in: 1)

    /// Whether it comes true, by the output of a generator at `index`.
    package func comesTrue(_ draws: SplitMix64, at index: UInt64) -> Bool {
        numerator > 0 && draws.number(below: denominator, at: index) < numerator
    }
}
