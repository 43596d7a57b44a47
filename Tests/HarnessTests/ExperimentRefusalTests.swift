import Foundation
import Testing

@testable import Harness

/// What an experiment file must not say, and the sentence that refuses it.
struct ExperimentRefusalTests {
    private func refusal(_ text: String, _ settings: [String] = []) -> String {
        do {
            _ = try ExperimentTests.load(text, settings)
            return "accepted"
        } catch {
            return "\(error)"
        }
    }

    /// The sentence of a small file with one key set otherwise, without the place in front.
    private func refusal(setting: String) -> String {
        let place = "--set \(setting): "
        let sentence = refusal(ExperimentTests.smallest, [setting])
        return sentence.hasPrefix(place) ? String(sentence.dropFirst(place.count)) : sentence
    }

    @Test(arguments: [
        (
            "grops=1",
            "grops is not known (did you mean \"groups\"?); allowed here: name, mechanisms"
        ),
        (
            "workload.operatoins=1",
            "workload.operatoins is not known (did you mean \"operations\"?)"
        ),
        ("code.bits=1", "code.bits is not known; allowed here: kind, wordBits."),
        (
            "crash.every2=1",
            "crash.every2 is not known (did you mean \"every\"?); allowed here: every"
        ),
        ("groups.x=1", "groups is an object; it must be a whole number from 1 to 1024."),
        ("groups=0", "groups is 0; it must be a whole number from 1 to 1024."),
        ("groups=-1", "groups is -1; it must be"),
        ("groups=1025", "groups is 1025; it must be"),
        ("groups=1.5", "groups is 1.5; it must be"),
        ("groups=1e30", "groups is 1e+30; it must be"),
        ("groups=NaN", "groups is nan; it must be"),
        ("groups='2'", "groups is \"2\"; it must be"),
        ("groups=null", "groups is null; it must be"),
        ("groups=true", "groups is true; it must be"),
        (
            "groups=[]",
            "groups is an empty list; it must be a whole number from 1 to 1024, or a list"
        ),
        ("groups=[1,0]", "groups has 0 in its list; it must be"),
        ("groups=[1,[2]]", "groups has a list in its list; it must be"),
        ("groups=[2,2]", "groups has 2 twice in its list; each value makes runs of its own."),
        ("faults=0", "faults is 0; it must be a whole number from 1 to 32."),
        ("mechanisms=fusoin", "mechanisms is \"fusoin\" (did you mean \"fusion\"?); it must be "),
        ("mechanisms=['none','x']", "mechanisms has \"x\" in its list; it must be \"fusion\" or "),
        ("mechanisms=[]", "mechanisms is an empty list; "),
        (
            "structure=lists",
            "structure is \"lists\" (did you mean \"list\"?); it must be \"list\"."
        ),
        ("valueBytes=0", "valueBytes is 0; it must be a whole number from 1 to 1048576."),
        ("workload=3", "workload is 3; it must be an object"),
        ("workload=[]", "workload is an empty list; it must be an object"),
        ("workload={}", "workload.operations is missing; it must be a whole number"),
        ("workload.operations=0", "workload.operations is 0; it must be"),
        ("workload.operations=99999999999", "workload.operations is 99999999999; it must be"),
        ("workload.warmup=-2", "workload.warmup is -2; it must be a whole number from 0"),
        ("workload.window=0", "workload.window is 0; it must be a whole number from 1 to 65536."),
        ("workload.order=random", "workload.order is \"random\"; it must be \"sequential\" or"),
        ("workload.mix.push=1", "workload.mix.push is not known; allowed here: append, insert"),
        ("workload.mix={}", "workload.mix has weights that sum to 0; at least one"),
        ("workload.mix={append:0}", "workload.mix has weights that sum to 0; at least one"),
        ("workload.mix={append:-1}", "workload.mix.append is -1; it must be a whole number from 0"),
        ("workload.mix={set:1,remove:2}", "workload.mix never adds an element; append or insert"),
        ("crash=5", "crash is 5; it must be an object with keys among every, nodes."),
        ("crash={}", "crash.every is missing; it must be a whole number"),
        ("crash.every=0", "crash.every is 0; it must be"),
        ("crash.every=11", "crash.every is 11, above workload.operations (10); it must be from 1"),
        ("crash={every:5,nodes:'together'}", "crash.nodes is \"together\"; it must be \"each\" or"),
        ("crash={every:5,nodes:[]}", "crash.nodes is an empty list; it must be \"each\" or a list"),
        ("crash={every:5,nodes:['backup-1','backup-1']}", "crash.nodes is a list; it must be"),
        ("crash={every:5,nodes:['backup-1',1]}", "crash.nodes is a list; it must be"),
        (
            "crash={every:5,nodes:['backup-2']}",
            "crash.nodes names \"backup-2\", which is a node of no run (did you mean "
                + "\"backup-1\"?); allowed here: primary-1, primary-2, backup-1."
        ),
        ("code.kind=luby", "code.kind is \"luby\"; it must be \"vandermonde\" or \"cauchy\" or "),
        ("code.wordBits=9", "code.wordBits is 9; it must be 8, 16 or 32."),
        ("transport=udp", "transport is \"udp\" (did you mean \"tcp\"?); it must be \"tcp\" or"),
        ("transport=inproc", "transport is \"inproc\", which does not reach other processes; it"),
        ("launch=fibers", "launch is \"fibers\"; it must be \"processes\" or \"threads\"."),
        ("repetitions=0", "repetitions is 0; it must be a whole number from 1 to 10000."),
        ("repetitions=[1,2]", "repetitions is a list; it must be a whole number"),
        ("seed=-1", "seed is -1; it must be a whole number from 0 to 9223372036854775807."),
        ("seed=9223372036854775808", "seed is 9.223372036854776e+18; it must be"),
        ("name=7", "name is 7; it names a folder"),
        ("name=''", "name is \"\"; it names a folder"),
        ("name='../up'", "name is \"../up\"; it names a folder"),
        ("name='a/b'", "name is \"a/b\"; it names a folder"),
        ("name='..'", "name is \"..\"; it names a folder"),
    ])
    func namesTheKeyAndWhatIsAllowed(_ setting: String, sentence: String) {
        let refusal = refusal(setting: setting)
        #expect(refusal.hasPrefix(sentence))
        #expect(refusal.hasSuffix(".") && !refusal.contains("\n"))
    }

    @Test(arguments: [
        (
            ["groups=256"],
            "groups and faults are 256 + 1, more nodes than fusion can code in words of 8 bits; "
                + "their sum must be at most 256, or code.wordBits 16 or 32."
        ),
        (
            ["code.kind=['cauchy','xor']", "faults=[1,2]"],
            "code.kind is \"xor\", which survives one fault, and faults is 2; with xor faults must "
                + "be 1; other codes with more faults need an experiment file of their own."
        ),
        (
            ["code.wordBits=32", "valueBytes=6"],
            "valueBytes is 6, which is not a whole number of code words; with fusion and "
                + "code.wordBits 32 it must be a multiple of 4."
        ),
        (
            ["mechanisms=replication", "crash={every:5,nodes:['manager']}"],
            "crash.nodes names \"manager\", which cannot be crashed yet; allowed here: "
                + "replica-1-1, replica-1-2, replica-2-1, replica-2-2."
        ),
    ])
    func namesWhatDoesNotGoTogether(_ settings: [String], sentence: String) {
        #expect(refusal(ExperimentTests.smallest, settings).hasSuffix(": " + sentence))
    }

    @Test func onlyFusionIsBoundByTheField() throws {
        let settings = ["mechanisms=none", "groups=300", "valueBytes=3", "code.wordBits=16"]
        #expect(try ExperimentTests.load(ExperimentTests.smallest, settings).plans.count == 1)
    }

    @Test(arguments: ["name", "mechanisms", "groups", "faults", "workload.operations"])
    func mustHave(_ key: String) {
        let members = [
            ("name", "name:'a'"), ("mechanisms", "mechanisms:'none'"), ("groups", "groups:1"),
            ("faults", "faults:1"), ("workload.operations", "workload:{operations:1}"),
        ]
        let text = "{" + members.filter { $0.0 != key }.map(\.1).joined(separator: ",") + "}"
        #expect(refusal(text).hasPrefix("file.json5: \(key) is missing; it "))
    }

    @Test func endsAnEndlessSweep() {
        let list = "[\((1...200).map(String.init).joined(separator: ","))]"
        #expect(
            refusal(ExperimentTests.smallest, ["groups=\(list)", "seed=\(list)"])
                == "file.json5: the lists and repetitions multiply to too many runs; at most 10000 "
                + "are allowed.")
    }

    @Test(arguments: [
        ("{name: 'a',\n groups 1}", "line 2, column 9: expected \":\" after the key \"groups\""),
        ("{name: 'a',\n name: 'b'}", "line 2, column 2: the key \"name\" stands twice"),
        ("", "line 1, column 1: expected a value, found the end of the text"),
        ("[1]", "the experiment is a list; it must be an object"),
        ("{name: 1e400}", "a number in the text is out of range"),
    ])
    func namesThePlaceInTheFile(_ text: String, sentence: String) {
        #expect(refusal(text).hasPrefix("file.json5: " + sentence))
    }

    @Test(arguments: [
        ("groups", "this is not KEY=VALUE"), ("=1", "this is not KEY=VALUE"),
        ("a..b=1", "this is not KEY=VALUE"), ("groups=", "groups has no value that can be read"),
        ("groups=[1", "groups has no value that can be read"),
    ])
    func refusesSettingsThatCannotBeRead(_ setting: String, sentence: String) {
        #expect(
            refusal(ExperimentTests.smallest, [setting])
                .hasPrefix("--set \(setting): \(sentence); "))
    }

    @Test func namesAFileThatIsNotThere() {
        #expect {
            try Experiment.load(path: "/nowhere/a.json5")
        } throws: {
            "\($0)".hasPrefix("/nowhere/a.json5: the experiment file cannot be read; ")
        }
    }
}
