/// Whether the orders of several groups fit into one, for what goes to more than one of them.
enum CommonOrder {
    /// A group has one element before another.
    struct Step: Equatable {
        var group: Int
        var earlier: Int
        var later: Int
    }

    /// Takes elements that stand first in all their groups away, as long as there is one (Kahn 1962).
    /// What is left goes round.
    ///
    /// - Parameters:
    ///   - orders: per group, numbers of elements in the group's order, none twice.
    ///   - deliveredIn: per element, the groups in whose orders it stands.
    /// - Returns: steps in which the `later` one of each is the `earlier` one of the step before it,
    ///   and of the first, the last; empty where there is a common order.
    /// - Complexity: O(length of all orders).
    static func circle(in orders: [[Int]], deliveredIn: [[Int]]) -> [Step] {
        var next = orders.map { _ in 0 }
        var firstIn = deliveredIn.map { _ in 0 }
        var free: [Int] = []
        func lookAtFirst(of group: Int) {
            guard next[group] < orders[group].count else { return }
            let element = orders[group][next[group]]
            firstIn[element] += 1
            if firstIn[element] == deliveredIn[element].count { free.append(element) }
        }
        for group in orders.indices { lookAtFirst(of: group) }
        while let element = free.popLast() {
            for group in deliveredIn[element] {
                next[group] += 1
                lookAtFirst(of: group)
            }
        }
        func first(of group: Int) -> Int { orders[group][next[group]] }
        guard let stuck = orders.indices.first(where: { next[$0] < orders[$0].count }) else {
            return []
        }
        // Something else stands before each first element in another group, and is first there.
        var steps: [Step] = []
        var element = first(of: stuck)
        while true {
            if let begin = steps.firstIndex(where: { $0.later == element }) {
                return Array(steps[begin...])
            }
            let group = deliveredIn[element].first { first(of: $0) != element }!
            steps.append(Step(group: group, earlier: first(of: group), later: element))
            element = first(of: group)
        }
    }
}
