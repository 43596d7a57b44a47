import Structures

/// What becomes of an operation.
struct Outcome {
    /// Why the structure refused it; nil where it did not.
    var refusal: StructureError?

    /// Compares what became of the operation at the nodes.
    ///
    /// - Returns: the end of a sentence that says what is wrong; nil where they agree.
    func fault(in record: UpdateRecord) -> String? {
        let expected = refusal.map { UpdateRecord.checksum(ofRefusal: "\($0)") } ?? 0
        guard record.refusal != expected else { return nil }
        guard let refusal else { return "was refused, the model takes it" }
        return "was \(record.isRefused ? "refused for another reason" : "not refused"), "
            + "the model refuses it: \(refusal)"
    }
}

extension ModelStructure {
    /// Performs an operation.
    mutating func outcome(of operation: Operation) -> Outcome {
        do {
            try apply(operation)
            return Outcome()
        } catch {
            return Outcome(refusal: error)
        }
    }
}

/// What structures answer. They must refuse exactly what the model refuses, for the same reason.
extension RunDriver {
    func checkAnswers(in batch: GroupBatch) throws {
        for (number, record) in batch.records.enumerated() where record.isComplete {
            guard let fault = batch.outcomes[number]?.fault(in: record) else { continue }
            guard let operation = batch.operation(number) else {
                throw RunError.invalid(
                    "update \(number + 1) of group \(batch.group + 1)'s warm-up \(fault)")
            }
            throw RunError.invalid(
                "update \(operation) of group \(batch.group + 1) "
                    + "(\(batch.updates[number].kind.name)) \(fault)")
        }
    }
}
