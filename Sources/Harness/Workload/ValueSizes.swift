import Simulation
import Structures

/// The sizes of the values of a workload, in bytes. A set's values are its elements.
package enum ValueSizes: Sendable, Hashable, Codable {
    case fixed(Int)
    /// From a least to a largest size, both included. Under `zipfian` small ones come often.
    case spread(ClosedRange<Int>, Distribution)

    /// What structures have to be made for.
    package var size: ValueSize {
        switch self {
        case .fixed(let bytes): .fixed(bytes)
        case .spread(let range, _): .upTo(range.upperBound)
        }
    }

    /// The least size.
    package var minimum: Int {
        switch self {
        case .fixed(let bytes): bytes
        case .spread(let range, _): range.lowerBound
        }
    }

    /// The mean size, rounded to whole bytes.
    package var mean: Int {
        switch self {
        case .fixed(let bytes): bytes
        case .spread(let range, let distribution):
            range.lowerBound
                + Int(
                    (distribution.zipfian?.meanRank(below: range.count)
                        ?? Double(range.count - 1) / 2).rounded())
        }
    }

    /// As `check` and the CSV show it: `8` or `8-4096 uniform`.
    package var description: String {
        switch self {
        case .fixed(let bytes): "\(bytes)"
        case .spread(let range, let distribution):
            "\(range.lowerBound)-\(range.upperBound) \(distribution.description)"
        }
    }
}

extension ValueSizes: ExpressibleByIntegerLiteral {
    package init(integerLiteral bytes: Int) { self = .fixed(bytes) }
}

/// The form of experiment files: a number, or an object.
extension ValueSizes {
    private struct Spread: Codable {
        var min: Int
        var max: Int
        var distribution: Distribution.Name
        var theta: Double?
    }

    package init(from decoder: any Decoder) throws {
        if let bytes = try? decoder.singleValueContainer().decode(Int.self) {
            self = .fixed(bytes)
        } else {
            let spread = try Spread(from: decoder)
            self = .spread(
                spread.min...spread.max,
                Distribution(spread.distribution, theta: spread.theta ?? 0))
        }
    }

    package func encode(to encoder: any Encoder) throws {
        switch self {
        case .fixed(let bytes):
            try bytes.encode(to: encoder)
        case .spread(let range, let distribution):
            try Spread(
                min: range.lowerBound, max: range.upperBound, distribution: distribution.name,
                theta: distribution.theta
            ).encode(to: encoder)
        }
    }
}

/// Draws sizes.
struct SizeDrawer: Sendable {
    private let sizes: ValueSizes
    private let zipfian: Zipfian?

    init(_ sizes: ValueSizes) {
        self.sizes = sizes
        zipfian =
            switch sizes {
            case .fixed: nil
            case .spread(_, let distribution): distribution.zipfian
            }
    }

    /// The size that belongs to a draw of a generator.
    func size(_ generator: SplitMix64, at index: UInt64) -> Int {
        switch sizes {
        case .fixed(let bytes): bytes
        case .spread(let range, _):
            range.lowerBound
                + (zipfian?.rank(below: range.count, generator[index])
                    ?? generator.number(below: range.count, at: index))
        }
    }
}
