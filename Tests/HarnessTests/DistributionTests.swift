import Foundation
import Simulation
import Structures
import Testing

@testable import Harness

/// What comes how often.
struct DistributionTests {
    private static let draws = SplitMix64(seed: 7).child(3)

    @Test(arguments: [0.2, 0.5, 0.99], [1, 2, 10, 1000, 1024, 1025, 5000])
    func zipfianSharesAreThoseOfTheLaw(theta: Double, limit: Int) {
        let zipfian = Zipfian(theta: theta)
        let total = (1...limit).reduce(0.0) { $0 + pow(Double($1), -theta) }
        let first = zipfian.share(of: 0, below: limit)
        #expect(abs(first - 1 / total) < 1e-12)
        #expect(abs((0..<limit).reduce(0) { $0 + zipfian.share(of: $1, below: limit) } - 1) < 1e-9)

        let count = 40_000
        var counts = Array(repeating: 0, count: limit)
        for index in 0..<UInt64(count) {
            counts[zipfian.rank(below: limit, Self.draws[index])] += 1
        }
        // Four standard deviations of a binomial count, for the ranks that are drawn exactly.
        for rank in 0..<min(2, limit) {
            let share = zipfian.share(of: rank, below: limit)
            let deviation = 4 * sqrt(Double(count) * share * (1 - share)) + 1
            #expect(abs(Double(counts[rank]) - Double(count) * share) < deviation, "rank \(rank)")
        }
        // The others come from a continuous law that is near.
        let firstTenth = (0..<limit / 10).reduce(0.0) { $0 + zipfian.share(of: $1, below: limit) }
        let drawn = Double(counts[..<(limit / 10)].reduce(0, +)) / Double(count)
        #expect(abs(drawn - firstTenth) < 0.02)
        #expect(counts.reduce(0, +) == count)
    }

    /// The positions of `set` in a list of 100 elements.
    private static func positions(_ distribution: Distribution) -> [Int] {
        let plan = TraceTests.plan(
            mix: [OperationWeight(kind: .set, weight: 1)], targetSize: 100, positions: distribution)
        return TraceTests.operations(20_100, of: plan).dropFirst(100).map { Int($0.position) }
    }

    private static func counts(_ numbers: [Int], below limit: Int) -> [Int] {
        numbers.reduce(into: Array(repeating: 0, count: limit)) { $0[$1] += 1 }
    }

    /// Chi-square with 99 degrees of freedom: 148.2 is exceeded once in a thousand seeds.
    @Test func uniformPositionsAreSpreadEvenly() {
        let counts = Self.counts(Self.positions(.uniform), below: 100)
        #expect(counts.reduce(0.0) { $0 + Double(($1 - 200) * ($1 - 200)) / 200 } < 148.2)
    }

    @Test func sequentialPositionsComeInTheirOrder() {
        #expect(Self.positions(.sequential).prefix(250) == ((0..<250).map { $0 % 100 })[...])
    }

    @Test func theFrontIsHotUnderZipfianAndTheBackUnderLatest() {
        let front = Self.counts(Self.positions(.zipfian(theta: 0.99)), below: 100)
        let back = Self.counts(Self.positions(.latest(theta: 0.99)), below: 100)
        let share = 20_000 * Zipfian(theta: 0.99).share(of: 0, below: 100)
        #expect(abs(Double(front[0]) - share) < 250)
        #expect(back == front.reversed())
    }

    /// The keys that a map is given while it has all keys of the space or, with `latest`, from the
    /// beginning on.
    private static func keys(
        _ distribution: Distribution, space: Int, _ count: Int, full: Bool = true
    ) -> [Int] {
        let plan = TraceTests.plan(
            .map, mix: [OperationWeight(kind: .put, weight: 1)], targetSize: full ? space : nil,
            keys: KeyPlan(space: space, distribution: distribution))
        return TraceTests.operations((full ? space : 0) + count, of: plan).suffix(count).map {
            Int(IntegerKey.number($0.key))
        }
    }

    @Test func uniformKeysAreSpreadEvenly() {
        let counts = Self.counts(Self.keys(.uniform, space: 100, 20_000), below: 100)
        #expect(counts.reduce(0.0) { $0 + Double(($1 - 200) * ($1 - 200)) / 200 } < 148.2)
    }

    /// Each rank has a key of its own, and the hottest do not stand together.
    @Test(arguments: [2, 3, 100, 1000])
    func hotKeysAreSpreadOverTheSpace(_ space: Int) {
        let counts = Self.counts(
            Self.keys(.zipfian(theta: 0.99), space: space, 40_000), below: space)
        let hottest = counts.indices.sorted { counts[$0] > counts[$1] }
        for rank in 0..<2 {
            let share = Zipfian(theta: 0.99).share(of: rank, below: space)
            let deviation = 4 * sqrt(40_000 * share * (1 - share)) + 1
            #expect(abs(Double(counts[hottest[rank]]) - 40_000 * share) < deviation)
        }
        if space == 1000 {
            let gaps = zip(hottest.prefix(10).sorted(), hottest.prefix(10).sorted().dropFirst())
            #expect(gaps.allSatisfy { $1 - $0 > 1 })
            #expect(counts.count { $0 > 0 } > 950)
        }
    }

    @Test func sequentialKeysComeInTheirOrderAndTheOldestGoes() {
        #expect(
            Self.keys(.sequential, space: 50, 120, full: false) == (0..<120).map { $0 % 50 })
        let plan = TraceTests.plan(
            .map, mix: [OperationWeight(kind: .put, weight: 1)], targetSize: 10,
            keys: KeyPlan(space: 1000, distribution: .sequential))
        let operations = TraceTests.operations(500, of: plan)
        let removed = operations.filter { $0.kind == .remove }.map { IntegerKey.number($0.key) }
        let added = operations.filter { $0.kind == .put }.map { IntegerKey.number($0.key) }
        #expect(removed == (0..<Int64(removed.count)).map { $0 })
        #expect(added == (0..<Int64(added.count)).map { $0 })
        #expect(removed.count > 200)
    }

    /// Where keys are added now and then, most puts are of those that were added last.
    @Test func latestKeysAreRecent() {
        let keys = Self.keys(.latest(theta: 0.99), space: 1_000_000, 20_000, full: false)
        var newest = -1
        var ages: [Int] = []
        for key in keys {
            #expect(key <= newest + 1, "keys are new in their order")
            if key > newest { newest = key } else { ages.append(newest - key) }
        }
        #expect(newest > 1000)
        let recent = ages.count { $0 < newest / 10 }
        #expect(Double(recent) > 0.6 * Double(ages.count))
        #expect(ages.count { $0 == 0 } > ages.count { $0 == 5 })
    }

    @Test func sizesAreWithinTheirLimits() {
        func sizes(_ distribution: Distribution) -> [Int] {
            let plan = TraceTests.plan(values: .spread(10...109, distribution))
            return TraceTests.operations(20_000, of: plan).filter { $0.kind != .remove }
                .map { $0.value.count - 10 }
        }
        let even = sizes(.uniform)
        let mean = Double(even.count) / 100
        let counts = Self.counts(even, below: 100)
        #expect(counts.reduce(0.0) { $0 + pow(Double($1) - mean, 2) / mean } < 148.2)
        let small = sizes(.zipfian(theta: 0.99))
        let drawn = Double(small.reduce(0, +)) / Double(small.count) + 10
        #expect(
            abs(drawn - Double(ValueSizes.spread(10...109, .zipfian(theta: 0.99)).mean)) < 2)
        #expect(ValueSizes.spread(10...109, .uniform).mean == 60)
        #expect(ValueSizes.fixed(7).mean == 7)
    }
}
