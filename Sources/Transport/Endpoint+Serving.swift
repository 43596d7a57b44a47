import Roles

extension Endpoint {
    /// Serves a host whose endpoint this is until it is asked to stop, or until `lifeline` can be read
    /// or is at its end: who started this node holds the other end of it.
    ///
    /// - Throws: `ZeroMQError` when the transport fails.
    package func serve(_ host: RoleHost, lifeline: Int32?) throws {
        // A burst is cut so that a busy node still notices lost peers and its lifeline.
        let burst = 256
        let descriptors = lifeline.map { [$0] } ?? []
        while !host.isStopped {
            var taken = 0
            while taken < burst, !host.isStopped, let event = try next() {
                host.take(event)
                taken += 1
            }
            if host.needsIdle { host.deliver(.idle) }
            try host.checkEndpoint()
            guard !host.isStopped else { return }
            // Where nobody has to answer, being idle ends updates and begins others.
            let isBusy = taken == burst || host.needsIdle
            let ready = try wait(for: descriptors, timeout: isBusy ? 0 : -1)
            if ready.contains(true) { return }
        }
    }
}
