import Foundation

/// A new folder for one test, removed with its last reference.
package final class Scratch {
    package let url: URL

    package init() throws {
        // Short, so that sockets can be below it, too. mkdtemp puts a name in place of the Xs.
        var template = Array("/tmp/cb-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw NeverHappened("no folder can be made in /tmp")
        }
        url = URL(
            fileURLWithPath: String(
                decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self))
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    package func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    /// Writes a file and returns its path.
    package func file(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: url.appendingPathComponent(name))
        return path(name)
    }

    /// What is in the folder, by name.
    package var contents: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
    }
}
