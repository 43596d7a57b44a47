import Foundation
import SeededGenerator
import Structures
import Testing

@testable import FusedStructures

/// Elements as bytes and back.
struct ElementTests {
    private func survives<Element: Codable & Equatable>(
        _ elements: [Element], _ location: SourceLocation = #_sourceLocation
    ) throws {
        let cluster = try FusedCluster<FusedList<Element>>(primaries: 1, faults: 1)
        try cluster[0].append(contentsOf: elements)
        #expect(try cluster[0].elements == elements, sourceLocation: location)
        try cluster.crash(.primary(0))
        try cluster.recover()
        #expect(try cluster[0].elements == elements, sourceLocation: location)
    }

    @Test func `elements of all kinds survive`() throws {
        try survives([Int.min, -1, 0, 1, .max])
        try survives([UInt64.min, .max])
        try survives([Int8.min, -1, .max])
        try survives([true, false])
        try survives([0.1, -.infinity, .greatestFiniteMagnitude])
        try survives([Float(0.1)])
        try survives(["", "a", "👩‍👩‍👧", "\u{0}"])
        try survives([[UInt8]](arrayLiteral: [], [0, 255]))
        try survives([Data([1, 2])])
        try survives([Int?.none, 3])
        try survives([[1: "a", 2: "b"]])
        try survives([[Double.infinity]])
        try survives([Date(timeIntervalSince1970: 1.5)])
        var random = SeededGenerator(seed: 1)
        try survives((0..<20).map { _ in Player(&random) })
    }

    @Test func `elements of one size take no more than that`() throws {
        #expect(ElementCoder<UInt16>.byteCount == 2)
        #expect(ElementCoder<UInt16?>.byteCount == nil)
        let cluster = try FusedCluster<FusedList<UInt16>>(primaries: 1, faults: 1)
        #expect(cluster.shape.layout.cellBytes == [2])
    }

    @Test func `equal elements give the same bytes`() throws {
        let texts = try FusedCluster<FusedSet<String>>(primaries: 2, faults: 1)
        #expect(try texts[0].insert("caf\u{e9}"))
        #expect(try !texts[0].insert("cafe\u{301}"))
        #expect(try texts[0].contains("cafe\u{301}"))
        let numbers = try FusedCluster<FusedSet<Double>>(primaries: 2, faults: 1)
        #expect(try numbers[0].insert(0.0))
        #expect(try !numbers[0].insert(-0.0))
        let lists = try FusedCluster<FusedSet<[String: [String]]>>(primaries: 2, faults: 1)
        let keys = (0..<50).map { "key\($0)" }
        let one = Dictionary(uniqueKeysWithValues: keys.map { ($0, ["\u{e9}"]) })
        let other = Dictionary(uniqueKeysWithValues: keys.reversed().map { ($0, ["e\u{301}"]) })
        #expect(try lists[0].insert(one))
        #expect(try !lists[0].insert(other))
        let maps = try FusedCluster<FusedMap<String, Int>>(primaries: 2, faults: 1)
        try maps[0].updateValue(1, forKey: "caf\u{e9}")
        #expect(try maps[0].updateValue(2, forKey: "cafe\u{301}") == 1)
    }

    @Test func `integer keys keep their order as bytes`() {
        func check<Key: FusedIntegerKey>(_ keys: [Key]) {
            let bytes = keys.map(\.fusedKeyBytes)
            #expect(zip(bytes, bytes.dropFirst()).allSatisfy { $0.lexicographicallyPrecedes($1) })
            #expect(bytes.map { Key(fusedKeyBytes: $0) } == keys)
        }
        check([Int.min, -1, 0, 1, .max])
        check([UInt64.min, 1, 1 << 63, .max])
        check([Int8.min, -1, 0, .max])
        #expect(UInt8(fusedKeyBytes: UInt(256).fusedKeyBytes) == nil)
        #expect(Int(fusedKeyBytes: [1]) == nil)
    }

    @Test func `values at the limit of 1 MiB`() throws {
        let cluster = try FusedCluster<FusedList<[UInt8]>>(
            primaries: 2, faults: 1, maximumElementBytes: 1 << 20)
        let value = [UInt8](repeating: 7, count: 1 << 20)
        try cluster[0].append(value)
        #expect(throws: FusedError.elementTooLarge(bytes: (1 << 20) + 1, limit: 1 << 20)) {
            try cluster[0].append(value + [7])
        }
        try cluster.crash(.primary(0))
        try cluster.recover()
        #expect(try cluster[0].elements == [value])
    }
}
