import Roles

extension RunPlan {
    /// What the run's structures hold when its nodes begin; nil for nothing.
    var contents: InitialContents? {
        guard workload.preload > 0 else { return nil }
        return InitialContents { group in
            var trace = Trace(plan: self, group: group)
            return (0..<workload.preload).map { _ in trace.next() }
        }
    }
}
