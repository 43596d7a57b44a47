/// What of a results directory could not be used because it is torn, edited or of another version.
/// Everything else is used.
package struct Omissions: Sendable, Equatable {
    private var notes: [(file: String, sentence: String)] = []
    /// Rows that are not named, by file: so many that nobody would read them.
    private var unnamed: [String: Int] = [:]

    /// How many sentences there are of one file.
    private static let limit = 4

    /// As sentences, in which files have their names within the directory.
    package var sentences: [String] {
        notes.map(\.sentence)
            + unnamed.sorted { $0.key < $1.key }.map { file, count in
                "\(file) has \(count) more \(count == 1 ? "fault" : "faults") of this kind."
            }
    }

    package var isEmpty: Bool { notes.isEmpty }

    package static func == (left: Omissions, right: Omissions) -> Bool {
        left.sentences == right.sentences
    }

    /// - Parameter sentence: begins with the file's name.
    mutating func note(_ sentence: String, of file: String) {
        guard notes.count(where: { $0.file == file }) < Self.limit else {
            unnamed[file, default: 0] += 1
            return
        }
        notes.append((file, sentence))
    }

    /// Notes what is wrong with a row, or with the whole file.
    mutating func note(_ error: ResultsError, of file: String, leavingOut part: String) {
        switch error {
        case .malformed(_, let line, let reason):
            note("\(file), line \(line): \(reason); \(part) was left out.", of: file)
        case .read(_, let reason):
            note("\(file) cannot be read (\(reason)); it was left out.", of: file)
        default:
            note("\(file): \(error)", of: file)
        }
    }
}
