/// What a schedule has shown to be wrong, as a sentence.
struct Violation: Error, Equatable, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
