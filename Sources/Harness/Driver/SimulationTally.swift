import Simulation
import Transport

/// What the simulated runs of an experiment took, and what tells them from other ones.
package struct SimulationTally: Sendable, Equatable {
    /// Messages that nodes heard, those of and for the driver excluded.
    package private(set) var messages = 0
    /// Real nanoseconds, with the harness's own work and its proofs.
    package private(set) var elapsedNs: UInt64 = 0
    /// Differs when anything differs in what nodes heard, when, or in which order.
    package private(set) var traceDigest: UInt64 = 0

    mutating func add(_ network: VirtualNetwork, since started: UInt64) {
        messages += network.heardMessages
        elapsedNs += MonotonicClock.now() - started
        traceDigest = SplitMix64(seed: traceDigest)[network.traceDigest]
    }
}

extension SimulationTally: CustomStringConvertible {
    /// For example "120000 messages in 0.4 s, 300000 a second; trace 0123456789abcdef".
    package var description: String {
        let seconds = Double(elapsedNs) / 1e9
        let rate = seconds > 0 ? Int(Double(messages) / seconds) : 0
        let digits = String(traceDigest, radix: 16)
        return
            "\(messages) messages in \((seconds * 10).rounded() / 10) s, \(rate) a second; trace "
            + String(repeating: "0", count: 16 - digits.count) + digits
    }
}
