/// What a mechanism cannot be faster than, in the terms of `floor.csv`.
package struct MechanismFloor: Sendable {
    /// The raw exchange of an update's shape; nil where an update sends nothing.
    package var update: UpdateFloor?
    /// Whether a recovery decodes, so that its floor includes the arithmetic.
    package var decodes: Bool

    package init(update: UpdateFloor?, decodes: Bool) {
        self.update = update
        self.decodes = decodes
    }
}

/// The measurements of `floor.csv`, to be asked for one mechanism's floor.
struct Floors {
    private let rows: [FloorRow]
    private let mechanisms: [String: MechanismFloor]

    init(rows: [FloorRow], mechanisms: [String: MechanismFloor]) {
        self.rows = rows
        self.mechanisms = mechanisms
    }

    /// The raw exchange of an update's shape, or nil where it was not measured.
    func update(_ configuration: RunRow) -> FloorRow? {
        guard let shape = mechanisms[configuration.mechanism]?.update else { return nil }
        let measures = [1: "one_round", 2: "two_rounds"]
        guard let measure = measures[shape.rounds] else { return nil }
        let peers = shape.peers(configuration.faults)
        let rows = rows(measure, of: configuration).filter { $0.peers == peers }
        return rows.first { $0.messageBytes >= configuration.valueBytes } ?? rows.last
    }

    /// Nanoseconds that moving, and where the mechanism decodes also decoding, so many bytes takes.
    ///
    /// - Parameter pull: by what pull they move: `bulkPull` or `freshPull`.
    func recovery(
        _ configuration: RunRow, bytes: Int, by pull: FloorMeasure = .bulkPull
    ) -> Double? {
        guard
            let mechanism = mechanisms[configuration.mechanism],
            let moving = moving(configuration, bytes: bytes, by: pull)
        else { return nil }
        guard mechanism.decodes else { return moving }
        return rows("decode").last.map { decode in
            moving + Double(bytes) / Double(decode.median) * 1e9
        }
    }

    /// Nanoseconds that moving so many bytes takes by a pull.
    func moving(
        _ configuration: RunRow, bytes: Int, by pull: FloorMeasure = .bulkPull
    ) -> Double? {
        rows(pull.rawValue, of: configuration).last.map {
            Double(bytes) / Double($0.median) * 1e9
        }
    }

    /// The rows of one measure, those of small messages first.
    ///
    /// - Parameter configuration: whose nodes are reached as the floor's processes were; nil for
    ///   what sends nothing.
    private func rows(_ measure: String, of configuration: RunRow? = nil) -> [FloorRow] {
        rows.filter {
            $0.measure == measure && $0.transport == configuration?.transport ?? ""
                && $0.placement == configuration?.placement ?? Placement.none.rawValue
                && $0.median > 0
        }.sorted { $0.messageBytes < $1.messageBytes }
    }
}
