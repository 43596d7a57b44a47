import SeededGenerator
import Testing

@testable import Simulation

struct EventQueueTests {
    @Test("Things come by their moments, and of one moment in the order of their planning")
    func order() {
        for seed in 1...50 as ClosedRange<UInt64> {
            var random = SeededGenerator(seed: seed)
            var queue = EventQueue<Int>()
            // What is planned and has not come, by moment and number.
            var expected: [(moment: UInt64, number: Int)] = []
            var now: UInt64 = 0
            for number in 0..<400 {
                if random.next() % 3 != 0 || expected.isEmpty {
                    let moment = now + random.next() % 8
                    queue.schedule(number, at: moment)
                    expected.append((moment, number))
                    continue
                }
                let first = expected.indices.min {
                    (expected[$0].moment, expected[$0].number)
                        < (expected[$1].moment, expected[$1].number)
                }!
                let next = queue.next()
                #expect(next?.content == expected[first].number, "seed \(seed)")
                now = expected.remove(at: first).moment
                #expect(next?.moment == now, "seed \(seed)")
                #expect(queue.count == expected.count)
            }
            while queue.next() != nil {}
            #expect(queue.isEmpty && queue.nextMoment == nil)
        }
    }
}
