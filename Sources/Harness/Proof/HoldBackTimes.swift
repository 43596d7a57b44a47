/// How long updates were held back, each at the member that held it back the longest.
struct HoldBackTimes {
    private let times: [Delivery.ID: UInt32]

    /// - Parameter order: one group's deliveries, as `DeliveryOrder.check` gives them.
    init(of order: [Delivery]) {
        times = Dictionary(uniqueKeysWithValues: order.lazy.map { ($0.id, $0.heldBackNs) })
    }

    /// Nanoseconds, for `UpdateRow.holdbackNs`; nil where the update was not delivered.
    subscript(update: Delivery.ID) -> Int? { times[update].map(Int.init) }
}
