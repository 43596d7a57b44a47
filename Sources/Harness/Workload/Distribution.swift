/// How often each of a number of things comes.
package enum Distribution: Sendable, Hashable, Codable {
    /// All equally often.
    case uniform
    /// One after another, then from the first one again.
    case sequential
    /// Few of them often: the i-th hottest with a share proportional to 1 / i^theta.
    case zipfian(theta: Double)
    /// As `zipfian`, and the hottest are those that came last.
    case latest(theta: Double)

    /// The words of experiment files.
    package enum Name: String, Sendable, Codable, CaseIterable {
        case uniform
        case sequential
        case zipfian
        case latest
    }

    /// - Parameter theta: above 0 and below 1; counts for `zipfian` and `latest` only.
    init(_ name: Name, theta: Double) {
        self =
            switch name {
            case .uniform: .uniform
            case .sequential: .sequential
            case .zipfian: .zipfian(theta: theta)
            case .latest: .latest(theta: theta)
            }
    }

    package var name: Name {
        switch self {
        case .uniform: .uniform
        case .sequential: .sequential
        case .zipfian: .zipfian
        case .latest: .latest
        }
    }

    /// Nil for distributions that have none.
    package var theta: Double? {
        switch self {
        case .uniform, .sequential: nil
        case .zipfian(let theta), .latest(let theta): theta
        }
    }

    /// As `check` and the CSV show it: `zipfian 0.99`.
    package var description: String {
        theta.map { "\(name.rawValue) \($0)" } ?? name.rawValue
    }

    /// The ranks of the distribution, where it has any.
    var zipfian: Zipfian? { theta.map(Zipfian.init) }
}

/// The keys of a structure and how often each comes.
package struct KeyPlan: Sendable, Hashable, Codable {
    /// So many different keys there are.
    package var space: Int
    package var distribution: Distribution

    package init(space: Int = 1_000_000, distribution: Distribution = .uniform) {
        self.space = space
        self.distribution = distribution
    }
}
