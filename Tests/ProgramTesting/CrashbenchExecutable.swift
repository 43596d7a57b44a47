import Foundation

/// The project's folder.
package let projectRoot = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The crashbench executable, for tests that start it: the one that CRASHBENCH_EXECUTABLE names,
/// else the one that was built beside this test bundle.
package func crashbenchExecutable() throws -> URL {
    if let path = ProcessInfo.processInfo.environment["CRASHBENCH_EXECUTABLE"] {
        return URL(fileURLWithPath: path)
    }
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") }
    struct BundleNotFound: Error {}
    guard let bundle else { throw BundleNotFound() }
    return URL(fileURLWithPath: bundle).deletingLastPathComponent()
        .appendingPathComponent("crashbench")
}
