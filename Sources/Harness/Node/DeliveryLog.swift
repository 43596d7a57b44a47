import Roles
import Transport

/// What a node has delivered since the driver last asked, in its order. An entry takes 16 bytes and,
/// where nothing was held back, a few nanoseconds.
struct DeliveryLog {
    private var deliveries: [Delivery] = []
    /// When the places of updates that are held back became known, on the monotonic clock.
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
    mutating func hold(_ update: Delivery) { held[Key(update)] = MonotonicClock.now() }

    /// An update is delivered.
    mutating func append(_ update: Delivery) {
        var update = update
        if !held.isEmpty, let since = held.removeValue(forKey: Key(update)) {
            update.heldBackNs = UInt32(clamping: MonotonicClock.now() - since)
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
