import Foundation
import ProgramTesting

/// A run of the program that goes on long enough for something to happen to it.
struct LongRun {
    let program: Program
    let files: ResultsFiles
    let experiment: String
    private let scratch: Scratch

    /// - Parameters:
    ///   - operations: of each group; there is a crash round after every 20, in which no node but
    ///     the first backup or the second replica crashes.
    init(
        mechanisms: [String] = ["fusion", "replication"], operations: Int = 1_000_000,
        transport: String = "tcp", executable: URL? = nil
    ) throws {
        scratch = try Scratch()
        let names = mechanisms.map { "\"\($0)\"" }.joined(separator: ",")
        let nodes = ["fusion": "\"backup-1\"", "replication": "\"replica-1-2\""]
        let crashed = mechanisms.compactMap { nodes[$0] }.joined(separator: ",")
        experiment = try scratch.file(
            "long.json5",
            """
            {name: "long", mechanisms: [\(names)], groups: 2, faults: 1,
             workload: {operations: \(operations)}, transport: "\(transport)",
             crash: {every: 20, nodes: [\(crashed)]}}
            """)
        files = ResultsFiles(directory: scratch.path("r"))
        program = try Program(
            ["run", experiment, "--output", files.directory], executable: executable)
    }

    /// Waits until the first run is well under way.
    func waitForRecovery() throws {
        try eventually("the first recovery") {
            if program.hasEnded {
                throw NeverHappened("ended early: \(try program.wait())")
            }
            return files.rowsSoFar("recovery.csv") > 0
        }
    }

    /// Waits until the floor is being measured.
    func waitForFloor() throws {
        try eventually("the floor's echo process") {
            !program.children(running: "floor-echo").isEmpty
        }
    }
}
