import Foundation

extension Environment {
    /// Writes `environment.json`.
    ///
    /// - Parameter isResumed: whether the file is of an earlier call, of which then all stays, and
    ///   this one's warnings are added.
    package func write(
        to directory: ResultsDirectory, isResumed: Bool = false
    ) throws(ResultsError) {
        var environment = self
        if isResumed, let first = try? Environment.read(from: directory.path) {
            environment = first
            let known = first.warnings ?? []
            environment.warnings = known + (warnings ?? []).filter { !known.contains($0) }
        }
        try directory.write(environment.json, to: Environment.fileName)
    }

    /// Reads what `write` wrote.
    package static func read(from directory: String) throws -> Environment {
        let file = URL(fileURLWithPath: directory + "/" + fileName)
        return try JSONDecoder().decode(Environment.self, from: Data(contentsOf: file))
    }

    /// Indented, keys sorted, so that two environments can be compared line by line.
    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        // Encoding fails only for numbers that are not finite, and load averages are.
        let data = (try? encoder.encode(self)) ?? Data("{}".utf8)
        return String(decoding: data, as: UTF8.self) + "\n"
    }

    /// The most important facts in a sentence.
    var line: String {
        let memory = Quantity.number(Double(memoryBytes) / Double(1 << 30))
        let commit = commit.prefix(12) + (isDirty == true ? " with changes" : "")
        return
            "Measured \(time) at commit \(commit), \(build) build: \(processor), \(cores) cores, "
            + "\(memory) GiB, \(operatingSystem), kernel \(kernel), \(swift), "
            + "libzmq \(zeroMQ), Jerasure \(jerasure)."
    }
}
