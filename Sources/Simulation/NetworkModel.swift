/// What a network and the machines on it take: the numbers behind a named model.
///
/// A message leaves when those before it have left its sender's interface, travels for the latency,
/// comes in when those before it have come in at the receiver, and is handled when the receiver has
/// time. On every link messages keep their order.
package struct NetworkModel: Sendable, Hashable, Codable {
    /// Which of the models this is.
    package var name: String
    /// From the sender's interface to the receiver's, one way, in nanoseconds.
    package var latencyNs: UInt64
    /// Up to so much is added to the latency of each message, drawn uniformly, in nanoseconds.
    package var jitterNs: UInt64
    /// What each node's interface moves in each direction, in bytes per second.
    package var bytesPerSecond: UInt64
    /// What a node takes for each message or notice that it hears, in nanoseconds.
    package var handlingNs: UInt64
    /// How fast a node computes a lost state from the bytes that came for it, in bytes per second:
    /// decoding in fusion, installing in replication.
    package var processedBytesPerSecond: UInt64
    /// From a node's end until its peers notice, beyond the latency, in nanoseconds.
    package var detectionNs: UInt64
    /// From the order to start a node until it can be reached, in nanoseconds.
    package var startNs: UInt64

    package init(
        name: String, latencyNs: UInt64, jitterNs: UInt64, bytesPerSecond: UInt64,
        handlingNs: UInt64, processedBytesPerSecond: UInt64, detectionNs: UInt64, startNs: UInt64
    ) {
        self.name = name
        self.latencyNs = latencyNs
        self.jitterNs = jitterNs
        self.bytesPerSecond = bytesPerSecond
        self.handlingNs = handlingNs
        self.processedBytesPerSecond = processedBytesPerSecond
        self.detectionNs = detectionNs
        self.startNs = startNs
    }
}

extension NetworkModel {
    /// Machines of one rack: a switch between them, 10 Gbit/s each.
    package static let rack = NetworkModel(
        name: "rack", latencyNs: 25_000, jitterNs: 5_000, bytesPerSecond: 1_250_000_000,
        handlingNs: 2_000, processedBytesPerSecond: 5_000_000_000, detectionNs: 1_000_000,
        startNs: 5_000_000)

    /// Data centres of one region: a millisecond there and back, 10 Gbit/s each.
    package static let region = NetworkModel(
        name: "region", latencyNs: 500_000, jitterNs: 50_000, bytesPerSecond: 1_250_000_000,
        handlingNs: 2_000, processedBytesPerSecond: 5_000_000_000, detectionNs: 10_000_000,
        startNs: 5_000_000)

    /// A wide-area network between continents: 80 ms there and back, 1 Gbit/s each.
    package static let wan = NetworkModel(
        name: "wan", latencyNs: 40_000_000, jitterNs: 2_000_000, bytesPerSecond: 125_000_000,
        handlingNs: 2_000, processedBytesPerSecond: 5_000_000_000, detectionNs: 1_000_000_000,
        startNs: 5_000_000)

    /// All models that have a name.
    package static let named = [rack, region, wan]

    /// How long so many bytes take at a rate, in nanoseconds, rounded up.
    static func nanoseconds(for bytes: Int, at bytesPerSecond: UInt64) -> UInt64 {
        let (high, low) = UInt64(bytes).multipliedFullWidth(by: 1_000_000_000)
        let (quotient, rest) = bytesPerSecond.dividingFullWidth((high, low))
        return quotient + (rest > 0 ? 1 : 0)
    }
}
