import Structures

/// What structures refuse. They must refuse exactly what the model refuses, for the same reason.
extension RunDriver {
    /// Applies updates to the model, from number `first` on, and compares what became of each.
    func apply(
        _ updates: some Collection<Operation>, _ records: some Collection<UpdateRecord>,
        of group: Int, from first: Int
    ) throws {
        for (offset, (update, record)) in zip(updates, records).enumerated() {
            try apply(update, record, of: group, number: first + offset + 1)
        }
    }

    /// - Parameter number: the update's, from 1.
    private func apply(
        _ operation: Operation, _ record: UpdateRecord, of group: Int, number: Int
    ) throws {
        var reason: StructureError?
        do {
            try models[group].apply(operation)
        } catch {
            reason = error
        }
        let expected = reason.map { UpdateRecord.checksum(ofRefusal: "\($0)") } ?? 0
        guard record.refusal != expected else { return }
        let update = "update \(number) of group \(group + 1) (\(operation.kind.name))"
        switch reason {
        case nil:
            throw RunError.invalid("\(update) was refused, the model takes it")
        case let reason?:
            throw RunError.invalid(
                "\(update) was \(record.isRefused ? "refused for another reason" : "not refused"), "
                    + "the model refuses it: \(reason)")
        }
    }

    /// No update of a warm-up may be refused.
    func checkWarmUp(_ records: [UpdateRecord], of group: Int) throws {
        guard let first = records.firstIndex(where: \.isRefused) else { return }
        throw RunError.invalid(
            "update \(first + 1) of group \(group + 1)'s warm-up was refused")
    }
}
