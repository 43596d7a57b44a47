import Foundation

/// Files in which the kernel tells about itself.
enum KernelFile {
    /// The whole text without the white space around it; nil where there is none. Foundation's other
    /// ways to read a file take the first page for all of it, since the kernel says it has 0 bytes.
    static func text(_ path: String) -> String? {
        guard let file = FileHandle(forReadingAtPath: path), let data = try? file.readToEnd() else {
            return nil
        }
        return String(decoding: data, as: UTF8.self)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    static func lines(_ path: String) -> [Substring] {
        text(path)?.split(separator: "\n") ?? []
    }

    /// The value of the first line `name : value`.
    static func field(_ name: String, of path: String, separator: Character = ":") -> String? {
        lines(path).first { $0.hasPrefix(name) }?
            .split(separator: separator, maxSplits: 1).last?.trimmingCharacters(in: .whitespaces)
    }

    /// Bytes of a kind of memory, of lines `name: n kB`; nil where none has the name.
    static func bytes(_ name: String, in lines: [Substring]) -> Int? {
        lines.first { $0.hasPrefix(name + ":") }?.split(separator: " ").dropFirst().first
            .flatMap { Int($0) }.map { $0 << 10 }
    }
}
