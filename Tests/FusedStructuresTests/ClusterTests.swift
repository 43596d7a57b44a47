import Structures
import Testing

@testable import FusedStructures

/// Crashes, recoveries and what one sees of them.
struct ClusterTests {
    private func cluster() throws -> FusedCluster<FusedList<UInt16>> {
        let cluster = try FusedCluster<FusedList<UInt16>>(primaries: 3, faults: 2)
        for (primary, list) in cluster.primaries.enumerated() {
            try list.append(contentsOf: [10, 20, 30].map { $0 + UInt16(primary) })
        }
        return cluster
    }

    @Test func `a crashed server refuses everything until it recovers, others go on`() throws {
        let cluster = try cluster()
        let list = cluster[1]
        try cluster.crash(.primary(1))
        #expect(cluster.crashed == [.primary(1)])
        let error = FusedError.serverCrashed(.primary(1))
        #expect(throws: error) { try list.count }
        #expect(throws: error) { try list.elements }
        #expect(throws: error) { try list.append(1) }
        #expect(throws: error) { try list.remove(at: -1) }
        #expect(throws: error) { try cluster.cells(of: .primary(1)) }
        #expect(throws: error) { try cluster.crash(.primary(1)) }
        #expect(list.description == "(primary 1 has crashed)")
        try cluster[0].remove(at: 0)
        try cluster[2].append(40)
        try cluster.recover(.primary(1))
        #expect(cluster.crashed == [])
        #expect(try list.elements == [11, 21, 31])
        try list.append(41)
        #expect(
            cluster.primaries.map(\.description) == [
                "[20, 30]", "[11, 21, 31, 41]", "[12, 22, 32, 40]",
            ])
    }

    @Test func `unknown servers are refused and nothing crashes`() throws {
        let cluster = try cluster()
        for server in [FusedServer.primary(3), .primary(-1), .backup(2), .backup(-1)] {
            #expect(throws: FusedError.noSuchServer(server)) { try cluster.crash(server) }
            #expect(throws: FusedError.noSuchServer(server)) {
                try cluster.crash([.primary(0), server])
            }
            #expect(throws: FusedError.noSuchServer(server)) { try cluster.recover(server) }
            #expect(throws: FusedError.noSuchServer(server)) { try cluster.cells(of: server) }
        }
        #expect(throws: FusedError.noSuchServer(.primary(1))) {
            try cluster.slots(ofPrimary: 0, at: .primary(1))
        }
        #expect(cluster.crashed == [])
        #expect(try cluster.recover().restored == [])
    }

    @Test func `more failures than faults are named, and the rest serves on`() throws {
        let cluster = try cluster()
        try cluster.crash([.backup(1), .primary(2), .primary(0)])
        let error = FusedError.tooManyFailures(
            lost: [.primary(0), .primary(2)], failed: [.primary(0), .primary(2), .backup(1)],
            faults: 2)
        #expect(throws: error) { try cluster.recover() }
        #expect(throws: error) { try cluster.recover(.backup(1)) }
        #expect(
            "\(error)" == "primary 0, primary 2 are lost: 3 servers have crashed "
                + "(primary 0, primary 2, backup 1), the cluster tolerates 2")
        try cluster[1].append(41)
        #expect(try cluster[1].elements == [11, 21, 31, 41])
        #expect(cluster.crashed.count == 3)
    }

    @Test func `a recovery tells what it used and restored`() throws {
        let cluster = try cluster()
        try cluster[0].insert(5, at: 0)
        let codes = try cluster.cells(of: .backup(0))
        try cluster.crash(.primary(0))
        let recovery = try cluster.recover()
        #expect(recovery.failed == [.primary(0)])
        #expect(recovery.sources.map(\.server) == [.primary(1), .primary(2), .backup(0)])
        #expect(recovery.sources.last?.cells == codes)
        #expect(recovery.sources.last?.slots.map { $0.slots.map(\.number) } == [[3, 0, 1, 2]])
        #expect(
            recovery.restored == [
                .init(server: .primary(0), count: 4, contents: "[5, 10, 20, 30]")
            ])
        #expect(recovery.messages > 0 && recovery.bytes > 0)
        try cluster.crash(.backup(0))
        let rebuilt = try cluster.recover()
        #expect(rebuilt.sources.map(\.server) == [.primary(0), .primary(1), .primary(2)])
        #expect(rebuilt.restored.map(\.count) == [4])
        #expect(try cluster.cells(of: .backup(0)) == codes)
    }

    @Test func `clusters of many servers choose a code that has room`() throws {
        let cluster = try FusedCluster<FusedList<UInt8>>(primaries: 300, faults: 2)
        for (index, list) in cluster.primaries.enumerated() { try list.append(UInt8(index % 251)) }
        try cluster.crash(.primary(299))
        try cluster.recover()
        #expect(try cluster[299].elements == [UInt8(299 % 251)])
    }
}
