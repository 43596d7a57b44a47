import Foundation

/// Numbers as people read them, with three significant digits.
enum Quantity {
    static func number(_ value: Double) -> String {
        guard value != 0, value.isFinite else { return value == 0 ? "0" : "-" }
        if abs(value) < 0.001 { return String(format: "%.2e", value) }
        let magnitude = Int(log10(abs(value)).rounded(.down))
        let decimals = max(0, 2 - magnitude)
        // Rounded first, so that 15232 becomes 15200 and not 15232.
        let step = pow(10, Double(magnitude - 2))
        let rounded = magnitude > 2 ? (value / step).rounded() * step : value
        return String(format: "%.\(decimals)f", rounded)
    }

    static func time(_ nanoseconds: Double) -> String {
        scaled(nanoseconds, [("s", 1e9), ("ms", 1e6), ("µs", 1e3), ("ns", 1)])
    }

    /// In powers of ten, as the report has them.
    static func bytes(_ bytes: Double) -> String {
        scaled(bytes, [("GB", 1e9), ("MB", 1e6), ("KB", 1e3), ("B", 1)])
    }

    private static func scaled(_ value: Double, _ units: [(name: String, size: Double)]) -> String {
        let unit = units.first { abs(value) >= $0.size } ?? units[units.count - 1]
        return number(value / unit.size) + " " + unit.name
    }
}
