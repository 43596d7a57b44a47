import CJerasure
import CZeroMQ
import Foundation

/// `crashbench doctor`: what this machine has of what a run needs, what is missing, and how to
/// get it.
package enum Doctor {
    /// Examines this machine.
    ///
    /// - Parameters:
    ///   - searchPath: the directories that gnuplot is looked for in, as in PATH.
    ///   - directory: where results would be written.
    /// - Returns: one line per check, for people; `isComplete` is whether nothing is missing.
    package static func report(
        searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "",
        directory: String = FileManager.default.currentDirectoryPath
    ) -> (text: String, isComplete: Bool) {
        let checks =
            [zeroMQ()] + [8, 16, 32].map(arithmetic) + [
                gnuplot(searchPath), processors(), memory(), openFiles(), processes(),
                disk(directory), processFileSystem(), loopback(), ipcDirectory(),
            ]
        let missing = checks.filter { $0.remedy != nil }.count
        let width = checks.map(\.subject.count).max() ?? 0
        let lines = checks.map { check in
            let subject = check.subject.padding(toLength: width, withPad: " ", startingAt: 0)
            let status = check.remedy == nil ? "ok     " : "missing"
            let remedy = check.remedy.map { "; \($0)" } ?? ""
            return "\(status)  \(subject)  \(check.finding)\(remedy)\n"
        }
        let verdict =
            missing == 0
            ? "Nothing is missing."
            : "\(missing) of \(checks.count) checks found something missing."
        return (lines.joined() + verdict + "\n", missing == 0)
    }

    private struct Check {
        var subject: String
        var finding: String
        /// What to do where something is missing; nil where all is well.
        var remedy: String?

        init(subject: String, finding: String, remedy: String? = nil) {
            self.subject = subject
            self.finding = finding
            self.remedy = remedy
        }

        /// A check that is passed where `probe` finds something, and failed where it throws.
        init(subject: String, probe: () throws -> String, remedy: String) {
            do {
                self.init(subject: subject, finding: try probe())
            } catch {
                self.init(subject: subject, finding: "\(error)", remedy: remedy)
            }
        }
    }

    // MARK: Libraries and programs

    private static func zeroMQ() -> Check {
        var (major, minor, patch): (Int32, Int32, Int32) = (0, 0, 0)
        zmq_version(&major, &minor, &patch)
        let hasIPC = zmq_has("ipc") == 1
        return Check(
            subject: "libzmq",
            finding: "version \(major).\(minor).\(patch), \(hasIPC ? "with" : "without") ipc",
            remedy: hasIPC ? nil : "apt-get install libzmq3-dev")
    }

    /// Multiplies x by x^(w - 1), whose product x^w is the field's polynomial without its leading
    /// term: it is right only in the field that codes are defined over.
    private static func arithmetic(wordBits: Int32) -> Check {
        let polynomial: [Int32: UInt32] = [8: 0x1d, 16: 0x100b, 32: 0x40_0007]
        return Check(
            subject: "Jerasure, w = \(wordBits)",
            probe: {
                try FloorDecode.createFields()
                let highest = Int32(truncatingIfNeeded: 1 << (Int64(wordBits) - 1))
                let product = UInt32(bitPattern: galois_single_multiply(2, highest, wordBits))
                guard product == polynomial[wordBits] else {
                    throw WrongProduct(description: "2 times 2^\(wordBits - 1) gave \(product)")
                }
                return "multiplies rightly"
            },
            remedy: "apt-get install --reinstall libjerasure2 libgf-complete1")
    }

    private struct WrongProduct: Error, CustomStringConvertible {
        var description: String
    }

    private static func gnuplot(_ searchPath: String) -> Check {
        let remedy = "apt-get install gnuplot-nox (only figures need it)"
        let candidates = searchPath.split(separator: ":").map { "\($0)/gnuplot" }
        guard let path = candidates.first(where: FileManager.default.isExecutableFile) else {
            return Check(subject: "gnuplot", finding: "not on the PATH", remedy: remedy)
        }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = ["--version"]
        process.standardOutput = output
        do {
            try process.run()
            let data = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            let text = String(decoding: data, as: UTF8.self)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            let works = process.terminationStatus == 0 && !text.isEmpty
            return Check(
                subject: "gnuplot", finding: works ? "\(text), \(path)" : "\(path) fails",
                remedy: works ? nil : remedy)
        } catch {
            return Check(
                subject: "gnuplot",
                finding: "\(path) does not start: \(error.localizedDescription)", remedy: remedy)
        }
    }

    // MARK: The machine

    private static func processors() -> Check {
        var load = [0.0]
        let known = getloadavg(&load, 1) == 1
        let count = ProcessInfo.processInfo.activeProcessorCount
        let isBusy = known && load[0] > Double(count) / 2
        return Check(
            subject: "processors",
            finding: "\(count), load \(known ? String(format: "%.2f", load[0]) : "unknown")"
                + (isBusy ? "; times will be noisy while other programs run" : ""))
    }

    private static func memory() -> Check {
        let bytes = KernelFile.bytes("MemAvailable", in: KernelFile.lines("/proc/meminfo")) ?? 0
        return atLeast(
            512, bytes / 1_000_000, "memory", "MB available",
            "end other programs or add memory")
    }

    private static func openFiles() -> Check {
        atLeast(1_024, limit(RLIMIT_NOFILE), "open files", "allowed", "ulimit -n 1024")
    }

    private static func processes() -> Check {
        atLeast(512, limit(__RLIMIT_NPROC), "processes", "allowed", "ulimit -u 512")
    }

    private static func disk(_ directory: String) -> Check {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: directory)
        let bytes = (attributes?[.systemFreeSize] as? NSNumber)?.intValue ?? 0
        return atLeast(
            100, bytes / 1_000_000, "disk", "MB free at \(directory)",
            "free some space or run in another directory")
    }

    private static func atLeast(
        _ needed: Int, _ found: Int, _ subject: String, _ unit: String, _ remedy: String
    ) -> Check {
        Check(
            subject: subject, finding: "\(found == Int.max ? "unlimited" : String(found)) \(unit)",
            remedy: found >= needed ? nil : "at least \(needed) needed: \(remedy)")
    }

    private static func limit(_ resource: __rlimit_resource) -> Int {
        var value = rlimit()
        guard getrlimit(__rlimit_resource_t(resource.rawValue), &value) == 0 else { return 0 }
        return Int(clamping: value.rlim_cur)
    }

    private static func processFileSystem() -> Check {
        let isMounted = FileManager.default.isReadableFile(atPath: "/proc/self/statm")
        return Check(
            subject: "/proc", finding: isMounted ? "mounted" : "not mounted",
            remedy: isMounted ? nil : "mount -t proc proc /proc")
    }

    // MARK: Endpoints

    private static func loopback() -> Check {
        Check(
            subject: "tcp on loopback", probe: { try bind("tcp://127.0.0.1:*") },
            remedy: "bring the loopback interface up: ip link set lo up")
    }

    private static func ipcDirectory() -> Check {
        Check(
            subject: "ipc directory",
            probe: {
                let directory = try PrivateDirectory()
                defer { withExtendedLifetime(directory) {} }
                return try bind("ipc://\(directory.path)/doctor")
            },
            remedy: "set TMPDIR to a writable directory with a short name")
    }

    /// Binds to `endpoint`, lets go of it, and returns what it was.
    private static func bind(_ endpoint: String) throws -> String {
        try FloorSocket(pullingAt: endpoint, in: FloorContext()).boundEndpoint()
    }
}
