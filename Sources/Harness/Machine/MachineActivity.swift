import Foundation

/// What the kernel has counted so far of what goes on on the machine.
package struct MachineActivity: Sendable {
    /// In seconds of CPU time, over all CPUs.
    var busy: Double
    var idle: Double
    var stolen: Double
    /// What this program and its children that have ended have used of it.
    var own: Double
    /// Pages swapped in or out.
    var swappedPages: Int

    static func now() -> MachineActivity {
        let lines = KernelFile.lines("/proc/stat")
        let tick = Double(sysconf(Int32(_SC_CLK_TCK)))
        // user, nice, system, idle, iowait, irq, softirq, steal
        let times = (lines.first ?? "").split(separator: " ").dropFirst().prefix(8)
            .map { (Double($0) ?? 0) / tick }
        let time = { (index: Int) in index < times.count ? times[index] : 0 }
        let swapped = KernelFile.lines("/proc/vmstat")
            .filter { $0.hasPrefix("pswpin ") || $0.hasPrefix("pswpout ") }
            .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
        return MachineActivity(
            busy: time(0) + time(1) + time(2) + time(5) + time(6), idle: time(3) + time(4),
            stolen: time(7),
            own: used(by: RUSAGE_SELF.rawValue) + used(by: RUSAGE_CHILDREN.rawValue),
            swappedPages: swapped.reduce(0, +))
    }

    /// How the CPU time between two moments was shared.
    package struct Share: Codable, Sendable, Equatable {
        /// By programs other than this one and its nodes, of all CPUs' time.
        package var others: Double
        /// By the hypervisor, of all CPUs' time.
        package var stolen: Double
        /// In or out.
        package var swappedPages: Int
    }

    func share(until end: MachineActivity) -> Share {
        let busy = end.busy - self.busy
        let stolen = end.stolen - self.stolen
        let all = busy + stolen + end.idle - idle
        return Share(
            others: all > 0 ? max(0, busy - (end.own - own)) / all : 0,
            stolen: all > 0 ? max(0, stolen) / all : 0,
            swappedPages: end.swappedPages - swappedPages)
    }

    private static func used(by who: __rusage_who_t) -> Double {
        var usage = rusage()
        guard getrusage(who, &usage) == 0 else { return 0 }
        let seconds = { (time: timeval) in Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        return seconds(usage.ru_utime) + seconds(usage.ru_stime)
    }
}
