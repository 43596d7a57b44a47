/// A setting in which runs of one mechanism differ.
struct SweptSetting: Sendable {
    let column: Column<RunRow>
    /// Its values in order: numbers by size, words as they first ran.
    let values: [String]
    let isNumeric: Bool

    fileprivate init(_ column: Column<RunRow>, of configurations: [RunRow]) {
        var found: [String] = []
        for configuration in configurations {
            let value = configuration.text(of: column)
            if !value.isEmpty, !found.contains(value) { found.append(value) }
        }
        let numbers = found.compactMap(Double.init)
        self.column = column
        isNumeric = numbers.count == found.count
        values = isNumeric ? zip(numbers, found).sorted { $0.0 < $1.0 }.map(\.1) : found
    }

    /// The field's letter, or the column's name as words.
    var symbol: String {
        let letters = ["groups": "n", "faults": "f", "word_bits": "w", "value_sizes": "value size"]
        return letters[column.name] ?? column.name.replacing("_", with: " ")
    }

    /// A value with its unit, as tables have it; empty where a mechanism has no such setting.
    func label(_ value: String) -> String {
        column.name == "value_sizes" && isNumeric ? "\(value) B" : value
    }
}

/// What an experiment sweeps: the settings, besides the mechanism, in which its runs differ.
struct SweptSettings: Sendable {
    /// In the order of the columns of `runs.csv`.
    let settings: [SweptSetting]

    /// Finds the settings that tell configurations of one mechanism apart. One that only follows
    /// from those before it, such as a structure's operations, is none of its own.
    init(of configurations: [RunRow]) {
        func distinct(_ columns: [Column<RunRow>]) -> Int {
            Set(
                configurations.map { configuration in
                    [configuration.mechanism] + columns.map { configuration.text(of: $0) }
                }
            ).count
        }
        var swept: [Column<RunRow>] = []
        // The number of nodes follows from the others, and sizes that vary have a mean, too.
        for column in RunRow.columns
        where !["mechanism", "nodes", "value_bytes"].contains(column.name)
            && distinct(swept + [column]) > distinct(swept)
        {
            swept.append(column)
        }
        settings = swept.map { SweptSetting($0, of: configurations) }
    }

    /// The setting that is drawn from left to right: the one with the most values, numbers first.
    var horizontal: SweptSetting? {
        settings.first { setting in
            settings.allSatisfy {
                ($0.values.count, $0.isNumeric ? 1 : 0)
                    <= (setting.values.count, setting.isNumeric ? 1 : 0)
            }
        }
    }

    /// The other settings, which are drawn as series.
    var series: [SweptSetting] {
        settings.filter { $0.column.name != horizontal?.column.name }
    }
}

extension RunRow {
    /// The value in a column as text; empty where there is none.
    func text(of column: Column<RunRow>) -> String {
        var bytes: [UInt8] = []
        column.append(self, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}
