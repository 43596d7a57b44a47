import Foundation

/// Tells every recovery twice: as text on standard error and as a line of JSON in a file.
final class RecoveryChronicle {
    static let fileName = "recoveries.jsonl"

    private let progress: Progress
    private let path: String
    private let file: FileHandle
    private let encoder = JSONEncoder()

    /// - Throws: `ResultsError` where the file cannot be made.
    init(in directory: ResultsDirectory, progress: Progress) throws {
        self.progress = progress
        path = directory.path + "/" + Self.fileName
        // Where an experiment is resumed, it goes on behind what is there.
        if !FileManager.default.fileExists(atPath: path) {
            try directory.write("", to: Self.fileName)
        }
        do {
            file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
            try file.seekToEnd()
        } catch {
            throw ResultsError.write(path: path, reason: reason(of: error))
        }
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    }

    /// - Throws: `ResultsError` where the file cannot be written.
    func tell(_ account: RecoveryAccount) throws {
        progress.say(account.text)
        do {
            try file.write(contentsOf: try encoder.encode(account) + Data("\n".utf8))
        } catch {
            throw ResultsError.write(path: path, reason: reason(of: error))
        }
    }
}
