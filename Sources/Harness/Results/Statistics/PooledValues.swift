/// The values of several repetitions together, of which each counts as often as it was drawn.
///
/// Sorted once, so that a quantile under other draws takes O(√n + repetitions · log n).
struct PooledValues {
    /// All values, sorted.
    private let values: [Int]
    /// The repetition that each of them is of.
    private let owners: [Int]
    private let repetitions: Int
    /// How many values of each repetition stand before each block of the sorted values.
    private var counts: [Int] = []
    private let blockSize: Int

    init(_ repetitions: [[Int]]) {
        let all = repetitions.enumerated().flatMap { owner, values in
            values.map { (value: $0, owner: owner) }
        }.sorted { $0.value < $1.value }
        values = all.map(\.value)
        owners = all.map(\.owner)
        self.repetitions = repetitions.count
        blockSize = max(repetitions.count, Int(Double(all.count).squareRoot()), 1)
        var running = [Int](repeating: 0, count: repetitions.count)
        for start in stride(from: 0, to: all.count, by: blockSize) {
            counts += running
            for owner in owners[start..<min(start + blockSize, all.count)] { running[owner] += 1 }
        }
        counts += running
    }

    /// The values with each repetition once.
    static func once(_ repetitions: Int) -> [Int] { [Int](repeating: 1, count: repetitions) }

    /// The median as `Statistics` has it. At least one value must have been drawn.
    func median(_ draws: [Int]) -> Double {
        let total = count(before: counts.count / repetitions - 1, draws)
        let upper = value(atRank: total / 2 + 1, draws)
        if !total.isMultiple(of: 2) { return Double(upper) }
        return (Double(value(atRank: total / 2, draws)) + Double(upper)) / 2
    }

    /// A percentile by nearest rank, in thousandths.
    func percentile(_ thousandths: Int, _ draws: [Int]) -> Double {
        let total = count(before: counts.count / repetitions - 1, draws)
        return Double(value(atRank: (thousandths * total + 999) / 1000, draws))
    }

    private func count(before block: Int, _ draws: [Int]) -> Int {
        var sum = 0
        for repetition in 0..<repetitions {
            sum += draws[repetition] * counts[block * repetitions + repetition]
        }
        return sum
    }

    /// - Parameter rank: counts from 1.
    private func value(atRank rank: Int, _ draws: [Int]) -> Int {
        var low = 0
        var high = counts.count / repetitions - 2
        while low < high {
            let middle = (low + high) / 2
            if count(before: middle + 1, draws) >= rank { high = middle } else { low = middle + 1 }
        }
        var count = count(before: low, draws)
        var index = low * blockSize
        while true {
            count += draws[owners[index]]
            if count >= rank { return values[index] }
            index += 1
        }
    }
}
