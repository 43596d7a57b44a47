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
    /// The files of the libraries that do the work, as the program has loaded them. What follows is
    /// nil in files of earlier versions.
    package var libraries: [String]?
    /// What the kernel runs on and the program in, as far as they show.
    package var machine: String?
    /// The CPUs that this program may use.
    package var allowedProcessors: [Int]?
    /// How many CPUs' time the control group may use; nil where there is no limit.
    package var processorQuota: Double?
    /// Of CPU 0 at this moment, in MHz; nil where the kernel does not tell.
    package var frequencyMHz: Double?
    /// All swap space, and what was in use before the run, in bytes.
    package var swapBytes: UInt64?
    package var swapUsedBytes: UInt64?
    /// always, madvise or never.
    package var transparentHugePages: String?
    /// Programs that wanted a CPU at this moment, this one not counted.
    package var othersRunning: Int?
    /// What went on on the machine while runs were made; nil as long as they are.
    package var during: MachineActivity.Share?
    /// Why its numbers should not be taken for this machine's best, as sentences.
    package var warnings: [String]?

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
        let swap = memory("SwapTotal")
        var environment = Environment(
            time: Date().formatted(.iso8601),
            commandLine: CommandLine.arguments,
            commit: commit ?? unknown,
            isDirty: commit == nil ? nil : changes.map { !$0.isEmpty },
            program: programDigest(),
            build: build,
            processor: KernelFile.field("model name", of: "/proc/cpuinfo") ?? unknown,
            cores: ProcessInfo.processInfo.activeProcessorCount,
            memoryBytes: ProcessInfo.processInfo.physicalMemory,
            kernel: KernelFile.text("/proc/sys/kernel/osrelease") ?? unknown,
            operatingSystem: ProcessInfo.processInfo.operatingSystemVersionString,
            swift: firstLine(Command.output("swift", "--version")),
            zeroMQ: zeroMQVersion(),
            jerasure: firstLine(
                Command.output("dpkg-query", "--show", "--showformat=${Version}", "libjerasure2")),
            gnuplot: firstLine(Command.output("gnuplot", "--version")),
            clockSource: KernelFile.text(
                "/sys/devices/system/clocksource/clocksource0/current_clocksource")
                ?? unknown,
            governor: KernelFile.text("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor")
                ?? "none",
            loadAverage: averages,
            limits: Limits(
                openFiles: limit("Max open files"), processes: limit("Max processes"),
                lockedMemoryBytes: limit("Max locked memory")),
            libraries: loadedLibraries(),
            machine: machine(),
            allowedProcessors: ProcessorSet.allowed(),
            processorQuota: processorQuota(),
            frequencyMHz: KernelFile.field("cpu MHz", of: "/proc/cpuinfo").flatMap(Double.init),
            swapBytes: swap,
            swapUsedBytes: swap.flatMap { all in memory("SwapFree").map { all - min(all, $0) } },
            transparentHugePages: KernelFile.text("/sys/kernel/mm/transparent_hugepage/enabled")
                .flatMap {
                    $0.split(separator: "[").last?.split(separator: "]").first.map(String.init)
                },
            othersRunning: KernelFile.field("procs_running", of: "/proc/stat", separator: " ")
                .flatMap { Int($0) }.map { max(0, $0 - 1) })
        environment.warnings = environment.unfitness
        return environment
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

    /// Bytes of a kind of memory by the name that the kernel gives it.
    private static func memory(_ name: String) -> UInt64? {
        KernelFile.bytes(name, in: KernelFile.lines("/proc/meminfo")).map(UInt64.init)
    }

    /// Symbolic links are followed, since it is the file's name that has the whole version.
    private static func loadedLibraries() -> [String] {
        let names = ["libzmq", "libJerasure", "libgf_complete"]
        let paths = KernelFile.lines("/proc/self/maps").compactMap {
            $0.firstIndex(of: "/").map($0.suffix(from:)).map(String.init)
        }
        return Set(paths).filter { path in names.contains { path.contains("/\($0).so") } }.sorted()
    }

    private static func machine() -> String {
        let isVirtual = KernelFile.field("flags", of: "/proc/cpuinfo")?.split(separator: " ")
            .contains("hypervisor")
        let product = ["sys_vendor", "product_name"].compactMap {
            KernelFile.text("/sys/class/dmi/id/\($0)")
        }
        let containers = ["/.dockerenv": "docker", "/run/.containerenv": "podman"]
        let container =
            containers.first { FileManager.default.fileExists(atPath: $0.key) }?.value
            ?? ProcessInfo.processInfo.environment["container"]
        let parts = [
            isVirtual.map { $0 ? "a virtual machine" : "no virtual machine that shows" },
            product.isEmpty ? nil : product.joined(separator: " "),
            container.map { "in a container (\($0))" },
        ]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    /// Of control groups of version 2, or of version 1.
    private static func processorQuota() -> Double? {
        if let text = KernelFile.text("/sys/fs/cgroup/cpu.max") {
            let parts = text.split(separator: " ").map { Double($0) }
            guard parts.count == 2, let quota = parts[0], let period = parts[1] else { return nil }
            return quota / period
        }
        guard
            let quota = KernelFile.text("/sys/fs/cgroup/cpu/cpu.cfs_quota_us").flatMap(Double.init),
            let period = KernelFile.text("/sys/fs/cgroup/cpu/cpu.cfs_period_us").flatMap(
                Double.init),
            quota > 0, period > 0
        else { return nil }
        return quota / period
    }

    private static func zeroMQVersion() -> String {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        zmq_version(&major, &minor, &patch)
        return "\(major).\(minor).\(patch)"
    }

    /// A soft limit by the name that the kernel gives it.
    private static func limit(_ name: String) -> UInt64? {
        KernelFile.lines("/proc/self/limits").first { $0.hasPrefix(name) }
            .flatMap { $0.dropFirst(name.count).split(separator: " ").first }
            .flatMap { UInt64($0) }
    }
}
