import Testing

@testable import Harness

struct ResultsStatisticsTests {
    @Test func `no values have no statistics`() {
        #expect(Statistics(of: []) == nil)
        #expect(Statistics.median(of: []) == nil)
    }

    @Test func `a single value has no variance`() throws {
        let statistics = try #require(Statistics(of: [7]))
        #expect(statistics.variance == nil)
        #expect(statistics.standardDeviation == nil)
        #expect(statistics.mean == 7)
        #expect(statistics.median == 7)
        #expect(
            [statistics.minimum, statistics.p95, statistics.p999, statistics.maximum] == [
                7, 7, 7, 7,
            ])
    }

    /// 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squared deviations 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32.
    @Test func `variance is that of a sample and values may come in any order`() throws {
        let statistics = try #require(Statistics(of: [9, 4, 5, 2, 4, 7, 5, 4]))
        #expect(statistics.mean == 5)
        #expect(statistics.median == 4.5)
        #expect(statistics.variance == 32.0 / 7)
        #expect(statistics.standardDeviation == (32.0 / 7).squareRoot())
        #expect(statistics.minimum == 2)
        #expect(statistics.maximum == 9)
    }

    @Test(arguments: [
        // count, rank of p95, of p99, of p99.9, all counted from 1
        (1, 1, 1, 1), (2, 2, 2, 2), (20, 19, 20, 20), (21, 20, 21, 21), (100, 95, 99, 100),
        (101, 96, 100, 101), (1000, 950, 990, 999), (1001, 951, 991, 1000),
        (10_000, 9500, 9900, 9990),
    ])
    func `percentiles are nearest ranks`(count: Int, p95: Int, p99: Int, p999: Int) throws {
        // The value at rank r is 10 r.
        let statistics = try #require(Statistics(of: (1...count).reversed().map { 10 * $0 }))
        #expect(statistics.p95 == 10 * p95)
        #expect(statistics.p99 == 10 * p99)
        #expect(statistics.p999 == 10 * p999)
    }

    /// Through (1, 1), (2, 3), (3, 2): slope 1/2, intercept 1, R² = 1/4.
    @Test func `a line fits by least squares`() throws {
        let fit = try #require(LinearFit([(1, 1), (2, 3), (3, 2)]))
        #expect(abs(fit.slope - 0.5) < 1e-12)
        #expect(abs(fit.intercept - 1) < 1e-12)
        #expect(abs(fit.rSquared - 0.25) < 1e-12)
        #expect(LinearFit([(1, 1), (1, 2)]) == nil)
        #expect(LinearFit([]) == nil)
        #expect(LinearFit([(1, 4), (2, 4)])?.rSquared == 0)
    }

    @Test(arguments: [
        (0.0, "0 ns"), (999, "999 ns"), (1234, "1.23 µs"), (15_232.07, "15.2 µs"),
        (3_627_000, "3.63 ms"), (780_000_000, "780 ms"), (3.4e9, "3.40 s"), (123_456e9, "123000 s"),
    ])
    func `times have three digits`(nanoseconds: Double, text: String) {
        #expect(Quantity.time(nanoseconds) == text)
    }

    @Test func `bytes go in powers of ten`() {
        #expect(Quantity.bytes(876_000) == "876 KB")
        #expect(Quantity.bytes(730_000) == "730 KB")
        #expect(Quantity.bytes(1_260_000) == "1.26 MB")
    }
}
