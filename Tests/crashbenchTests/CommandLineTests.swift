import ProgramTesting
import Testing

/// The program as people call it: what it prints where, and its exit status.
struct CommandLineTests {
    private static func crashbench(_ arguments: String...) throws -> Program.Outcome {
        try Program.call(arguments)
    }

    private static let quick = "Experiments/quick.json5"

    @Test func helps() throws {
        for option in ["--help", "-h", "help"] {
            let outcome = try Self.crashbench(option)
            #expect(outcome.status == 0 && outcome.errors.isEmpty)
            #expect(outcome.output.hasPrefix("Usage: crashbench COMMAND"))
            #expect(outcome.output.contains("reproduce boyd"))
            #expect(!outcome.output.contains("floor-echo"))
        }
    }

    @Test(arguments: ["run", "reproduce", "tables", "plot", "check", "floor", "doctor"])
    func helpsWithACommand(_ command: String) throws {
        let outcome = try Self.crashbench(command, "--help")
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        #expect(outcome.output.hasPrefix("Usage: crashbench \(command) "))
        #expect(outcome.output.contains("--help"))
    }

    @Test func helpListsTheOptions() throws {
        let output = try Self.crashbench("run", Self.quick, "--help").output
        for option in ["--output=DIR", "--set=KEY=VALUE", "--repetitions=N", "--seed=N"] {
            #expect(output.contains(option))
        }
    }

    @Test(arguments: [
        ([], "a command is missing; see crashbench --help"),
        (["chekc"], "\"chekc\" is no command (did you mean \"check\"?); allowed are run, "),
        (["check"], "EXPERIMENT is missing; see crashbench check --help"),
        (["check", "a", "b"], "\"b\" is one argument too many; see crashbench check --help"),
        (["run", quick, "--ouput", "x"], "--ouput is no option (did you mean \"--output\"?); see"),
        (["run", quick, "-x"], "-x is no option; see crashbench run --help"),
        (["run", quick, "--output"], "--output needs a value (DIR); see crashbench run --help"),
        (["run", quick, "--output", "--seed"], "--output needs a value (DIR); see"),
        (["run", quick, "--output="], "--output needs a value (DIR); see"),
        (["run", quick, "--help=1"], "--help=1: option does not take an argument; see"),
        (["tables", ".", "--seed", "1"], "--seed is no option; see crashbench tables --help"),
        (["reproduce", "garg"], "\"garg\" cannot be reproduced; allowed is boyd"),
        (["check", "nowhere.json5"], "nowhere.json5: the experiment file cannot be read; "),
        (["check", quick, "--set", "groups"], "--set groups: this is not KEY=VALUE; "),
        (["check", quick, "--set", "groups=0"], "--set groups=0: groups is 0; it must be"),
        (["check", quick, "--repetitions", "x"], "--repetitions x: repetitions is \"x\"; it must"),
        (["run", quick, "--repetitions", "0"], "--repetitions 0: repetitions is 0; it must"),
        (["run", "--seed=-1", quick], "--seed -1: seed is -1; it must be a whole number"),
        (
            ["floor", "--transport", "tcpp"],
            "--transport tcpp: there is no such transport (did you mean \"tcp\"?); it must be tcp or "
                + "ipc or inproc"
        ),
        (["floor", "--peers", "0"], "--peers 0: it must be a whole number from 1 to 64"),
        (["floor", "--bytes", "x"], "--bytes x: it must be a whole number from 1 to 1048576"),
        (
            ["floor", "--window", "65536", "--bytes", "65536"],
            "--window 65536: it must be a whole number from 1 to 1365"
        ),
        (["floor", "--seed", "1"], "--seed is no option; see crashbench floor --help"),
        (
            ["reproduce", "boyd", "--operations", "x"],
            "--operations x: workload.operations is \"x\""
        ),
        (["reproduce", "boyd", "--operations", "0"], "--operations 0: workload.operations is 0"),
    ])
    func refuses(_ arguments: [String], sentence: String) throws {
        let outcome = try Program.call(arguments)
        #expect(outcome.status == 64)
        #expect(outcome.output.isEmpty)
        #expect(outcome.errors.hasPrefix("crashbench: \(sentence)"))
        #expect(outcome.errors.hasSuffix("\n"))
        #expect(outcome.errors.count { $0 == "\n" } == 1)
    }

    @Test func checkPrintsTheRuns() throws {
        let outcome = try Self.crashbench("check", Self.quick)
        #expect(outcome.status == 0 && outcome.errors.isEmpty)
        #expect(outcome.output.hasPrefix("quick: 12 runs, in this order\n"))
    }

    @Test func checkTakesOverrides() throws {
        let output = try Self.crashbench(
            "check", "--set", "groups=2", Self.quick, "--seed=7", "--set=faults=1",
            "--set", "mechanisms=none"
        ).output
        #expect(output.hasPrefix("quick: 1 run\n"))
        #expect(output.contains("seed         7\n"))
        #expect(output.contains("groups       2\n"))
    }
}
