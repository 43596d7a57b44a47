import Structures

/// What structures refuse. They must refuse exactly what the model refuses, for the same reason.
extension RunDriver {
    /// Applies an update to the model and compares what became of it.
    ///
    /// - Parameter number: the update's, from 1.
    func apply(
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
