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
        (
            "replication.sender=1",
            "replication.sender is not known (did you mean \"senders\"?); allowed here: managers"
        ),
        (
            "replication.senders=0",
            "replication.senders is 0; it must be a whole number from 1 to 64."
        ),
        ("replication.senders=65", "replication.senders is 65; it must be"),
        (
            "replication.batch=0",
            "replication.batch is 0; it must be a whole number from 1 to 65536."
        ),
        (
            "replication.managers='each'",
            "replication.managers is \"each\"; it must be \"one\" or \"perGroup\"."
        ),
        (
            "replication.acknowledge='deliver'",
            "replication.acknowledge is \"deliver\" (did you mean \"delivery\"?); it must be "
        ),
        ("replication.piggyback=1", "replication.piggyback is 1; it must be true or false."),
        ("code.bits=1", "code.bits is not known; allowed here: kind, wordBits."),
        (
            "crash.every2=1",
            "crash.every2 is not known (did you mean \"every\"?); allowed here: every"
        ),
        ("groups.x=1", "groups is an object; it must be a whole number from 1 to 4096."),
        ("groups=0", "groups is 0; it must be a whole number from 1 to 4096."),
        ("groups=-1", "groups is -1; it must be"),
        ("groups=4097", "groups is 4097; it must be"),
        ("groups=1.5", "groups is 1.5; it must be"),
        ("groups=1e30", "groups is 1e+30; it must be"),
        ("groups=NaN", "groups is nan; it must be"),
        ("groups='2'", "groups is \"2\"; it must be"),
        ("groups=null", "groups is null; it must be"),
        ("groups=true", "groups is true; it must be"),
        (
            "groups=[]",
            "groups is an empty list; it must be a whole number from 1 to 4096, or a list"
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
            "structure is \"lists\" (did you mean \"list\"?); it must be \"list\" or \"queue\" or"
        ),
        (
            "valueBytes=0",
            "valueBytes is 0; it must be a whole number from 1 to 1048576, or { min, max, "
        ),
        ("valueBytes=[8,'a']", "valueBytes has \"a\" in its list; it must be a whole number"),
        ("valueBytes={min:8}", "valueBytes.max is missing; it must be a whole number from 1 to"),
        ("valueBytes={min:8,max:4}", "valueBytes.min is 8, above valueBytes.max (4); it must be"),
        (
            "valueBytes=[8,{min:8,maks:9}]",
            "valueBytes.maks is not known (did you mean \"max\"?); allowed here: min, max, "
        ),
        (
            "valueBytes={min:8,max:9,distribution:'latest'}",
            "valueBytes.distribution is \"latest\"; it must be \"uniform\" or \"zipfian\"."
        ),
        (
            "valueBytes={min:8,max:9,distribution:'zipfian',theta:1}",
            "valueBytes.theta is 1; it must be a number above 0 and below 1, such as 0.99."
        ),
        ("workload=3", "workload is 3; it must be an object"),
        ("workload=[]", "workload is an empty list; it must be an object"),
        ("workload={}", "workload.operations is missing; it must be a whole number"),
        ("workload.operations=0", "workload.operations is 0; it must be"),
        ("workload.operations=99999999999", "workload.operations is 99999999999; it must be"),
        ("workload.warmup=-2", "workload.warmup is -2; it must be a whole number from 0"),
        ("workload.window=0", "workload.window is 0; it must be a whole number from 1 to 65536."),
        ("workload.order=random", "workload.order is \"random\"; it must be \"sequential\" or"),
        (
            "workload.mix.push=1",
            "workload.mix.push is no operation of a list; allowed here: append, insert, set, "
                + "remove, read, readAll."
        ),
        (
            "workload.mix.apend=1",
            "workload.mix.apend is no operation of a list (did you mean \"append\"?); allowed here"
        ),
        (
            "workload.mix={list:{append:1},que:{push:1}}",
            "workload.mix.que is not known (did you mean \"queue\"?); allowed here: list, queue,"
        ),
        (
            "workload.mix={list:{push:1}}",
            "workload.mix.list.push is no operation of a list; allowed here: append, insert, set"
        ),
        ("workload.mix={list:{set:0}}", "workload.mix.list has weights that sum to 0; at least"),
        ("workload.mix=3", "workload.mix is 3; it must be an object with keys among append, "),
        ("workload.invalid=-1", "workload.invalid is -1; it must be a whole number from 0"),
        (
            "workload.targetSize=0",
            "workload.targetSize is 0; it must be a whole number from 1 to 1000000000, or null."
        ),
        ("workload.keys=5", "workload.keys is 5; it must be an object with keys among space,"),
        ("workload.keys.space=0", "workload.keys.space is 0; it must be a whole number from 1"),
        (
            "workload.keys.distribution=zipf",
            "workload.keys.distribution is \"zipf\"; it must be \"uniform\" or \"sequential\" or"
        ),
        ("workload.keys.theta=0", "workload.keys.theta is 0; it must be a number above 0 and"),
        (
            "workload.positions.teta=0.5",
            "workload.positions.teta is not known (did you mean \"theta\"?); allowed here: "
        ),
        (
            "workload.positions.distribution=latests",
            "workload.positions.distribution is \"latests\" (did you mean \"latest\"?); it must be"
        ),
        ("workload.mix={}", "workload.mix has weights that sum to 0; at least one"),
        ("workload.mix={append:0}", "workload.mix has weights that sum to 0; at least one"),
        ("workload.mix={append:-1}", "workload.mix.append is -1; it must be a whole number from 0"),
        (
            "workload.mix={set:1,remove:2}",
            "workload.mix never adds an element; append or insert must have a weight above 0, or "
                + "there must be a workload.targetSize."
        ),
        (
            "crash=5",
            "crash is 5; it must be an object with keys among every, nodes, moment, reached."
        ),
        ("crash={}", "crash.every is missing; it must be a whole number"),
        ("crash.every=0", "crash.every is 0; it must be"),
        ("crash.every=11", "crash.every is 11, above workload.operations (10); it must be from 1"),
        (
            "crash={every:5,nodes:'togehter'}",
            "crash.nodes is \"togehter\" (did you mean \"together\"?); it must be \"each\", \"together\""
        ),
        ("crash={every:5,nodes:[]}", "crash.nodes is an empty list; it must be \"each\", "),
        ("crash={every:5,nodes:[[]]}", "crash.nodes is a list; it must be \"each\", "),
        ("crash={every:5,nodes:[['backup-1','backup-1']]}", "crash.nodes is a list; it must be"),
        (
            "crash={every:5,nodes:[['backup-1','primary-1'],['primary-1','backup-1']]}",
            "crash.nodes is a list; it must be"
        ),
        (
            "crash={every:5,nodes:[['backup-1','primary-3']]}",
            "crash.nodes names \"primary-3\", which is a node of no run (did you mean "
                + "\"primary-1\"?); allowed here: primary-1, primary-2, backup-1."
        ),
        (
            "crash={every:5,moment:'updates'}",
            "crash.moment is \"updates\" (did you mean \"update\"?); it must be \"between\" or "
        ),
        (
            "crash={every:5,moment:'update',reached:-1}",
            "crash.reached is -1; it must be a whole number from 0 to 32, or null to draw it."
        ),
        (
            "crash={every:5,moment:'update',reached:2}",
            "crash.reached is 2, above faults (1); it must be from 0 to faults, the number of backups."
        ),
        (
            "crash={every:5,reached:1}",
            "crash.reached says how many backups an update has reached, and no node crashes in the "
                + "middle of one; it needs crash.moment \"update\"."
        ),
        (
            "crash={every:2,moment:'update'}",
            "crash.every is 2, and a round of fusion has 3 crashes, each in an update of its own; it "
                + "must be at least 3 with crash.moment \"update\"."
        ),
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
        ("placement=near", "placement is \"near\"; it must be \"none\" or \"same\" or \"spread\"."),
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
            ["structure=['list','map']", "workload.mix={append:1}"],
            "workload.mix.append is no operation of a map; allowed here: put, remove, read, readAll; "
                + "each structure can have its own mix, as in mix: { list: { append: 1 }, "
                + "map: { put: 1 } }."
        ),
        (
            ["structure=map", "workload.targetSize=50", "workload.keys.space=40"],
            "workload.targetSize is 50, more than a map can have; it must be at most 40, the "
                + "number of different keys (workload.keys.space)."
        ),
        (
            ["structure=set", "valueBytes=1", "workload.targetSize=300"],
            "workload.targetSize is 300, more than a set of 1-byte values can have; it must be at "
                + "most 256, the number of different keys."
        ),
        (
            ["placement=['none','same']", "launch=threads"],
            "placement is \"same\", and threads of one process share ZeroMQ's; with launch "
                + "\"threads\" it must be \"none\"."
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
