import Testing

@testable import Harness

struct SweptSettingsTests {
    private func row(_ mechanism: String, _ change: (inout RunRow) -> Void = { _ in }) -> RunRow {
        var row = RunRow()
        row.mechanism = mechanism
        row.groups = 2
        row.faults = 1
        row.structure = "list"
        row.valueSizes = "8"
        row.code = mechanism == "fusion" ? "vandermonde" : ""
        row.wordBits = mechanism == "fusion" ? 8 : nil
        change(&row)
        return row
    }

    private func names(_ rows: [RunRow]) -> [String] {
        SweptSettings(of: rows).settings.map(\.column.name)
    }

    @Test func `mechanisms alone are no sweep`() {
        #expect(names([]).isEmpty)
        #expect(names([row("fusion"), row("replication") { $0.nodes = 7 }]).isEmpty)
        #expect(SweptSettings(of: [row("fusion"), row("none")]).horizontal == nil)
        // Nodes have other names in each mechanism.
        #expect(
            names([
                row("fusion") { $0.crashNodes = "primary-1" },
                row("replication") { $0.crashNodes = "replica-1-1" },
            ]).isEmpty)
    }

    @Test func `numbers are in order of size, words as they ran`() throws {
        let sizes = SweptSettings(
            of: ["64", "8", "1024"].map { size in row("fusion") { $0.valueSizes = size } })
        let horizontal = try #require(sizes.horizontal)
        #expect(horizontal.column.name == "value_sizes")
        #expect(horizontal.isNumeric)
        #expect(horizontal.values == ["8", "64", "1024"])
        #expect(horizontal.place("64") == "value size = 64 B")
        let structures = SweptSettings(
            of: ["queue", "list", "queue"].map { kind in row("none") { $0.structure = kind } })
        #expect(structures.horizontal?.values == ["queue", "list"])
        #expect(structures.horizontal?.isNumeric == false)
        #expect(structures.series.isEmpty)
    }

    @Test func `what follows from another setting is none of its own`() {
        let rows = [("list", "append:1"), ("map", "put:1")].map { structure, mix in
            row("fusion") {
                $0.structure = structure
                $0.mix = mix
            }
        }
        #expect(names(rows) == ["structure"])
        // The same structure with both does differ.
        #expect(names(rows + [row("fusion") { $0.mix = "append:1 remove:1" }]).contains("mix"))
        // More groups are more nodes and larger names of nodes.
        let groups = [1, 2, 4].map { groups in
            row("fusion") {
                $0.groups = groups
                $0.nodes = groups + 1
                $0.crashNodes = "primary-\(groups)"
            }
        }
        #expect(names(groups) == ["groups"])
    }

    @Test func `sizes that vary are words, not their mean`() throws {
        let sizes = [(8, "8"), (64, "64"), (12, "1-64 uniform")].map { mean, sizes in
            row("fusion") {
                $0.valueBytes = mean
                $0.valueSizes = sizes
            }
        }
        let setting = try #require(SweptSettings(of: sizes).horizontal)
        #expect(names(sizes) == ["value_sizes"])
        #expect(!setting.isNumeric)
        #expect(
            setting.places([("8", false), ("64", true), ("1-64 uniform", true)])
                == "for value size 64 and 1-64 uniform, but not for 8")
    }

    @Test func `the setting with the most values is drawn, numbers before words`() {
        func sweep(_ structures: [String], _ windows: [Int]) -> SweptSettings {
            SweptSettings(
                of: structures.flatMap { structure in
                    windows.map { window in
                        row("fusion") {
                            $0.structure = structure
                            $0.window = window
                        }
                    }
                })
        }
        let more = sweep(["list", "map", "set"], [1, 4])
        #expect(more.horizontal?.column.name == "structure")
        #expect(more.series.map(\.column.name) == ["window"])
        let same = sweep(["list", "map"], [1, 4])
        #expect(same.horizontal?.column.name == "window")
        #expect(same.series.map(\.column.name) == ["structure"])
    }

    @Test func `senders are drawn although fusion has none`() {
        let rows =
            [row("fusion"), row("fusion") { $0.faults = 2 }]
            + [1, 2].flatMap { faults in
                [8, 1, 4].map { senders in
                    row("replication") {
                        $0.faults = faults
                        $0.senders = senders
                        $0.managers = "one"
                        $0.nodes = senders + faults
                    }
                }
            }
        let swept = SweptSettings(of: rows)
        #expect(swept.horizontal?.column.name == "senders")
        #expect(swept.horizontal?.values == ["1", "4", "8"])
        #expect(swept.series.map(\.column.name) == ["faults"])
    }

    @Test func `fusion stands beside replication with any number of senders`() {
        let rows =
            [row("fusion")]
            + [1, 4].map { senders in
                row("replication") {
                    $0.senders = senders
                    $0.managers = "one"
                    $0.acknowledge = "delivery"
                    $0.batch = 1
                }
            }
        let comparisons = Comparison.all(of: rows)
        #expect(comparisons.map { $0.configurations.map(\.senders) } == [[nil, 1], [nil, 4]])
        #expect(comparisons.map { $0.title.hasSuffix("4 senders") } == [false, true])
        #expect(Comparison.all(of: [row("fusion"), row("none")]).count == 1)
    }

    @Test func `a code is swept although replication has none`() {
        let rows = [
            row("fusion"), row("replication"), row("fusion") { $0.code = "cauchy" },
            row("fusion") { $0.wordBits = 16 },
        ]
        #expect(names(rows) == ["code", "word_bits"])
        #expect(
            SweptSettings(of: rows).settings.map(\.values) == [
                ["vandermonde", "cauchy"], ["8", "16"],
            ])
    }
}
