import Structures

/// What structures answer. They must refuse exactly what the model refuses, for the same reason, and
/// give to a read what the model gives.
extension RunDriver {
    /// Applies operations to the model, from number `first` on, and compares what became of each.
    func apply(
        _ operations: some Collection<Operation>, _ records: some Collection<UpdateRecord>,
        of group: Int, from first: Int
    ) throws {
        for (offset, (operation, record)) in zip(operations, records).enumerated() {
            guard let fault = models[group].fault(in: record, of: operation) else { continue }
            throw RunError.invalid(
                "\(operation.kind.isRead ? "operation" : "update") \(first + offset + 1) of group "
                    + "\(group + 1) (\(operation.kind.name)) \(fault)")
        }
    }

    /// No update of a warm-up may be refused.
    func checkWarmUp(_ records: [UpdateRecord], of group: Int) throws {
        guard let first = records.firstIndex(where: \.isRefused) else { return }
        throw RunError.invalid(
            "update \(first + 1) of group \(group + 1)'s warm-up was refused")
    }
}

extension ModelStructure {
    /// Performs an operation, and compares what became of it at the nodes with what becomes of it
    /// here.
    ///
    /// - Returns: the end of a sentence that says what is wrong; nil where they agree.
    mutating func fault(in record: UpdateRecord, of operation: Operation) -> String? {
        var answer: UInt32 = 0
        var reason: StructureError?
        do {
            if operation.kind.isRead {
                answer = UpdateRecord.checksum(ofAnswer: try read(operation))
            } else {
                try apply(operation)
            }
        } catch {
            reason = error
        }
        guard record.refusal == reason.map({ UpdateRecord.checksum(ofRefusal: "\($0)") }) ?? 0
        else {
            guard let reason else { return "was refused, the model takes it" }
            return "was \(record.isRefused ? "refused for another reason" : "not refused"), "
                + "the model refuses it: \(reason)"
        }
        return record.answer == answer ? nil : "did not give what the model has"
    }
}
