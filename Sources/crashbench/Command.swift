/// One of the program's commands: what it takes and what it does.
struct Command: Sendable {
    var name: String
    /// The arguments without a dash, such as `EXPERIMENT.json5`; all must be there.
    var operands: [String] = []
    /// An argument behind them that may be left out.
    var optionalOperand: String?
    var summary: String
    var options: [Option] = []
    /// Whether the command is for people; the others are how the program calls itself.
    var isListed = true
    var run: @Sendable (Arguments) throws -> ExitStatus
}

extension Command {
    /// The name and the arguments, as help has them.
    var call: String {
        ([name] + operands + (optionalOperand.map { ["[\($0)]"] } ?? [])).joined(separator: " ")
    }
}

/// An option.
struct Option: Sendable {
    /// Without the dashes.
    var name: String
    /// What the value is, such as `DIR`; nil for an option that takes none.
    var value: String?
    var summary: String
}

/// A command line as its command sees it.
struct Arguments: Equatable, Sendable {
    /// As many as the command has operands, or the optional one more.
    var operands: [String] = []
    /// Options with their values in the order of the command line.
    var options: [Setting] = []

    struct Setting: Equatable, Sendable {
        var name: String
        var value: String
    }

    /// The value of an option, empty where it takes none; of several, the last one's.
    subscript(option: String) -> String? {
        options.last { $0.name == option }?.value
    }
}
