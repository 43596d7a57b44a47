import Foundation

/// A new directory that only this user can enter, removed with its last reference.
final class PrivateDirectory {
    let path: String

    init() throws {
        // Unix socket addresses hold about 100 characters, so a long TMPDIR would not do.
        let base = ProcessInfo.processInfo.environment["TMPDIR"].flatMap {
            $0.utf8.count <= 40 && $0.hasPrefix("/") ? $0 : nil
        }
        // mkdtemp puts a name that nobody has in place of the Xs.
        var template = Array("\(base ?? "/tmp")/crashbench-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw RunError.unjudged(
                "no private directory for sockets can be made in \(base ?? "/tmp"): "
                    + String(cString: strerror(errno)))
        }
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
