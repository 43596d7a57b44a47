import CZeroMQ
import Foundation

/// Where and with what a measurement was made: `environment.json`. What cannot be found out is
/// "unknown".
package struct Environment: Codable, Sendable, Equatable {
    /// UTC, ISO 8601.
    package var time: String
    package var commandLine: [String]
    package var commit: String
    /// Whether files differ from the commit; nil where there is no commit.
    package var isDirty: Bool?
    /// Tells the program from other builds: a digest of its file.
    package var program: String?
    /// debug or release.
    package var build: String
    package var processor: String
    package var cores: Int
    package var memoryBytes: UInt64
    package var kernel: String
    package var operatingSystem: String
    package var swift: String
    package var zeroMQ: String
    package var jerasure: String
    package var gnuplot: String
    package var clockSource: String
    /// The CPU frequency governor; "none" where the machine has none to set.
    package var governor: String
    /// Over 1, 5 and 15 minutes, before the run.
    package var loadAverage: [Double]
    package var limits: Limits

    /// Soft limits of the process; nil where there is none.
    package struct Limits: Codable, Sendable, Equatable {
        package var openFiles: UInt64?
        package var processes: UInt64?
        package var lockedMemoryBytes: UInt64?
    }

    package static let fileName = "environment.json"

    /// Looks around; starts a few small programs, so call it before the first run.
    package static func capture() -> Environment {
        // A file that only this project has, since the program may run inside another one.
        let root = ProjectFiles.locate("plots/common.gnuplot").map {
            URL(fileURLWithPath: $0).deletingLastPathComponent().path
        }
        let commit = root.flatMap { Command.output("git", "-C", $0, "rev-parse", "HEAD") }
        let changes = root.flatMap { Command.output("git", "-C", $0, "status", "--porcelain") }
        var averages = [Double](repeating: 0, count: 3)
        averages.removeLast(3 - Int(max(0, getloadavg(&averages, 3))))
        return Environment(
            time: Date().formatted(.iso8601),
            commandLine: CommandLine.arguments,
            commit: commit ?? unknown,
            isDirty: commit == nil ? nil : changes.map { !$0.isEmpty },
            program: programDigest(),
            build: build,
            processor: field("model name", of: "/proc/cpuinfo") ?? unknown,
            cores: ProcessInfo.processInfo.activeProcessorCount,
            memoryBytes: ProcessInfo.processInfo.physicalMemory,
            kernel: line("/proc/sys/kernel/osrelease") ?? unknown,
            operatingSystem: ProcessInfo.processInfo.operatingSystemVersionString,
            swift: firstLine(Command.output("swift", "--version")),
            zeroMQ: zeroMQVersion(),
            jerasure: firstLine(
                Command.output("dpkg-query", "--show", "--showformat=${Version}", "libjerasure2")),
            gnuplot: firstLine(Command.output("gnuplot", "--version")),
            clockSource: line("/sys/devices/system/clocksource/clocksource0/current_clocksource")
                ?? unknown,
            governor: line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor") ?? "none",
            loadAverage: averages,
            limits: Limits(
                openFiles: limit("Max open files"), processes: limit("Max processes"),
                lockedMemoryBytes: limit("Max locked memory")))
    }

    private static let unknown = "unknown"

    private static var build: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }

    /// FNV-1a of the program's file, in words of 8 bytes.
    private static func programDigest() -> String? {
        guard let data = FileManager.default.contents(atPath: "/proc/self/exe") else { return nil }
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        data.withUnsafeBytes { bytes in
            for offset in stride(from: 0, to: bytes.count - 7, by: 8) {
                let word = bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
                digest = (digest ^ word) &* 0x100_0000_01B3
            }
        }
        return String(digest, radix: 16)
    }

    private static func firstLine(_ text: String?) -> String {
        text.flatMap { $0.split(separator: "\n").first.map(String.init) } ?? unknown
    }

    /// The only line of a file of the kernel's.
    private static func line(_ path: String) -> String? {
        (try? String(contentsOfFile: path, encoding: .utf8))?
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The value of the first line `name : value` of a file of the kernel's.
    private static func field(_ name: String, of path: String) -> String? {
        line(path)?.split(separator: "\n").first { $0.hasPrefix(name) }?
            .split(separator: ":", maxSplits: 1).last?.trimmingCharacters(in: .whitespaces)
    }

    private static func zeroMQVersion() -> String {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        zmq_version(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }

    /// A soft limit by the name that the kernel gives it.
    private static func limit(_ name: String) -> UInt64? {
        line("/proc/self/limits")?.split(separator: "\n").first { $0.hasPrefix(name) }
            .flatMap { $0.dropFirst(name.count).split(separator: " ").first }
            .flatMap { UInt64($0) }
    }
}
