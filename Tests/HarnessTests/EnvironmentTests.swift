import Foundation
import Synchronization
import Testing

@testable import Harness

struct EnvironmentTests {
    @Test func `the environment is found and comes back from its file`() throws {
        let directory = try TemporaryDirectory()
        let environment = Environment.capture()
        try environment.write(to: ResultsDirectory(path: directory.path))
        #expect(try Environment.read(from: directory.path) == environment)
        #expect(environment.cores > 0)
        #expect(environment.memoryBytes > 1 << 20)
        #expect(environment.zeroMQ.hasPrefix("4."))
        #expect(environment.swift.contains("Swift"))
        #expect(environment.gnuplot.hasPrefix("gnuplot"))
        #expect(environment.kernel != "unknown")
        #expect(environment.loadAverage.count == 3)
        #expect(environment.limits.openFiles ?? 1 > 0)
        #expect(!environment.commandLine.isEmpty)
        #expect(environment.line.contains(environment.processor))
        #expect(environment.libraries?.count == 3)
        #expect(environment.libraries?.first { $0.contains("libzmq.so.5.") } != nil)
        #expect(environment.machine?.isEmpty == false)
        #expect(environment.allowedProcessors?.isEmpty == false)
        #expect((environment.swapUsedBytes ?? 0) <= environment.swapBytes ?? 0)
        #expect(environment.during == nil)
    }

    @Test func `a machine that is fit has no warnings, and each fault has one`() {
        var fit = Environment.capture()
        fit.build = "release"
        fit.isDirty = false
        (fit.cores, fit.loadAverage, fit.othersRunning) = (4, [4, 9, 9], 1)
        (fit.processorQuota, fit.governor) = (nil, "performance")
        (fit.swapBytes, fit.swapUsedBytes) = (100, 10)
        fit.during = MachineActivity.Share(others: 0.1, stolen: 0.02, swappedPages: 0)
        #expect(fit.unfitness.isEmpty)
        let faults: [(String, (inout Environment) -> Void)] = [
            ("debug build", { $0.build = "debug" }),
            ("differ from the commit", { $0.isDirty = true }),
            ("a load of 4.10 on 4 cores, and 1 other program running", { $0.loadAverage[0] = 4.1 }),
            ("may use 1.50 of 4 cores", { $0.processorQuota = 1.5 }),
            ("was swapped out", { $0.swapUsedBytes = 11 }),
            ("governor is powersave", { $0.governor = "powersave" }),
            ("3 pages were swapped", { $0.during?.swappedPages = 3 }),
            ("Other programs had 11.0 % of the CPU time", { $0.during?.others = 0.11 }),
            ("gave 3.00 % of the CPU time", { $0.during?.stolen = 0.03 }),
        ]
        for (words, spoil) in faults {
            var environment = fit
            spoil(&environment)
            #expect(environment.unfitness.count == 1)
            #expect(environment.unfitness.first?.contains(words) == true, "\(words)")
        }
        // A load that nobody makes any more is one's own.
        (fit.loadAverage[0], fit.othersRunning) = (9, 0)
        #expect(fit.unfitness.isEmpty)
    }

    @Test func `CPU time is shared between this program, others and the hypervisor`() {
        let start = MachineActivity(busy: 10, idle: 5, stolen: 1, own: 2, swappedPages: 7)
        let end = MachineActivity(busy: 16, idle: 8, stolen: 2, own: 6, swappedPages: 9)
        #expect(
            start.share(until: end)
                == MachineActivity.Share(others: 0.2, stolen: 0.1, swappedPages: 2))
        #expect(
            start.share(until: start)
                == MachineActivity.Share(others: 0, stolen: 0, swappedPages: 0))
        let now = MachineActivity.now()
        #expect(now.busy > 0 && now.idle > 0 && now.own > 0)
    }

    @Test func `what is resumed keeps its first environment and adds warnings`() throws {
        let directory = try TemporaryDirectory()
        let results = ResultsDirectory(path: directory.path)
        var first = Environment.capture()
        first.warnings = ["a", "b"]
        try first.write(to: results)
        var second = first
        second.time = "later"
        second.warnings = ["b", "c"]
        try second.write(to: results, isResumed: true)
        first.warnings = ["a", "b", "c"]
        #expect(try Environment.read(from: directory.path) == first)
    }

    @Test func `a thread is bound to CPUs and what it starts with it`() throws {
        let allowed = ProcessorSet.allowed()
        let last = try #require(allowed.last)
        let (own, child, after) = onThread {
            let inside = ProcessorSet.bound(to: [last]) {
                (
                    ProcessorSet.allowed(),
                    Command.output("sed", "-n", "s/^Cpus_allowed_list:.//p", "/proc/self/status")
                )
            }
            return (inside.0, inside.1, ProcessorSet.allowed())
        }
        #expect(own == [last])
        #expect(child == "\(last)")
        #expect(after == allowed)
        #expect(ProcessorSet.bound(to: nil) { ProcessorSet.allowed() } == allowed)
    }

    /// Does something on a thread of its own, whose binding ends with it.
    private func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value {
        let result = Mutex<Value?>(nil)
        let done = DispatchSemaphore(value: 0)
        Thread {
            let value = body()
            result.withLock { $0 = value }
            done.signal()
        }.start()
        done.wait()
        return result.withLock { $0! }
    }

    @Test func `keys are sorted, one to a line`() {
        let keys = Environment.capture().json.split(separator: "\n")
            .filter { $0.hasPrefix("  \"") }
            .compactMap { $0.split(separator: "\"").dropFirst().first }
        #expect(keys.count > 15)
        #expect(keys == keys.sorted { $0.lowercased() < $1.lowercased() })
    }

    @Test func `a program that is not there is no output`() {
        #expect(Command.output("no-such-program-here") == nil)
        #expect(Command.run(["no-such-program-here"])?.isMissing == true)
        #expect(
            Command.run(["sh", "-c", "echo out; echo err >&2"], withErrors: true)?.output
                == "out\nerr")
        #expect(Command.output("sh", "-c", "echo out; echo err >&2") == "out")
        #expect(Command.output("false") == nil)
    }
}
