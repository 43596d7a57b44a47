import Structures
import Testing

@testable import FusedStructures

/// What is refused changes nothing, neither at the server nor at the backups.
struct ErrorTests {
    /// Expects a call to be refused, all servers as before, and the cluster to work.
    private func refuses<Structure, Result>(
        _ cluster: FusedCluster<Structure>, _ error: FusedError,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ call: () throws -> Result
    ) {
        let before = state(of: cluster)
        #expect(throws: error, sourceLocation: sourceLocation) { _ = try call() }
        #expect(state(of: cluster) == before, sourceLocation: sourceLocation)
    }

    @Test func lists() throws {
        let cluster = try FusedCluster<FusedList<String>>(
            primaries: 2, faults: 2, maximumElementBytes: 8)
        let list = cluster[0]
        refuses(cluster, .empty) { try list.removeFirst() }
        refuses(cluster, .empty) { try list.removeLast() }
        try list.append(contentsOf: ["a", "b", "c"])
        try cluster[1].append("d")
        for index in [-1, 3, 4, .max, .min] {
            let error = FusedError.indexOutOfRange(index: index, count: 3)
            refuses(cluster, error) { try list[index] }
            refuses(cluster, error) { try list.remove(at: index) }
            refuses(cluster, error) { try list.replace(at: index, with: "x") }
            if index != 3 { refuses(cluster, error) { try list.insert("x", at: index) } }
        }
        let tooLarge = FusedError.elementTooLarge(bytes: 9, limit: 8)
        refuses(cluster, tooLarge) { try list.append("123456789") }
        refuses(cluster, tooLarge) { try list.insert("123456789", at: 1) }
        refuses(cluster, tooLarge) { try list.replace(at: 1, with: "123456789") }
        try list.replace(at: 1, with: "12345678")
        try list.append("")
        #expect(try list.elements == ["a", "12345678", "c", ""])
    }

    @Test func emptyStructures() throws {
        let queues = try FusedCluster<FusedQueue<Int>>(primaries: 2, faults: 1)
        refuses(queues, .empty) { try queues[0].dequeue() }
        let stacks = try FusedCluster<FusedStack<Int>>(primaries: 2, faults: 1)
        refuses(stacks, .empty) { try stacks[0].pop() }
        let deques = try FusedCluster<FusedDeque<Int>>(primaries: 2, faults: 1)
        refuses(deques, .empty) { try deques[0].removeFirst() }
        refuses(deques, .empty) { try deques[0].removeLast() }
        let priorities = try FusedCluster<FusedPriorityQueue<Int>>(primaries: 2, faults: 1)
        refuses(priorities, .empty) { try priorities[0].pop() }
        #expect(try queues[0].first == nil && stacks[0].top == nil && deques[0].last == nil)
        #expect(try priorities[0].first == nil)
    }

    @Test func keys() throws {
        let maps = try FusedCluster<FusedMap<String, Int>>(primaries: 2, faults: 1)
        try maps[0].updateValue(1, forKey: String(repeating: "k", count: 255))
        let long = String(repeating: "k", count: 256)
        let error = FusedError.keyTooLarge(bytes: 256, limit: 255)
        refuses(maps, error) { try maps[0].updateValue(1, forKey: long) }
        refuses(maps, error) { try maps[0].removeValue(forKey: long) }
        refuses(maps, error) { try maps[0][long] }
        refuses(maps, .missingKey("x")) { try maps[0].removeValue(forKey: "x") }
        let sets = try FusedCluster<FusedSet<String>>(
            primaries: 2, faults: 1, maximumElementBytes: 300)
        try sets[0].insert(long)
        let tooLarge = FusedError.elementTooLarge(bytes: 301, limit: 300)
        refuses(sets, tooLarge) { try sets[0].insert(String(repeating: "k", count: 301)) }
        refuses(sets, .missingKey("x")) { try sets[0].remove("x") }
    }

    /// Writes what it cannot read, and nothing where it is told to fail.
    private struct Unreadable: Codable {
        var fails: Bool

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            if fails {
                throw EncodingError.invalidValue(
                    self, .init(codingPath: [], debugDescription: "told to fail"))
            }
            try container.encode("text")
        }
    }

    /// Says that it has 4 bytes and gives 3.
    private struct Short: FusedElement {
        init() {}
        init?(fusedBytes: [UInt8]) { return nil }
        static var fusedByteCount: Int? { 4 }
        var fusedBytes: [UInt8] { [1, 2, 3] }
    }

    @Test func unfitElements() throws {
        let cluster = try FusedCluster<FusedList<Unreadable>>(primaries: 2, faults: 1)
        let before = state(of: cluster)
        do {
            try cluster[0].append(Unreadable(fails: true))
            Issue.record("an element without bytes was taken")
        } catch .cannotEncode(let type, let reason) {
            #expect(type == "Unreadable" && reason.contains("told to fail"))
        }
        #expect(state(of: cluster) == before)
        try cluster[0].append(Unreadable(fails: false))
        do {
            _ = try cluster[0][0]
            Issue.record("unreadable bytes were read")
        } catch .cannotDecode(let type, _) {
            #expect(type == "Unreadable")
        }
        let short = try FusedCluster<FusedList<Short>>(primaries: 2, faults: 1)
        refuses(
            short, .cannotEncode(type: "value", reason: "it has 3 bytes, all have 4")
        ) { try short[0].append(Short()) }
    }

    @Test func impossibleClusters() throws {
        typealias Cluster = FusedCluster<FusedList<String>>
        func refuses(_ reason: String, _ make: () throws -> Cluster) {
            #expect(throws: FusedError.invalidCluster(reason)) { _ = try make() }
        }
        refuses("a cluster has at least 1 primary, not 0") {
            try Cluster(primaries: 0, faults: 1)
        }
        refuses("a cluster tolerates at least 1 fault, not 0") {
            try Cluster(primaries: 1, faults: 0)
        }
        refuses("a cluster tolerates at least 1 fault, not \(Int.min)") {
            try Cluster(primaries: 1, faults: .min)
        }
        refuses("a code has words of 8, 16 or 32 bits, not 7") {
            try Cluster(primaries: 1, faults: 1, code: .cauchy(wordBits: 7))
        }
        refuses("a cluster with this code has at most 256 servers, not 257") {
            try Cluster(primaries: 200, faults: 57, code: .cauchy(wordBits: 8))
        }
        refuses("elements have 1 to 1048576 bytes, not 0") {
            try Cluster(primaries: 1, faults: 1, maximumElementBytes: 0)
        }
        refuses("elements have 1 to 1048576 bytes, not 1048577") {
            try Cluster(primaries: 1, faults: 1, maximumElementBytes: 1_048_577)
        }
        #expect(throws: FusedError.self) { try Cluster(primaries: .max, faults: .max) }
    }
}
