import Testing

@testable import Harness

@Suite("Floor rows")
struct FloorRowTests {
    private static let header = "transport,measure,peers,message_bytes,count,median,p99,unit"
    private static let rows = [
        FloorRow(
            transport: "tcp", measure: "two_rounds", peers: 2, messageBytes: 64, count: 5_000,
            median: 161_200, p99: 284_600, unit: "ns"),
        FloorRow(
            transport: "", measure: "decode", peers: 5, messageBytes: 8_000_000, count: 15,
            median: 2_230_000_000, p99: 1_960_000_000, unit: "bytes_per_second"),
    ]

    @Test("The table aligns its columns and shows units")
    func table() {
        #expect(
            Floor.table(Self.rows) == """
                transport  measure     peers  message bytes  count     median        p99
                tcp        two_rounds      2             64   5000   161.2 µs   284.6 µs
                -          decode          5        8000000     15  2.23 GB/s  1.96 GB/s

                """)
    }

    @Test("Median and 99th percentile are samples, and a rate's lies at the slow end")
    func percentiles() {
        let durations = (1...200).map { Int($0) * 10 }.shuffled()
        let duration = FloorRow(
            transport: "tcp", measure: .oneRound, peers: 1, messageBytes: 1, durations: durations,
            bytes: nil)
        #expect([duration.median, duration.p99] == [1_000, 1_980])
        let rate = FloorRow(
            transport: "tcp", measure: .bulkPull, peers: 1, messageBytes: 1, durations: durations,
            bytes: 3_960)
        #expect([rate.median, rate.p99] == [3_960_000_000, 2_000_000_000])
    }
}
