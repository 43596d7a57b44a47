import Structures

/// What becomes of an operation.
struct Outcome {
    /// Why the structure refused it; nil where it did not.
    var refusal: StructureError?
    /// The checksum of what a read gave; 0 for an update.
    var answer: UInt32 = 0

    /// Compares what became of the operation at the nodes.
    ///
    /// - Returns: the end of a sentence that says what is wrong; nil where they agree.
    func fault(in record: UpdateRecord) -> String? {
        let expected = refusal.map { UpdateRecord.checksum(ofRefusal: "\($0)") } ?? 0
        guard record.refusal == expected else {
            guard let refusal else { return "was refused, the model takes it" }
            return "was \(record.isRefused ? "refused for another reason" : "not refused"), "
                + "the model refuses it: \(refusal)"
        }
        return record.answer == answer ? nil : "did not give what the model has"
    }
}

extension ModelStructure {
    /// Performs an operation.
    mutating func outcome(of operation: Operation) -> Outcome {
        do {
            if operation.kind.isRead {
                return Outcome(answer: UpdateRecord.checksum(ofAnswer: try read(operation)))
            }
            try apply(operation)
            return Outcome()
        } catch {
            return Outcome(refusal: error)
        }
    }
}

/// What structures answer. They must refuse exactly what the model refuses, for the same reason, and
/// give to a read what the model gives.
extension RunDriver {
    func checkAnswers(in batch: GroupBatch) throws {
        for (number, record) in batch.records.enumerated() where record.isComplete {
            guard let outcome = batch.outcomes[number], let fault = outcome.fault(in: record)
            else { continue }
            // Who acknowledges before it delivers cannot know of a refusal.
            if outcome.refusal != nil, !record.isRefused, acknowledgesBeforeDelivery { continue }
            let kind = batch.updates[number].kind
            guard let operation = batch.operation(number) else {
                throw RunError.invalid(
                    "update \(number + 1) of group \(batch.group + 1)'s warm-up \(fault)")
            }
            throw RunError.invalid(
                "\(kind.isRead ? "operation" : "update") \(operation) of group "
                    + "\(batch.group + 1) (\(kind.name)) \(fault)")
        }
    }

    var acknowledgesBeforeDelivery: Bool {
        mechanism.ordersUpdates && plan.replication.acknowledgement == .final
    }
}
