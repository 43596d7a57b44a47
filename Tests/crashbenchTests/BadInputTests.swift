import ProgramTesting
import Testing

/// The bad input that the project promises to refuse, through the real program.
struct BadInputTests {
    private static let rest = "faults: 1, workload: {operations: 100}"

    @Test(arguments: [
        ("unknown key", "groups: 1, gruops: 1, \(rest)", "gruops is not known"),
        ("wrong type", "groups: \"many\", \(rest)", "groups is \"many\"; it must be a whole"),
        ("empty list", "groups: [], \(rest)", "groups is an empty list; it must be a whole"),
        ("groups 0", "groups: 0, \(rest)", "groups is 0; it must be a whole number from 1"),
        (
            "faults 0", "groups: 1, faults: 0, workload: {operations: 100}",
            "faults is 0; it must be a whole number from 1"
        ),
        (
            "n + f over the field", "groups: 256, \(rest)",
            "groups and faults are 256 + 1, more nodes than fusion can code in words of 8 bits; "
                + "their sum must be at most 256"
        ),
        (
            "unknown mechanism", "groups: 1, mechanisms: [\"fission\"], \(rest)",
            "mechanisms has \"fission\" (did you mean \"fusion\"?) in its list; it must be \"fusion\""
        ),
        (
            "unknown operation",
            "groups: 1, faults: 1, workload: {operations: 100, mix: {push: 1}}",
            "workload.mix.push is no operation of a list; allowed here: append,"
        ),
        (
            "weights that sum to zero",
            "groups: 1, faults: 1, workload: {operations: 100, mix: {append: 0}}",
            "workload.mix has weights that sum to 0; at least one"
        ),
        (
            "a crash after the end", "groups: 1, crash: {every: 101}, \(rest)",
            "crash.every is 101, above workload.operations (100); it must be from 1"
        ),
        ("not JSON5", "groups: 1,\n\(rest);", "line 2, column "),
    ])
    func refuses(_ name: String, text: String, sentence: String) throws {
        let mechanisms = text.contains("mechanisms") ? "" : "mechanisms: [\"fusion\"], "
        let scratch = try Scratch()
        let path = try scratch.file("bad.json5", "{name: \"bad\", \(mechanisms)\(text)}")
        let outcomes = [
            try Program.call(["run", path, "--output", scratch.path("r")]),
            try Program.call(["run", path], in: scratch.url),
            try Program.call(["check", path]),
        ]
        for outcome in outcomes {
            #expect(outcome.status == 64, "\(name)")
            #expect(outcome.output == "")
            #expect(outcome.errors.hasPrefix("crashbench: \(path): \(sentence)"), "\(outcome)")
            #expect(outcome.errors.count { $0 == "\n" } == 1)
        }
        #expect(scratch.contents == ["bad.json5"])
    }
}
