import ProgramTesting
import Testing

@testable import Harness

@Suite("Floor rows")
struct FloorRowTests {
    private static let rows = [
        FloorRow(
            transport: "tcp", measure: "two_rounds", peers: 2, messageBytes: 64, count: 5_000,
            median: 161_200, p99: 284_600, unit: "ns", p999: 2_284_600),
        FloorRow(
            transport: "", measure: "decode", peers: 5, messageBytes: 8_000_000, count: 15,
            median: 2_230_000_000, p99: 1_960_000_000, unit: "bytes_per_second"),
        FloorRow(
            transport: "ipc", measure: "windowed", peers: 3, messageBytes: 8, count: 15,
            median: 228_507, p99: 175_217, unit: "rounds_per_second", window: 64),
        FloorRow(
            transport: "", measure: "reconstruct", peers: 1_000, messageBytes: 40_000, count: 15,
            median: 9_810_000_000, p99: 1_120_000_000, unit: "bytes_per_second", failed: 2),
    ]

    @Test("The table aligns its columns and shows units")
    func table() {
        #expect(
            Floor.table(Self.rows) == """
                transport  measure      peers  message bytes  window  failed  count     median        p99      p99.9
                tcp        two_rounds       2             64       -       -   5000   161.2 µs   284.6 µs  2284.6 µs
                -          decode           5        8000000       -       -     15  2.23 GB/s  1.96 GB/s          -
                ipc        windowed         3              8      64       -     15  228507 /s  175217 /s          -
                -          reconstruct   1000          40000       -       2     15  9.81 GB/s  1.12 GB/s          -

                """)
    }

    @Test("Median and percentiles are samples, and a rate's lies at the slow end")
    func percentiles() {
        let durations = (1...200).map { Int($0) * 10 }.shuffled()
        var series = FloorSeries(
            row: FloorRow(), unit: .nanoseconds, amount: 3_960, warmup: 0, samples: 0,
            take: { _, _ in [] })
        #expect(series.result == nil)
        series.durations = durations
        #expect(
            [
                series.result?.count, series.result?.median, series.result?.p99,
                series.result?.p999,
            ] == [200, 1_000, 1_980, 2_000])
        series.unit = .bytesPerSecond
        #expect([series.result?.median, series.result?.p99] == [3_960_000_000, 2_000_000_000])
        #expect(series.result?.p999 == 1_980_000_000)
        #expect(series.result?.unit == "bytes_per_second")
    }

    @Test("A file from before the columns window, failed and p999 is read")
    func earlierFile() throws {
        let scratch = try Scratch()
        _ = try scratch.file(
            "floor.csv",
            """
            transport,measure,peers,message_bytes,count,median,p99,unit
            tcp,round_trip,1,64,5,20,30,ns

            """)
        let rows = try CSVReader.rows(FloorRow.self, in: scratch.url.path).rows
        #expect(
            rows == [
                FloorRow(
                    transport: "tcp", measure: "round_trip", peers: 1, messageBytes: 64, count: 5,
                    median: 20, p99: 30, unit: "ns")
            ])
    }
}
