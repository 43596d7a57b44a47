import CZeroMQ
import Roles

extension Endpoint {
    /// Serves a host whose endpoint this is until it is asked to stop, or until `lifeline` can be read
    /// or is at its end: who started this node holds the other end of it.
    ///
    /// Waking up takes some 15 to 45 µs, so that the last part before an alarm is not slept through but
    /// spent looking.
    ///
    /// - Throws: `ZeroMQError` when the transport fails.
    package func serve(_ host: RoleHost, lifeline: Int32?) throws {
        // A burst is cut so that a busy node still notices lost peers and its lifeline.
        let burst = 256
        set_timer_slack(1)
        let descriptors = lifeline.map { [$0] } ?? []
        while !host.isStopped {
            var taken = 0
            while taken < burst, !host.isStopped, let event = try next() {
                host.take(event)
                taken += 1
            }
            if takeAlarm() { host.take(.alarm) }
            if host.needsIdle { host.deliver(.idle) }
            try host.checkEndpoint()
            guard !host.isStopped else { return }
            // Where nobody has to answer, being idle ends updates and begins others.
            let isBusy = taken == burst || host.needsIdle
            let ready = try wait(for: descriptors, atMost: isBusy ? 0 : sleepBeforeAlarm)
            if ready.contains(true) { return }
        }
    }

    /// Nanoseconds that may be slept without missing the alarm; nil where none is set.
    private var sleepBeforeAlarm: UInt64? {
        guard let alarm else { return nil }
        let awake = MonotonicClock.now() + 50_000
        return alarm > awake ? alarm - awake : 0
    }
}
