/// A key of an experiment file that the command line sets to another value.
package struct Override: Sendable, Equatable {
    /// The option as it was typed, which errors name: `--set groups=3`.
    package var option: String
    /// The key's path, such as `workload.window`.
    package var key: String
    package var value: JSONValue

    /// - Parameter text: a JSON5 value, or a word that needs no quotes here, such as `tcp`.
    package init(option: String, key: String, text: String) throws(ExperimentError) {
        self.option = option
        self.key = key
        do {
            value = try JSONValue(parsing: text)
        } catch {
            guard text.wholeMatch(of: /[A-Za-z0-9_.-]+/) != nil else {
                throw ExperimentError(
                    origin: option, keys: [key], problem: "has no value that can be read",
                    allowed: "a JSON5 value or a word is allowed, such as groups=[1,2] or "
                        + "transport=ipc")
            }
            value = .string(text)
        }
    }

    /// - Parameter setting: what stands behind `--set`: `KEY=VALUE`.
    package init(setting: String) throws(ExperimentError) {
        let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts[0].split(separator: ".", omittingEmptySubsequences: false)
                .allSatisfy({ !$0.isEmpty })
        else {
            throw ExperimentError(
                origin: "--set \(setting)", keys: [], problem: "this is not KEY=VALUE",
                allowed: "KEY is the path of a key, such as groups or workload.window")
        }
        try self.init(option: "--set \(setting)", key: String(parts[0]), text: String(parts[1]))
    }

    /// Whether an error about `path` is about what this option has set.
    func concerns(_ path: String) -> Bool {
        path == key || path.hasPrefix(key + ".") || key.hasPrefix(path + ".")
    }
}
