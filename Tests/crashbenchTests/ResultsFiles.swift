import Foundation
import Testing

/// The CSV files of a results directory, read without the program's own code.
struct ResultsFiles {
    /// The first columns of each file, in the order that DESIGN.md promises.
    static let columns = [
        "runs.csv": """
        run,experiment,mechanism,groups,faults,structure,value_bytes,operations,window,\
        transport,launch,code,word_bits,repetition,seed,nodes,duration_ns,updates,recoveries,\
        valid
        """,
        "updates.csv": "run,group,operation,kind,backup_ns,messages,bytes",
        "space.csv": """
        run,operations,node,role,group,elements,payload_bytes,auxiliary_bytes,slack_bytes,\
        protocol_bytes,total_bytes,resident_bytes
        """,
        "recovery.csv": """
        run,operations,node,role,group,elements,incarnation,detect_ns,quiesce_ns,collect_ns,\
        decode_ns,install_ns,resume_ns,recovery_ns,restart_ns,messages,bytes,verified
        """,
        "resources.csv": """
        run,node,role,group,phase,accounted_bytes,malloc_bytes,malloc_arena_bytes,\
        resident_bytes,proportional_bytes,user_ns,system_ns,voluntary_switches,\
        involuntary_switches,messages_sent,bytes_sent,messages_received,bytes_received,\
        recording_bytes
        """,
        "summary.csv": """
        mechanism,groups,faults,structure,value_bytes,transport,metric,count,mean,median,\
        variance,stddev,min,p95,p99,p999,max,floor,ratio_to_floor
        """,
    ]

    var directory: String

    typealias Row = [String: String]

    func text(_ name: String) throws -> String {
        try String(contentsOfFile: directory + "/" + name, encoding: .utf8)
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: directory + "/" + name)
    }

    /// The rows of a file by column. Nothing that a run of these tests writes needs quotes.
    func rows(_ name: String) throws -> [Row] {
        var lines = try text(name).components(separatedBy: "\r\n")
        #expect(lines.popLast() == "", "\(name) ends with a whole row")
        let header = try #require(lines.first).components(separatedBy: ",")
        return try lines.dropFirst().map { line in
            let fields = line.components(separatedBy: ",")
            try #require(fields.count == header.count, "\(name): \(line)")
            return Row(uniqueKeysWithValues: zip(header, fields))
        }
    }

    /// How many rows a file that is still being written has.
    func rowsSoFar(_ name: String) -> Int {
        max(0, ((try? text(name)) ?? "").components(separatedBy: "\r\n").count - 2)
    }

    /// Every file is there, whole, and has its columns in their order.
    func checkFiles() throws {
        for (name, columns) in Self.columns {
            #expect((try text(name) + ",").hasPrefix(columns), "\(name)")
            _ = try rows(name)
        }
        let environment = try JSONSerialization.jsonObject(
            with: Data(text("environment.json").utf8))
        #expect((environment as? [String: Any])?["commit"] != nil)
        #expect(try text("tables.md").hasPrefix("# "))
    }

    /// Every run is valid and complete, and every recovery is verified.
    func checkRuns() throws {
        let runs = try rows("runs.csv")
        let updates = Dictionary(grouping: try rows("updates.csv")) { $0["run"] }
        let recoveries = Dictionary(grouping: try rows("recovery.csv")) { $0["run"] }
        let resources = Dictionary(grouping: try rows("resources.csv")) { $0["run"] }
        #expect(!runs.isEmpty)
        for run in runs {
            #expect(run["valid"] == "true", "\(run)")
            let own = updates[run["run"]] ?? []
            #expect(own.count == number(run["updates"]))
            let recovered = recoveries[run["run"]] ?? []
            // Updates in flight that survive their initiator were never measured, unless they were
            // repeated to get their answers.
            let repeats = run["senders"]?.isEmpty == false
            let survived =
                repeats ? 0 : recovered.reduce(0) { $0 + max(0, number($1["survived"])) }
            #expect(
                own.count + number(run["refused"]) + survived
                    == number(run["groups"]) * number(run["operations"]), "\(run)")
            // The order of several senders' updates decides which of them are possible.
            if number(run["senders"]) < 2 {
                #expect((number(run["refused"]) > 0) == (number(run["invalid"]) > 0), "\(run)")
            }
            #expect(recovered.count == number(run["recoveries"]), "\(run)")
            #expect(recovered.allSatisfy { $0["verified"] == "true" }, "\(run)")
            #expect(recovered.isEmpty == run["crash_every"]?.isEmpty)
            let phases = Dictionary(grouping: resources[run["run"]] ?? []) { $0["phase"] }
            #expect(phases["updates"]?.count == number(run["nodes"]), "\(run)")
            #expect((phases["recovery"] == nil) == recovered.isEmpty, "\(run)")
        }
    }
}

/// The number in a field; an empty or missing one counts as none.
func number(_ field: String?) -> Int { field.flatMap { Int($0) } ?? -1 }
