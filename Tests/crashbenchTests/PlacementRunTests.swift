import Foundation
import ProgramTesting
import Testing

/// The CPUs that real nodes are bound to.
struct PlacementRunTests {
    @Test func `nodes run where the experiment places them`() throws {
        let allowed = try #require(Self.allowed)
        let scratch = try Scratch()
        let outcome = try Program.call([
            "run", projectRoot.appendingPathComponent("Experiments/placement.json5").path,
            "--output", scratch.path("r"), "--set", "workload.operations=20", "--set",
            "mechanisms=fusion", "--set", "faults=1", "--repetitions", "1",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let files = ResultsFiles(directory: scratch.path("r"))
        let runs = try files.rows("runs.csv")
        #expect(Set(runs.compactMap { $0["placement"] }) == ["none", "same", "spread"])
        let resources = try files.rows("resources.csv").filter { $0["phase"] == "updates" }
        func processors(_ placement: String, _ role: String) -> Set<String?> {
            let run = runs.first { $0["placement"] == placement }?["run"]
            return Set(
                resources.filter { $0["run"] == run && $0["role"] == role }
                    .map { $0["processors"] })
        }
        #expect(processors("same", "primary") == ["\(allowed[0])"])
        #expect(processors("same", "backup") == ["\(allowed[0])"])
        #expect(processors("spread", "primary") == ["\(allowed[0])"])
        let second = allowed.count == 1 ? allowed[0] : allowed[(allowed.count + 1) / 2]
        #expect(processors("spread", "backup") == ["\(second)"])
        let floors = try files.rows("floor.csv").filter { $0["measure"] == "one_round" }
        #expect(Set(floors.compactMap { $0["placement"] }) == ["none", "same", "spread"])
    }

    /// The CPUs that this process may use, of a list such as 0-3,6.
    private static var allowed: [Int]? {
        let status = FileHandle(forReadingAtPath: "/proc/self/status")
        let text = String(decoding: (try? status?.readToEnd()) ?? Data(), as: UTF8.self)
        let list = text.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
        return list?.split(separator: "\t").last?.split(separator: ",").flatMap { part in
            let ends = part.split(separator: "-").compactMap { Int($0) }
            return ends.isEmpty ? [] : Array(ends[0]...ends[ends.count - 1])
        }
    }
}
