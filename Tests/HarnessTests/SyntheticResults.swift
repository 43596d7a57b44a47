import Foundation
import Structures

@testable import Harness

/// A directory that goes when the test is over.
final class TemporaryDirectory {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("crashbench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path + "/" + name)))
    }

    func text(_ name: String) throws -> String { String(decoding: try bytes(name), as: UTF8.self) }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
    }
}

/// Results as a run of Boyd's experiment would leave them, with figures of the test's choice.
struct SyntheticResults {
    var mechanisms = ["fusion", "replication"]
    var groups = Array(1...5)
    var operations = 10_000
    var every = 1000
    var repetitions = 1
    /// Nanoseconds by groups and elements.
    var primaryRecovery: (Int, Int) -> Int = { groups, elements in elements * groups * 68 }
    var replicaRecovery: (Int, Int) -> Int = { _, elements in 2_000_000 + elements * 170 }
    /// Bytes by groups and elements, of one node.
    var fusedBytes: (Int, Int) -> Int = { _, elements in elements * 73 }
    var replicaBytes: (Int, Int) -> Int = { _, elements in elements * 876 / 100 }
    /// Nanoseconds by mechanism, groups and number of the update.
    var update: (String, Int, Int) -> Int = { mechanism, _, operation in
        mechanism == "fusion" ? 1_000_000 + operation % 10 : 3_500_000 + operation % 10 * 1000
    }
    /// What the updates of a repetition take, times what they would, by mechanism and repetition.
    var pace: (String, Int) -> Double = { _, _ in 1 }

    func write(to directory: String) throws {
        let runs = try CSVWriter<RunRow>(in: directory)
        let updates = try CSVWriter<UpdateRow>(in: directory)
        let space = try CSVWriter<SpaceRow>(in: directory)
        let recoveries = try CSVWriter<RecoveryRow>(in: directory)
        var number = 0
        for repetition in 1...repetitions {
            for groups in groups {
                for mechanism in mechanisms {
                    number += 1
                    var row = run(number, mechanism, groups, repetition)
                    row.updates = 20
                    row.recoveries = operations / every * nodes(mechanism, groups).count
                    try runs.write(row)
                    for operation in 1...20 {
                        try updates.write(
                            UpdateRow(
                                run: number, group: 1, operation: operation, kind: "append",
                                backupNs: Int(
                                    Double(update(mechanism, groups, operation))
                                        * pace(mechanism, repetition)),
                                messages: 2, bytes: 64))
                    }
                    for elements in stride(from: every, through: operations, by: every) {
                        for node in nodes(mechanism, groups) {
                            try space.write(spaceRow(number, node, groups, elements))
                            try recoveries.write(recovery(number, node, groups, elements))
                        }
                    }
                }
            }
        }
        try runs.flush()
        try updates.flush()
        try space.flush()
        try recoveries.flush()
    }

    private struct Node {
        var name: String
        var role: String
        var group: Int?
    }

    private func nodes(_ mechanism: String, _ groups: Int) -> [Node] {
        (1...groups).flatMap { group in
            mechanism == "fusion"
                ? [Node(name: "primary-\(group)", role: "primary", group: group)]
                : (1...2).map {
                    Node(name: "replica-\(group)-\($0)", role: "replica", group: group)
                }
        } + (mechanism == "fusion" ? [Node(name: "backup-1", role: "backup")] : [])
    }

    private func run(
        _ number: Int, _ mechanism: String, _ groups: Int, _ repetition: Int
    ) -> RunRow {
        let plan = RunPlan(
            experiment: "boyd-2016", mechanism: mechanism, groups: groups, faults: 1,
            workload: Workload(operations: operations, warmup: 100),
            crash: CrashPlan(every: every), repetition: repetition)
        var row = RunRow(
            run: number, plan: plan, nodes: mechanism == "fusion" ? groups + 1 : groups * 3,
            codes: mechanism == "fusion")
        row.valid = true
        return row
    }

    private func spaceRow(_ run: Int, _ node: Node, _ groups: Int, _ elements: Int) -> SpaceRow {
        let bytes = node.role == "backup" ? fusedBytes : replicaBytes
        return SpaceRow(
            run: run, operations: elements, node: node.name, role: node.role, group: node.group,
            elements: elements, ledger: Ledger(payload: bytes(groups, elements)),
            residentBytes: 5_000_000, heapBytes: 1_000_000)
    }

    private func recovery(_ run: Int, _ node: Node, _ groups: Int, _ elements: Int) -> RecoveryRow {
        var row = RecoveryRow()
        row.run = run
        row.operations = elements
        row.node = node.name
        row.role = node.role
        row.group = node.group
        row.elements = elements
        row.incarnation = 2
        row.recoveryNs =
            (node.role == "replica" ? replicaRecovery : primaryRecovery)(groups, elements)
        row.restartNs = row.recoveryNs + 9_000_000
        row.bytes = elements * 8
        row.verified = true
        return row
    }
}

extension UpdateRow {
    /// An update of run 1, of which only the number differs.
    static func example(_ operation: Int) -> UpdateRow {
        UpdateRow(
            run: 1, group: 2, operation: operation, kind: "append", backupNs: 90_000, messages: 2,
            bytes: 64)
    }
}
