import Testing

@testable import Harness

/// Schedules are made as short as can be.
struct ScheduleMinimizerTests {
    @Test(
        "What is left is what it takes, wherever that stands",
        arguments: [[], [0], [39], [3, 4], [0, 20, 39], [5, 6, 7, 8, 30]] as [Set<Int>])
    func needed(set: Set<Int>) {
        var tries = 0
        let minimizer = ScheduleMinimizer(fails: { kept in
            tries += 1
            return set.isSubset(of: kept)
        })
        #expect(minimizer.minimize(Array(0..<40)) == set.sorted())
        #expect(tries < 400)
    }

    @Test("Of several reasons to fail, one is left, and none of its actions can go")
    func severalReasons() {
        func fails(_ kept: Set<Int>) -> Bool {
            kept.isSuperset(of: [1, 9]) || kept.isSuperset(of: [2, 3, 4])
                || kept.count { $0 > 20 } > 10
        }
        let kept = ScheduleMinimizer(fails: fails).minimize(Array(0..<40))
        #expect(fails(Set(kept)))
        for number in kept { #expect(!fails(Set(kept).subtracting([number]))) }
    }

    @Test("Who is interrupted keeps what still fails")
    func interruption() {
        var tries = 0
        let minimizer = ScheduleMinimizer(
            fails: { kept in
                tries += 1
                return kept.contains(7)
            }, isInterrupted: { tries >= 3 })
        let kept = minimizer.minimize(Array(0..<40))
        #expect(kept.contains(7))
        #expect(tries == 3)
    }
}
