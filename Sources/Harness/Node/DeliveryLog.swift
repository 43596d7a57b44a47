import Roles

/// What a node has delivered since the driver last asked, in its order. An entry takes 16 bytes and,
/// where nothing was held back, a few nanoseconds.
struct DeliveryLog {
    private var deliveries: [Delivery] = []
    /// When the places of updates that are held back became known, on the node's clock.
    private var held: [Key: UInt64] = [:]

    private struct Key: Hashable {
        var group: Int
        var id: Delivery.ID

        init(_ update: Delivery) {
            group = update.group
            id = update.id
        }
    }

    /// An update's place is known, and earlier ones are still to come.
    ///
    /// - Parameter moment: on the node's clock.
    mutating func hold(_ update: Delivery, at moment: UInt64) { held[Key(update)] = moment }

    /// An update is delivered.
    ///
    /// - Parameter now: the node's clock, which is looked at only where the update was held back.
    mutating func append(_ update: Delivery, now: () -> UInt64) {
        var update = update
        if !held.isEmpty, let since = held.removeValue(forKey: Key(update)) {
            update.heldBackNs = UInt32(clamping: now() - since)
        }
        deliveries.append(update)
    }

    /// Takes all entries out; `read` reads them.
    mutating func handOver() -> Body {
        defer { deliveries = [] }
        return deliveries.withUnsafeBytes { Body(copying: Array($0)) }
    }

    /// Reads what another node handed over, or nil where the bytes are no whole entries.
    static func read(_ body: Body?) -> [Delivery]? {
        guard let bytes = body?.bytes else { return [] }
        let size = MemoryLayout<Delivery>.stride
        guard bytes.count.isMultiple(of: size) else { return nil }
        return stride(from: 0, to: bytes.count, by: size).map {
            bytes.loadUnaligned(fromByteOffset: $0, as: Delivery.self)
        }
    }
}
