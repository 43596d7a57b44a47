import Glibc

/// The clock of every measurement: CLOCK_MONOTONIC, which all processes of a machine share.
package enum MonotonicClock {
    /// Nanoseconds since some moment before the machine's processes started.
    package static func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
