import Foundation

/// Files that belong to the project but not to the program: experiments and gnuplot scripts.
package enum ProjectFiles {
    /// Finds a file of the project from wherever the program runs.
    ///
    /// - Parameter path: relative to the project's root, for example `plots/figure-07.gnuplot`.
    /// - Returns: the file under the first ancestor of the working directory that contains it, then
    ///   of the executable's directory; nil where none does.
    package static func locate(_ path: String) -> String? {
        let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        let starts = [
            URL(fileURLWithPath: FileManager.default.currentDirectoryPath),
            executable.deletingLastPathComponent(),
        ]
        return starts.lazy.compactMap { locate(path, above: $0) }.first
    }

    /// The file under the nearest of `directory` and its ancestors that contains it.
    static func locate(_ path: String, above directory: URL) -> String? {
        var ancestor = directory.standardizedFileURL
        while true {
            let candidate = ancestor.appendingPathComponent(path).path
            if FileManager.default.fileExists(atPath: candidate) { return candidate }
            if ancestor.path == "/" { return nil }
            ancestor.deleteLastPathComponent()
        }
    }
}
