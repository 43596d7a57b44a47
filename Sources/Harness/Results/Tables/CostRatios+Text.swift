extension CostRatios {
    /// The section of `tables.md`, with its heading.
    var section: String {
        var parts = ["## What fusion costs against replication\n"]
        let pairs = points.flatMap(\.pairs).compactMap(\.self)
        if !missing.isEmpty {
            parts.append(
                "There is nothing to compare: no valid run of "
                    + "\(missing.joined(separator: " or of ")) is here.\n")
        } else if pairs.isEmpty {
            parts.append("There is nothing to compare: no point has valid runs of both.\n")
        } else {
            parts.append(
                "Fusion's median over replication's, both in parentheses: below 1 fusion costs less. "
                    + "Memory is that of all nodes after the last update; backups are what is "
                    + "beyond one copy of each structure; a recovery stands beside a replica's.\n")
            parts.append(table.text)
            parts += sentences
        }
        return parts.joined(separator: "\n")
    }

    /// The costs that were measured at any point, by their places in `Cost.all`.
    private var measured: [Int] {
        Cost.all.indices.filter { cost in points.contains { $0.pairs[cost] != nil } }
    }

    private var table: MarkdownTable {
        MarkdownTable(
            settings.map(\.symbol) + measured.map { Cost.all[$0].name },
            points.map { point in
                zip(settings, point.values).map { $0.label($1) }
                    + measured.map { cost in
                        point.pairs[cost].map { text($0, Cost.all[cost]) } ?? "-"
                    }
            })
    }

    private func text(_ pair: Pair, _ cost: Cost) -> String {
        let quantity = cost.metric.quantity(_:)
        let verdict = pair.ratio.verdict
        return "\(pair.ratio.text()) (\(quantity(pair.fusion)) / \(quantity(pair.replication)))"
            + (verdict == .noDifference ? ", \(verdict.rawValue)" : "")
    }

    /// Where fusion costs less: a list of sentences, one list for each series.
    var sentences: [String] {
        var series: [[String]] = []
        for point in points.map({ Array($0.values.dropLast()) }) where !series.contains(point) {
            series.append(point)
        }
        return series.map { values in
            let members = points.filter { Array($0.values.dropLast()) == values }
            let title = zip(settings, values).map { $0.place($1) }
            let lines = measured.compactMap { cost -> String? in
                let ratios = members.compactMap { point in
                    point.pairs[cost].map { pair in
                        (value: point.values.last ?? "", ratio: pair.ratio)
                    }
                }
                return sentence(Cost.all[cost].claim, ratios).map { "- \($0)\n" }
            }
            return (title.isEmpty ? "" : "\(title.joined(separator: ", ")):\n\n") + lines.joined()
        }
    }

    /// - Parameter ratios: in the order of the setting's values.
    private func sentence(
        _ claim: String, _ ratios: [(value: String, ratio: Estimate)]
    ) -> String? {
        guard
            let setting = settings.last,
            let least = ratios.min(by: { $0.ratio.value < $1.ratio.value }),
            let most = ratios.max(by: { $0.ratio.value < $1.ratio.value })
        else { return nil }
        func number(_ point: (value: String, ratio: Estimate)) -> String {
            Quantity.number(point.ratio.value)
        }
        func at(_ point: (value: String, ratio: Estimate)) -> String {
            "\(number(point)) (\(setting.place(point.value)))"
        }
        let range =
            number(least) == number(most)
            ? number(least) : "\(at(least)) to \(at(most))"
        let pays = setting.places(ratios.map { ($0.value, $0.ratio.isBelowOne) })
        return "\(claim) \(pays): \(range) of replication's."
    }
}

extension SweptSetting {
    /// A value by itself: `n = 2`, or just the word.
    func place(_ value: String) -> String {
        isNumeric ? "\(symbol) = \(label(value))" : value
    }

    /// Where something holds, in words: from which value on, up to which, or at which.
    ///
    /// - Parameter values: in order, at least one, each with whether it holds there.
    func places(_ values: [(value: String, holds: Bool)]) -> String {
        let holding = values.filter(\.holds).map(\.value)
        let others = values.filter { !$0.holds }.map(\.value)
        guard isNumeric else {
            // Among words a bare number does not say what it is.
            let kind = values.contains { Int($0.value) != nil } ? "\(symbol) " : ""
            if others.isEmpty { return "for \(kind)\(holding.listed)" }
            if holding.isEmpty { return "for none of \(kind)\(others.listed)" }
            return "for \(kind)\(holding.listed), but not for \(others.listed)"
        }
        let all = values.map { label($0.value) }
        guard let first = all.first, let last = all.last, first != last else {
            return "\(others.isEmpty ? "" : "not ")at \(place(values[0].value))"
        }
        if others.isEmpty { return "at every \(symbol) measured, from \(first) to \(last)" }
        if holding.isEmpty { return "at no \(symbol) measured, from \(first) to \(last)" }
        if values.suffix(holding.count).allSatisfy(\.holds) {
            return "from \(place(holding[0])) on"
        }
        if values.prefix(holding.count).allSatisfy(\.holds) {
            return "up to \(place(holding[holding.count - 1]))"
        }
        return "only at \(symbol) = \(holding.map(label).listed) of \(all.listed)"
    }
}

extension [String] {
    /// `a, b and c`.
    fileprivate var listed: String {
        guard count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " and " + self[count - 1]
    }
}
