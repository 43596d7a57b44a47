import Foundation
import FusedStructures
import Testing

/// Petrou, Thompson, Bloomfield and Mistry (Warwick, 2022), chapter 6: Tables 1 to 4 and Figure 4, as
/// their files in `Published` give them. Where the state that the report prints contradicts its own
/// operations, the operations count; the file tells both.
struct PublishedTests {
    private struct Tables: Decodable {
        struct Lists: Decodable {
            struct Insertion: Decodable {
                var value: UInt16
                var index: Int
            }
            struct Read: Decodable {
                var list: Int
                var index: Int
                var value: UInt16?
                var error: String?
            }
            var insert: [[Insertion]]
            var afterInsert: [[UInt16]]
            var read: [Read]
        }
        struct Maps: Decodable {
            struct Entry: Decodable {
                var key: Int
                var value: Int
            }
            struct Access: Decodable {
                var map: Int
                var key: Int
                var value: Int?
                var error: String?
            }
            var put: [[Entry]]
            var afterPut: [[String: Int]]
            var read: [Access]
            var remove: [Access]
            var afterRemove: [[String: Int]]
        }
        struct ListRemoves: Decodable {
            struct Removal: Decodable {
                var list: Int
                var index: Int
                var error: String?
            }
            var remove: [Removal]
            var afterRemove: [[UInt16]]
        }
        var lists: Lists
        var maps: Maps
        var listRemoves: ListRemoves
    }

    private struct Figure4: Decodable {
        var wordBits: Int
        var primaries: Int
        var faults: Int
        var lists: [[UInt16]]
        var slotHoldsIndex: [[Int]]
        var codes: [[UInt32]]
        var failedPrimaries: [Int]
    }

    private let tables: Tables

    init() throws {
        tables = try Self.decode(PackageResources.warwick_2022_tables_json)
    }

    private static func decode<Content: Decodable>(_ file: [UInt8]) throws -> Content {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Content.self, from: Data(file))
    }

    private func listsAfterTable1() throws -> FusedCluster<FusedList<UInt16>> {
        let cluster = try FusedCluster<FusedList<UInt16>>(primaries: 3, faults: 3)
        for (list, insertions) in zip(cluster.primaries, tables.lists.insert) {
            for insertion in insertions { try list.insert(insertion.value, at: insertion.index) }
        }
        return cluster
    }

    private func mapsAfterTable2() throws -> FusedCluster<FusedMap<Int, Int>> {
        let cluster = try FusedCluster<FusedMap<Int, Int>>(primaries: 3, faults: 3)
        for (map, entries) in zip(cluster.primaries, tables.maps.put) {
            for entry in entries { try map.updateValue(entry.value, forKey: entry.key) }
        }
        return cluster
    }

    private func contents(_ cluster: FusedCluster<FusedMap<Int, Int>>) throws -> [[String: Int]] {
        try cluster.primaries.map { map in
            Dictionary(uniqueKeysWithValues: try map.elements.map { ("\($0.key)", $0.value) })
        }
    }

    @Test func table1() throws {
        let cluster = try listsAfterTable1()
        #expect(try cluster.primaries.map { try $0.elements } == tables.lists.afterInsert)
        try recoverEverything(of: cluster)
        #expect(try cluster.primaries.map { try $0.elements } == tables.lists.afterInsert)
    }

    @Test func table2() throws {
        let cluster = try mapsAfterTable2()
        #expect(try contents(cluster) == tables.maps.afterPut)
        try recoverEverything(of: cluster)
        #expect(try contents(cluster) == tables.maps.afterPut)
    }

    @Test func table3() throws {
        let lists = try listsAfterTable1()
        for read in tables.lists.read {
            let list = lists[read.list - 1]
            if read.error == nil {
                #expect(try list[read.index] == read.value)
            } else {
                let count = try list.count
                #expect(throws: FusedError.indexOutOfRange(index: read.index, count: count)) {
                    try list[read.index]
                }
            }
        }
        let maps = try mapsAfterTable2()
        for read in tables.maps.read {
            let map = maps[read.map - 1]
            #expect(try map[read.key] == read.value)
            if read.error != nil {
                #expect(throws: FusedError.missingKey("\(read.key)")) {
                    try map.value(forKey: read.key)
                }
            }
        }
    }

    @Test func table4() throws {
        let lists = try listsAfterTable1()
        for removal in tables.listRemoves.remove {
            let list = lists[removal.list - 1]
            if removal.error == nil {
                try list.remove(at: removal.index)
            } else {
                let count = try list.count
                #expect(throws: FusedError.indexOutOfRange(index: removal.index, count: count)) {
                    try list.remove(at: removal.index)
                }
            }
        }
        let maps = try mapsAfterTable2()
        for removal in tables.maps.remove {
            let map = maps[removal.map - 1]
            if removal.error == nil {
                try map.removeValue(forKey: removal.key)
            } else {
                #expect(throws: FusedError.missingKey("\(removal.key)")) {
                    try map.removeValue(forKey: removal.key)
                }
            }
        }
        try recoverEverything(of: lists)
        try recoverEverything(of: maps)
        #expect(try lists.primaries.map { try $0.elements } == tables.listRemoves.afterRemove)
        #expect(try contents(maps) == tables.maps.afterRemove)
    }

    /// The report's log of a recovery: where elements stand, which codes there are, what is restored.
    @Test func figure4() throws {
        let figure: Figure4 = try Self.decode(PackageResources.warwick_2022_figure4_json)
        let cluster = try FusedCluster<FusedList<UInt16>>(
            primaries: figure.primaries, faults: figure.faults,
            code: .vandermonde(wordBits: figure.wordBits))
        for (primary, list) in cluster.primaries.enumerated() {
            // In the order of the slots, each where its index then is.
            let indices = figure.slotHoldsIndex.map { $0[primary] }.filter { $0 >= 0 }
            for (slot, index) in indices.enumerated() {
                let before = indices[..<slot].count { $0 < index }
                try list.insert(figure.lists[primary][index], at: before)
            }
        }
        #expect(try cluster.primaries.map { try $0.elements } == figure.lists)
        for backup in 0..<figure.faults {
            let codes = try cluster.cells(of: .backup(backup)).map { $0.words[0] }
            #expect(codes == figure.codes[backup])
            for primary in 0..<figure.primaries {
                let slots = try cluster.slots(ofPrimary: primary, at: .backup(backup))
                for (index, slot) in slots.enumerated() {
                    #expect(figure.slotHoldsIndex[slot.number][primary] == index)
                }
            }
        }
        let failed = figure.failedPrimaries.map(FusedServer.primary)
        try cluster.crash(failed)
        let recovery = try cluster.recover()
        #expect(recovery.failed == failed)
        #expect(recovery.sources.map(\.server) == (0..<3).map(FusedServer.backup))
        #expect(recovery.sources.map { $0.cells.map { $0.words[0] } } == figure.codes)
        #expect(recovery.sources.allSatisfy { $0.slots.map(\.server) == failed })
        #expect(recovery.restored.map(\.server) == failed)
        #expect(recovery.restored.map(\.contents) == figure.lists.map(\.description))
        #expect(try cluster.primaries.map { try $0.elements } == figure.lists)
    }

    /// Crashes every set of servers that the cluster tolerates, one set after another.
    private func recoverEverything<Structure>(of cluster: FusedCluster<Structure>) throws {
        let servers = cluster.servers
        for members in 1..<(1 << servers.count) where members.nonzeroBitCount <= cluster.faults {
            let failed = servers.indices.filter { members >> $0 & 1 == 1 }.map { servers[$0] }
            try cluster.crash(failed)
            #expect(try cluster.recover().restored.map(\.server) == failed)
        }
    }
}
