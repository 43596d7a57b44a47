/// The settings of several configurations as a terminal has them: what all have in common, and
/// columns of what tells them apart.
struct ListedSettings {
    private let swept: [SweptSetting]
    private let shared: [(name: String, value: String)]

    /// Columns of `runs.csv` that are no settings, or only follow from others.
    private static let others = [
        "run", "experiment", "repetition", "seed", "nodes", "duration_ns", "updates", "recoveries",
        "valid", "refused", "outcome", "value_bytes",
    ]

    init(of configurations: [RunRow]) {
        swept = SweptSettings(of: configurations).settings.filter {
            $0.column.name != "experiment"
        }
        shared = RunRow.columns.compactMap { column in
            let values = Set(configurations.map { $0.text(of: column) })
            guard !Self.others.contains(column.name), values.count == 1, let value = values.first,
                !value.isEmpty
            else { return nil }
            return (column.name, value)
        }
    }

    /// A line for each setting that all have in common.
    var common: String {
        let width = shared.map(\.name.count).max() ?? 0
        return shared.map { "  \($0.name.padded(to: width))  \($0.value)\n" }.joined()
    }

    /// The heads of the columns.
    var header: [String] { ["mechanism"] + swept.map(\.column.name) }

    /// What one configuration has in them.
    func cells(_ configuration: RunRow) -> [String] {
        [configuration.mechanism]
            + swept.map { setting in
                let value = configuration.text(of: setting.column)
                return value.isEmpty ? "-" : value
            }
    }

    /// A configuration in words, such as `fusion, groups 2`.
    func label(_ configuration: RunRow) -> String {
        ([configuration.mechanism]
            + swept.compactMap { setting in
                let value = configuration.text(of: setting.column)
                return value.isEmpty ? nil : "\(setting.column.name) \(value)"
            }).joined(separator: ", ")
    }

    /// In which settings two results have no value in common, in words.
    static func differences(_ left: [RunRow], _ right: [RunRow]) -> [String] {
        RunRow.columns.filter { !others.contains($0.name) }.compactMap { column in
            func values(_ configurations: [RunRow]) -> [String] {
                var seen: [String] = []
                for value in configurations.map({ $0.text(of: column) })
                where !seen.contains(value) {
                    seen.append(value)
                }
                return seen.map { $0.isEmpty ? "nothing" : $0 }
            }
            let (before, after) = (values(left), values(right))
            guard Set(before).isDisjoint(with: after), !before.isEmpty, !after.isEmpty
            else { return nil }
            return "\(column.name) is \(before.joined(separator: ", ")) in the first and "
                + "\(after.joined(separator: ", ")) in the second"
        }
    }
}
