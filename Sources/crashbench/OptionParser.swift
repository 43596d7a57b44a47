import CPopt
import Foundation
import Harness

/// The command line of one command, taken apart by popt.
///
/// popt reads the table, the names and the arguments for as long as its context lives, so they are
/// owned here and freed after it.
final class OptionParser {
    private static let help: Int32 = 1
    private static let firstOption: Int32 = 2

    private let command: Command
    private let table: UnsafeMutablePointer<OptionEntry>
    private let arguments: UnsafeMutablePointer<UnsafePointer<CChar>?>
    private let strings: [UnsafeMutablePointer<CChar>]
    private let context: poptContext

    /// - Parameter words: the command line behind the command's name.
    init(_ command: Command, words: [String]) {
        self.command = command
        var strings: [UnsafeMutablePointer<CChar>] = []
        func copy(_ text: String) -> UnsafePointer<CChar>? {
            guard let copied = strdup(text) else { return nil }
            strings.append(copied)
            return UnsafePointer(copied)
        }

        var entries = command.options.enumerated().map { index, option in
            OptionEntry(
                longName: copy(option.name), shortName: 0,
                argInfo: option.value == nil ? POPT_ARG_NONE : POPT_ARG_STRING, arg: nil,
                val: Self.firstOption + Int32(index), descrip: copy(option.summary),
                argDescrip: option.value.flatMap(copy))
        }
        entries.append(
            OptionEntry(
                longName: copy("help"), shortName: CChar(UInt8(ascii: "h")),
                argInfo: POPT_ARG_NONE, arg: nil, val: Self.help,
                descrip: copy("Say how to use the command"), argDescrip: nil))
        // An entry of zeros ends the table.
        entries.append(OptionEntry())
        table = .allocate(capacity: entries.count)
        table.initialize(from: entries, count: entries.count)

        let vector = (["crashbench \(command.name)"] + words).map(copy) + [nil]
        arguments = .allocate(capacity: vector.count)
        arguments.initialize(from: vector, count: vector.count)
        self.strings = strings
        context = poptGetContext("crashbench", Int32(vector.count - 1), arguments, table, 0)
        // popt puts the name before.
        poptSetOtherOptionHelp(
            context, command.call.dropFirst(command.name.count + 1) + " [OPTION...]")
    }

    deinit {
        poptFreeContext(context)
        arguments.deallocate()
        table.deallocate()
        for string in strings { free(string) }
    }

    /// Reads the whole command line. Call it once.
    ///
    /// - Returns: nil where help is asked for.
    func parse() throws(UsageError) -> Arguments? {
        var parsed = Arguments()
        while true {
            let result = poptGetNextOpt(context)
            switch result {
            case Self.help:
                return nil
            case Self.firstOption...:
                parsed.options.append(try setting(Int(result - Self.firstOption)))
            case -1:
                parsed.operands = try operands()
                return parsed
            default:
                throw refusal(of: result)
            }
        }
    }

    /// How the command is used, as popt prints it.
    func usage() -> String {
        var text: UnsafeMutablePointer<CChar>?
        var size = 0
        guard let stream = open_memstream(&text, &size) else { return "" }
        poptPrintHelp(context, stream, 0)
        fclose(stream)
        defer { free(text) }
        return text.map { String(cString: $0) } ?? ""
    }

    private func setting(_ index: Int) throws(UsageError) -> Arguments.Setting {
        let option = command.options[index]
        guard let meaning = option.value else {
            return Arguments.Setting(name: option.name, value: "")
        }
        let text = poptGetOptArg(context)
        defer { free(text) }
        let value = text.map { String(cString: $0) } ?? ""
        // popt takes whatever comes next, also another option.
        guard !value.isEmpty, !value.hasPrefix("--") else {
            throw refusal("--\(option.name) needs a value (\(meaning))")
        }
        return Arguments.Setting(name: option.name, value: value)
    }

    private func operands() throws(UsageError) -> [String] {
        var found: [String] = []
        while let operand = poptGetArg(context) { found.append(String(cString: operand)) }
        if found.count < command.operands.count {
            throw refusal("\(command.operands[found.count]) is missing")
        }
        let most = command.operands.count + (command.optionalOperand == nil ? 0 : 1)
        if found.count > most {
            throw refusal("\"\(found[most])\" is one argument too many")
        }
        return found
    }

    private func refusal(of code: Int32) -> UsageError {
        let option = poptBadOption(context, 0).map { String(cString: $0) } ?? ""
        switch code {
        case POPT_ERROR_BADOPT:
            let names = command.options.map { "--\($0.name)" } + ["--help"]
            return refusal("\(option) is no option" + suggestion(for: option, among: names))
        case POPT_ERROR_NOARG:
            let value = command.options.first { "--\($0.name)" == option }?.value ?? "VALUE"
            return refusal("\(option) needs a value (\(value))")
        default:
            return refusal("\(option): \(poptStrerror(code).map { String(cString: $0) } ?? "")")
        }
    }

    private func refusal(_ problem: String) -> UsageError {
        UsageError("\(problem); see crashbench \(command.name) --help")
    }
}
