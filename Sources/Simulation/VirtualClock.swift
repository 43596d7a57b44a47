/// The time that passes in a simulation: it jumps from one thing that happens to the next.
package final class VirtualClock {
    /// Nanoseconds; the simulation begins at 1 s, since a moment of 0 means none to some.
    package internal(set) var now: UInt64 = 1_000_000_000

    package init() {}
}
