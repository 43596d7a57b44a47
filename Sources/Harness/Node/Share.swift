/// Which of a batch's updates one of the group's initiators performs. Together the shares of all
/// initiators are the batch.
struct Share: Codable, Equatable {
    /// The initiator's place among the group's, from 0.
    var place: Int
    /// How many initiators the group has.
    var initiators: Int

    /// The numbers of its updates in the batch, from 0, in their order.
    ///
    /// Updates of the trace go round. Of a warm-up, what adds and what removes it stay together, and
    /// all pairs of one key: then no update is refused, whatever comes of others in between.
    ///
    /// - Parameter plan: the run, or the part of it that the group is in.
    func numbers(of batch: ControlMessage.Batch, in plan: RunPlan) -> [Int] {
        switch batch {
        case .trace(_, let count):
            return Array(stride(from: place, to: count, by: initiators))
        case .warmUp(let pairs):
            let keys = Trace.warmUpKeys(of: plan)
            return (0..<pairs).filter { $0 % keys % initiators == place }
                .flatMap { [2 * $0, 2 * $0 + 1] }
        }
    }
}
