import Simulation

/// Draws keys, as numbers below the size of their space, and knows which are in the structure.
struct KeyDrawer: Sendable {
    let plan: KeyPlan
    private let zipfian: Zipfian?
    /// The keys that are there, in no order, and where each stands among them.
    private var present: [UInt32] = []
    private var places: [UInt32: UInt32] = [:]
    /// How many keys of a sequence came, and so the next one; for `sequential` and `latest`.
    private var fresh = 0
    /// The next key of a sequence of removals.
    private var oldest = 0
    /// The next key of a sequence of reads.
    private var nextRead = 0

    init(_ plan: KeyPlan) {
        self.plan = plan
        zipfian = plan.distribution.zipfian
    }

    /// The number of keys that are there.
    var count: Int { present.count }

    func contains(_ key: Int) -> Bool { places[UInt32(key)] != nil }

    mutating func insert(_ key: Int) {
        guard places.updateValue(UInt32(present.count), forKey: UInt32(key)) == nil else {
            preconditionFailure("the key is there already")
        }
        present.append(UInt32(key))
    }

    /// Removes a key that is there; the last of the present ones takes its place.
    mutating func remove(_ key: Int) {
        let last = present.removeLast()
        let place = places.removeValue(forKey: UInt32(key))!
        guard Int(place) < present.count else { return }
        present[Int(place)] = last
        places[last] = place
    }

    /// A key to be added, or changed if it is there. Only `take` makes the draw count in a sequence.
    ///
    /// Under `latest` the hottest key is one that never came before, and after it those that came
    /// last. Under `zipfian` the hot keys are spread over the space.
    func key(_ draws: SplitMix64, at index: UInt64) -> Int {
        switch plan.distribution {
        case .uniform: draws.number(below: plan.space, at: index)
        case .zipfian: scrambled(zipfian!.rank(below: plan.space, draws[index]))
        case .sequential: fresh % plan.space
        case .latest:
            (fresh - zipfian!.rank(below: min(fresh + 1, plan.space), draws[index])) % plan.space
        }
    }

    /// Goes on behind a key that came first of a sequence.
    mutating func take(_ key: Int) {
        if key == fresh % plan.space { fresh += 1 }
    }

    /// A key to be removed: one that is there, of which there must be some. It is drawn as others
    /// are, a sequence being one of its own; where it is not there, another one is drawn uniformly.
    ///
    /// - Parameter others: further draws.
    mutating func presentKey(_ draws: SplitMix64, at index: UInt64, others: SplitMix64) -> Int {
        let key: Int
        switch plan.distribution {
        case .uniform: return Int(present[draws.number(below: present.count, at: index)])
        case .zipfian: key = scrambled(zipfian!.rank(below: plan.space, draws[index]))
        case .sequential:
            key = oldest % plan.space
            oldest += 1
        case .latest:
            let back = zipfian!.rank(below: min(fresh, plan.space), draws[index])
            key = (fresh - 1 - back) % plan.space
        }
        return presentKey(key, others)
    }

    /// A key to be read: one that is there, of which there must be some. It is drawn as for a removal,
    /// but that reads have a sequence of their own, which goes from the oldest key to the newest.
    ///
    /// - Parameter others: further draws.
    mutating func readKey(_ draws: SplitMix64, at index: UInt64, others: SplitMix64) -> Int {
        guard case .sequential = plan.distribution else {
            return presentKey(draws, at: index, others: others)
        }
        if nextRead < oldest || nextRead >= fresh { nextRead = oldest }
        defer { nextRead += 1 }
        return presentKey(nextRead % plan.space, others)
    }

    /// The key where it is there, else another one.
    private func presentKey(_ key: Int, _ others: SplitMix64) -> Int {
        contains(key) ? key : Int(present[others.number(below: present.count, at: 0)])
    }

    /// A key that is not there yet, of which there must be some: it is drawn as others are, in
    /// sequence without those that are there, else uniformly where the first draw is there.
    ///
    /// - Parameter others: further draws.
    mutating func newKey(_ draws: SplitMix64, at index: UInt64, others: SplitMix64) -> Int {
        switch plan.distribution {
        case .uniform, .zipfian:
            let key = key(draws, at: index)
            return contains(key) ? absentKey(others)! : key
        case .sequential, .latest:
            while contains(fresh % plan.space) { fresh += 1 }
            return fresh % plan.space
        }
    }

    /// A key that is not there, drawn uniformly; nil where none was found in so many draws.
    func absentKey(_ draws: SplitMix64, attempts: UInt64 = .max) -> Int? {
        guard count < plan.space else { return nil }
        var index: UInt64 = 0
        while index < attempts {
            let key = draws.number(below: plan.space, at: index)
            if !contains(key) { return key }
            index += 1
        }
        return nil
    }

    /// A permutation of the space, so that ranks that are near lie apart. Each step is one of all
    /// numbers of as many bits; what falls out of the space takes another turn.
    private func scrambled(_ rank: Int) -> Int {
        let bits = Int.bitWidth - (plan.space - 1).leadingZeroBitCount
        guard bits > 1 else { return rank }
        let mask = (UInt64(1) << bits) - 1
        var number = UInt64(rank)
        repeat {
            for _ in 0..<2 {
                number = (number &* 0x9E37_79B9_7F4A_7C15 &+ 0x632B_E59B) & mask
                number ^= number >> ((bits + 1) / 2)
            }
        } while number >= plan.space
        return Int(number)
    }
}
