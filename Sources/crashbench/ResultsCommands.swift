import Foundation
import Harness

/// The commands that read results.
extension Command {
    @Sendable static func tables(_ arguments: Arguments) throws -> ExitStatus {
        let directory = arguments.operands[0]
        let omissions = try Tables.write(directory: directory, floors: Registry.floors)
        print("Written: \(directory)/tables.md, summary.csv, comparisons.csv")
        return tell(omissions, of: directory)
    }

    @Sendable static func plot(_ arguments: Arguments) throws -> ExitStatus {
        let directory = arguments.operands[0]
        let (notes, omissions) = try Figures.render(directory, floors: Registry.floors)
        for note in notes { print(note) }
        print("Drawn: \(directory)/figures")
        return tell(omissions, of: directory)
    }

    @Sendable static func report(_ arguments: Arguments) throws -> ExitStatus {
        let directory = arguments.operands[0]
        let evaluation = try Evaluation(directory: directory, floors: Registry.floors)
        var problems = evaluation.omissions
        if !Figures.areDrawn(in: directory) {
            do throws(ResultsError) {
                _ = try Figures.render(directory, floors: Registry.floors)
            } catch {
                problems.append("\(error) The report is without figures.")
            }
        }
        try evaluation.writeReport()
        print("Written: \(directory)/report.html")
        return tell(problems, of: directory)
    }

    @Sendable static func summary(_ arguments: Arguments) throws -> ExitStatus {
        let directory = arguments.operands[0]
        let (text, omissions) = try SummaryListing.text(
            directory: directory, floors: Registry.floors)
        print(text, terminator: "")
        return tell(omissions, of: directory)
    }

    @Sendable static func compare(_ arguments: Arguments) throws -> ExitStatus {
        let threshold = try arguments[Option.threshold.name].map { text in
            guard let percent = Double(text), (0...10_000).contains(percent) else {
                throw UsageError(
                    "--threshold \(text): it must be a number of percent from 0 to 10000")
            }
            return percent
        }
        let metrics = try arguments.options.filter { $0.name == Option.metric.name }.map { option in
            guard let metric = SummaryRow.Metric(rawValue: option.value) else {
                let names = SummaryRow.Metric.allCases.map(\.rawValue)
                throw UsageError(
                    "--metric \(option.value): there is no such metric"
                        + "\(suggestion(for: option.value, among: names)); it must be one of "
                        + names.joined(separator: ", "))
            }
            return metric
        }
        let comparison = try ResultsComparison(
            arguments.operands[0], arguments.operands[1], metrics: metrics)
        print(comparison.text(threshold: threshold), terminator: "")
        let whole = tell(comparison.omissions)
        switch comparison.judgement(threshold: threshold) {
        case .passed: return whole
        case .worse: return .invalid
        case .unjudged: return .unjudged
        }
    }

    @Sendable static func columns(_ arguments: Arguments) throws -> ExitStatus {
        guard let table = arguments.operands.first else {
            print(DataDictionary.markdown, terminator: "")
            return .valid
        }
        guard let text = DataDictionary.markdown(of: table) else {
            throw UsageError(
                "\"\(table)\" is no table\(suggestion(for: table, among: DataDictionary.tables)); "
                    + "allowed are \(DataDictionary.tables.joined(separator: ", "))")
        }
        print(text, terminator: "")
        return .valid
    }

    /// Says what could not be used, on standard error.
    private static func tell(_ omissions: [String], of directory: String? = nil) -> ExitStatus {
        let place = directory.map { "\($0): " } ?? ""
        for sentence in omissions {
            FileHandle.standardError.write(Data("crashbench: \(place)\(sentence)\n".utf8))
        }
        return omissions.isEmpty ? .valid : .unjudged
    }
}
